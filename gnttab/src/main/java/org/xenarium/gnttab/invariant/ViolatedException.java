package org.xenarium.gnttab.invariant;

/** Thrown at the step after which an invariant does not hold. */
public final class ViolatedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Violation violation;

  public ViolatedException(Violation violation) {
    super(violation.toString());
    this.violation = violation;
  }

  public Violation violation() {
    return violation;
  }
}
