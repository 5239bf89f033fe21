package org.xenarium.gnttab.model;

/** Thrown at the step after which a machine and the model differ. */
public final class DifferentException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Difference difference;

  public DifferentException(Difference difference) {
    super(difference.toString());
    this.difference = difference;
  }

  public Difference difference() {
    return difference;
  }
}
