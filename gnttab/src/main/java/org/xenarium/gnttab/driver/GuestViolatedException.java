package org.xenarium.gnttab.driver;

/** Thrown at the step after which an invariant of guests does not hold. */
public final class GuestViolatedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient GuestViolation violation;

  public GuestViolatedException(GuestViolation violation) {
    super(violation.toString());
    this.violation = violation;
  }

  public GuestViolation violation() {
    return violation;
  }
}
