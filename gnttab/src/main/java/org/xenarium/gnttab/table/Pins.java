package org.xenarium.gnttab.table;

import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Semantics;

/**
 * The word of four pin counters of an active entry (spec §3.1). On Arm only the two host counters are ever used; a request for writing counts
 * in one, a request for reading in the other.
 */
public final class Pins {
  /** How high a counter may count. */
  public static final int LIMIT = 128;

  private static final int WRITE_SHIFT = 0;
  private static final int READ_SHIFT = 8;
  private static final int COUNTER = 0xff;
  private static final int WRITE_MASK = 0x00ff_00ff;

  /** The bit of each counter that says {@link #LIMIT}. */
  private static final int FULL = 0x8080_8080;

  private Pins() {}

  /** Is the counter that a request of this kind increments full? Before V13, is any? */
  public static boolean isFull(int pin, boolean readonly, Semantics semantics) {
    int full = pin & FULL;
    return full != 0 && ((full >>> shift(readonly) & COUNTER) != 0 || !semantics.has(Difference.ONE_COUNTER_FULL));
  }

  public static int increment(int pin, boolean readonly) {
    return pin + (1 << shift(readonly));
  }

  public static int decrement(int pin, boolean readonly) {
    return pin - (1 << shift(readonly));
  }

  public static boolean isWritePinned(int pin) {
    return (pin & WRITE_MASK) != 0;
  }

  public static int hostWrites(int pin) {
    return pin >>> WRITE_SHIFT & COUNTER;
  }

  public static int hostReads(int pin) {
    return pin >>> READ_SHIFT & COUNTER;
  }

  private static int shift(boolean readonly) {
    return readonly ? READ_SHIFT : WRITE_SHIFT;
  }
}
