package org.xenarium.scenarios.property;

/** The code of a driver has failed, as opposed to what it drives. */
public final class DriverBrokenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DriverBrokenException(String message) {
    super(message);
  }

  DriverBrokenException(String message, RuntimeException cause) {
    super(message, cause);
  }
}
