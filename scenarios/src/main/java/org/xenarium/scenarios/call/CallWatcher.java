package org.xenarium.scenarios.call;

import org.xenarium.scenarios.script.Progress;

/** Told of the calls of guests while they are played. It watches only. */
public interface CallWatcher {
  /** A call begins; nothing of it is done yet. */
  default void begins(GuestCall call) {}

  /** A call is over. One whose guest is gone or waits for ever never is. */
  default void ended(GuestCall call, Progress progress) {}

  /** Something is done to a domain from outside. */
  default void outside() {}
}
