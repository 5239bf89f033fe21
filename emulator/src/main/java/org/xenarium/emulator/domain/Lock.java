package org.xenarium.emulator.domain;

/**
 * A lock that an operation in flight holds, or that its next step needs, as one number: a domain's table for reading and one entry of it, or
 * the whole table for writing (spec §8.1). Locks exist only as this question; nothing is ever acquired or queued.
 */
public final class Lock {
  /** No lock. */
  public static final long NONE = 0;

  private static final long PRESENT = 1L << 63;
  private static final long WHOLE = 1L << 62;

  private Lock() {}

  /** Entry {@code ref} of the table of the domain with that {@link Domain#incarnation}, and with it the table for reading. */
  public static long entry(int incarnation, int ref) {
    return PRESENT | ((long) incarnation << 32) | (ref & 0xffff_ffffL);
  }

  /** The domain's whole table, for writing. */
  public static long table(int incarnation) {
    return PRESENT | WHOLE | (long) incarnation << 32;
  }

  /** True for the lock of a single entry. */
  public static boolean isEntry(long lock) {
    return lock != NONE && (lock & WHOLE) == 0;
  }

  /** The incarnation of the domain whose table a lock is of. */
  public static int incarnation(long lock) {
    return (int) (lock >>> 32) & 0xff_ffff;
  }

  /** The entry that the lock of an entry is of. */
  public static int ref(long lock) {
    return (int) lock;
  }

  /** True when one holder keeps the other waiting. */
  public static boolean conflict(long a, long b) {
    if (a == NONE || b == NONE || ((a ^ b) & 0xff_ffff_0000_0000L) != 0) {
      return false;
    }
    return ((a | b) & WHOLE) != 0 || (int) a == (int) b;
  }
}
