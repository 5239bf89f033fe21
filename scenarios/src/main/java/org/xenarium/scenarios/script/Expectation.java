package org.xenarium.scenarios.script;

import java.util.Locale;
import java.util.Optional;

/** What a step is expected to do. */
public sealed interface Expectation {
  /** Where it stands. */
  Place place();

  /**
   * A result has a value.
   *
   * @param field as the scenario calls it, such as {@code status}
   * @param element of the batch
   * @param type what kind of number it is
   */
  record Equals(Place place, String field, int element, int column, FieldType type, Value value) implements Expectation {}

  /**
   * A rule has decided.
   *
   * @param element of the batch; -1 where any will do
   */
  record DecidedBy(Place place, int element, String rule) implements Expectation {}

  /**
   * It takes a time, which counts in whole units of what it is written in: {@code 10ms} is anything from 10 to below 11 ms.
   *
   * @param text as it is written
   * @param nanos the least virtual nanoseconds
   * @param unit nanoseconds of the unit
   */
  record Takes(Place place, String text, long nanos, long unit) implements Expectation {
    /** Is that time meant? */
    public boolean includes(long took) {
      return took >= nanos && took - nanos < unit;
    }
  }

  /** It ends with an abort; at that address, if one is given. */
  record Faults(Place place, Optional<Value> address) implements Expectation {}

  /** It ends, or does not end, otherwise than by coming back with results. */
  record Ends(Place place, How how, boolean really) implements Expectation {}

  /** Ways not to come back. */
  enum How {
    /** It waits for somebody else, at least for a while. */
    BLOCKS,
    /** The vCPU executes one instruction for ever. */
    HANGS,
    /** The guest panics. */
    PANICS;

    String spelling() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
