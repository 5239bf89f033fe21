package org.xenarium.emulator.state;

import java.util.Arrays;

/**
 * Which bytes of which stores were written, in order, since it was last emptied. Whoever looks at a machine after every step finds here what
 * the step has touched, whoever wrote it and however wrong; a store without a journal pays one comparison for each write.
 */
public final class Journal {
  /** How something was written; the routines of the hypervisor and of guests keep to the uses given here. */
  public enum How {
    /** One number, by one of the setters: table entries, records, a guest's aligned stores. */
    SET,
    /** Bytes from outside: what goes to a hypercall buffer. */
    WRITE,
    /** Bytes from another place of the same store: a grant copy. */
    MOVE,
    /** One value over and over: zeroing. */
    FILL
  }

  private static final How[] HOWS = How.values();
  private static final int HOW_BITS = 2;
  private static final int STORE_BITS = 30;

  private long[] starts = new long[64];
  private long[] lengths = new long[64];
  private long[] kinds = new long[64];
  private int count;

  /** How many writes it holds. */
  public int count() {
    return count;
  }

  /** The number under which the store of the {@code i}-th write was given this journal. */
  public int store(int i) {
    return (int) (kinds[i] >>> HOW_BITS);
  }

  public How how(int i) {
    return HOWS[(int) kinds[i] & ((1 << HOW_BITS) - 1)];
  }

  /** Where the {@code i}-th write began. */
  public long start(int i) {
    return starts[i];
  }

  /** How many bytes the {@code i}-th write changed, equal ones included. */
  public long length(int i) {
    return lengths[i];
  }

  /** Forgets all writes. */
  public void clear() {
    count = 0;
  }

  void add(int store, How how, long start, long length) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
      kinds = Arrays.copyOf(kinds, 2 * count);
    }
    starts[count] = start;
    lengths[count] = length;
    kinds[count++] = (store & ((1L << STORE_BITS) - 1)) << HOW_BITS | how.ordinal();
  }
}
