package org.xenarium.scenarios.replay;

import java.util.List;
import java.util.function.Supplier;

/** Told about every operation that was played. */
@FunctionalInterface
public interface Listener {
  Listener NONE = (line, operation, decisions) -> {};

  /**
   * An operation was played.
   *
   * @param line in the file, from 1
   * @param operation what was asked; renders itself only when asked to
   * @param decisions the rules that decided it, collected only when asked for
   */
  void played(int line, Object operation, Supplier<List<Decision>> decisions);
}
