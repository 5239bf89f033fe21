package org.xenarium.scenarios.script;

/**
 * Where something stands in a scenario file.
 *
 * @param line from 1; 0 for what was not read from a file
 * @param column from 1, counted in characters
 */
public record Place(int line, int column) implements Comparable<Place> {
  /** Of scenarios that were made by a program. */
  public static final Place NOWHERE = new Place(0, 0);

  @Override
  public int compareTo(Place other) {
    return line != other.line ? Integer.compare(line, other.line) : Integer.compare(column, other.column);
  }

  @Override
  public String toString() {
    return line + ":" + column;
  }
}
