package org.xenarium.scenarios.vocabulary;

import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;

/** Told what happens in a {@link Run}. It watches only. */
public interface RunWatcher {
  /**
   * An actor begins a call.
   *
   * @param pace how many steps it takes before it has to be told to go on, or {@link Run#TO_THE_END}
   */
  default void begins(int actor, Call call, int pace) {}

  /** An actor goes on with its call. */
  default void goesOn(int actor, int pace) {}

  /**
   * A call that was to go on to its end cannot for the time being.
   *
   * @param stuck whether its vCPU never comes back
   */
  default void waits(int actor, boolean stuck) {}

  /** A call is over. */
  default void ended(int actor, Call call, Progress progress) {}

  /** Something is done to a domain from outside. */
  default void outside(Operation operation, long... numbers) {}

  /** A move has been made. */
  default void played() {}

  /** All moves have been made, and everything has ended that could. */
  default void finished() {}
}
