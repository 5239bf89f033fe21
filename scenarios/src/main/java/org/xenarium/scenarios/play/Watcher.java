package org.xenarium.scenarios.play;

import java.util.List;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.scenarios.script.Step;

/** Told what happens while a scenario is played, in order. It watches only. */
public interface Watcher {
  /** Watches nothing. */
  Watcher NONE = new Watcher() {};

  /**
   * A step begins.
   *
   * @param nanos virtual time
   * @param index of the step in the scenario
   */
  default void begins(long nanos, int index, Step step) {}

  /**
   * A step has come to an end.
   *
   * @param text the step, for people
   * @param results what it gave back, for people
   * @param rules what decided it, in order
   */
  default void ends(long nanos, int index, Step step, String text, String results, List<Rule> rules) {}

  /** A step cannot go on until somebody else does something. */
  default void waits(long nanos, int index, Step step, String text) {}
}
