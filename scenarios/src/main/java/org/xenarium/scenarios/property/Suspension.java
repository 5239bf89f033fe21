package org.xenarium.scenarios.property;

/** Takes a driver's call out of its code when it has made its step. As it is no exception, hardly any driver catches it. */
final class Suspension extends Error {
  private static final long serialVersionUID = 1;

  Suspension() {
    super("left until the next step", null, false, false);
  }
}
