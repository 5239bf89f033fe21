package org.xenarium.gnttab.invariant;

/**
 * An invariant that does not hold: a mistake of the hypervisor, never of a guest.
 *
 * @param invariant which one
 * @param place where
 * @param message what was found, and what was expected
 */
public record Violation(Invariant invariant, Place place, String message) {
  @Override
  public String toString() {
    return invariant.id() + " is violated at " + place + ": " + message + " (" + invariant.statement() + ")";
  }
}
