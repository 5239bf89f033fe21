package org.xenarium.gnttab.driver;

/**
 * An invariant of guests that does not hold: a mistake of a driver, or of who calls it.
 *
 * @param invariant which one
 * @param domid the guest
 * @param message what was found
 */
public record GuestViolation(GuestInvariant invariant, int domid, String message) {
  @Override
  public String toString() {
    return invariant.id() + " is violated by domain " + domid + ": " + message + " (" + invariant.statement() + ")";
  }
}
