package org.xenarium.gnttab.invariant;

/**
 * A rule of discipline that a guest has broken.
 *
 * @param rule which one
 * @param domid the guest
 * @param place where
 * @param message by which call, and what it did
 * @param hasEffect true when it makes invariants void, see {@link Discipline#makesVoid}
 */
public record Indiscipline(Discipline rule, int domid, Place place, String message, boolean hasEffect) {
  @Override
  public String toString() {
    return "domain " + domid + " breaks " + rule.id() + " at " + place + ": " + message;
  }
}
