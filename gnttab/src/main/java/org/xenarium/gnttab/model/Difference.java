package org.xenarium.gnttab.model;

/**
 * Something is not as the model has it.
 *
 * @param after what happened last
 * @param path what differs, such as {@code domains/2/reach/0x40010}
 * @param expected what the model has there
 * @param actual what is there
 */
public record Difference(String after, String path, String expected, String actual) {
  /** The path and its two values, below each other. */
  @Override
  public String toString() {
    return after + "\n" + path + "\n- " + expected + "\n+ " + actual;
  }
}
