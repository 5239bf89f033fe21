package org.xenarium.gnttab.driver;

/** A guest uses a call that its driver does not have, so that it could not even be linked. */
public final class NoSuchCallException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Names the call and says why it does not exist. */
  public NoSuchCallException(String call, String why) {
    super(call + " does not exist " + why);
  }
}
