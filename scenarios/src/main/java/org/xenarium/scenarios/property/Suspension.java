package org.xenarium.scenarios.property;

/** Takes a driver's call out of its code when it has made its step. No driver catches it, as it is no exception. */
final class Suspension extends Error {
  private static final long serialVersionUID = 1;

  Suspension() {
    super("left until the next step", null, false, false);
  }
}
