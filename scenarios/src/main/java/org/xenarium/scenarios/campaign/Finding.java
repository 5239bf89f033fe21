package org.xenarium.scenarios.campaign;

/**
 * Something that does not hold.
 *
 * @param property whose property it is
 * @param what number of the invariant, or another short name of what does not hold: two findings with the same are of the same reason
 * @param message what was found, and what was expected
 */
public record Finding(String property, String what, String message) {
  /** Whether it is of the same reason as another one. */
  public boolean isLike(Finding other) {
    return property.equals(other.property) && what.equals(other.what);
  }

  @Override
  public String toString() {
    return property + ": " + message;
  }
}
