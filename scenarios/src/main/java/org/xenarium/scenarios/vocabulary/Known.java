package org.xenarium.scenarios.vocabulary;

/**
 * A number that a guest knows.
 *
 * @param step of the run that gave it back; -1 if nobody did, so that a scenario writes the number itself
 * @param column of that step's results, see {@link org.xenarium.scenarios.script.Column}
 */
public record Known(long value, int step, int column) {
  /** A number that is nobody's result. */
  public static Known number(long value) {
    return new Known(value, -1, 0);
  }

  int as32() {
    return (int) value;
  }
}
