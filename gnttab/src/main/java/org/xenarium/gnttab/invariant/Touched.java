package org.xenarium.gnttab.invariant;

import java.util.Arrays;

/** Things that have been touched and are to be looked at, each once or a few times. */
final class Touched {
  /** What kind of thing. */
  static final int ENTRY = 0;

  static final int HANDLE = 1;
  static final int GFN = 2;
  static final int FRAME = 3;

  /** How many of the last things are compared to keep one from being listed twice. */
  private static final int RECENT = 12;

  private static final int KIND_SHIFT = 60;
  private static final int SLOT_SHIFT = 44;
  private static final long ID = (1L << SLOT_SHIFT) - 1;

  private final int most;
  private long[] keys = new long[32];
  private int count;
  private boolean everything;

  /** A list of not more than {@code most} things; beyond that it only says "everything". */
  Touched(int most) {
    this.most = most;
  }

  Touched copy() {
    Touched copy = new Touched(most);
    copy.keys = keys.clone();
    copy.count = count;
    copy.everything = everything;
    return copy;
  }

  void add(int kind, int slot, long id) {
    add((long) kind << KIND_SHIFT | (long) slot << SLOT_SHIFT | (id & ID));
  }

  void add(long key) {
    for (int i = count - 1; i >= Math.max(0, count - RECENT); i--) {
      if (keys[i] == key) {
        return;
      }
    }
    if (count == most) {
      everything = true;
      return;
    }
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, Math.min(most, 2 * count));
    }
    keys[count++] = key;
  }

  void addAll(Touched others) {
    for (int i = 0; i < others.count; i++) {
      add(others.keys[i]);
    }
    everything |= others.everything;
  }

  /** True when so much was touched that everything is to be looked at. */
  boolean everything() {
    return everything;
  }

  int count() {
    return count;
  }

  int kind(int i) {
    return (int) (keys[i] >>> KIND_SHIFT);
  }

  /** The slot of the domain. */
  int slot(int i) {
    return (int) (keys[i] >>> SLOT_SHIFT) & 0xffff;
  }

  long id(int i) {
    return keys[i] & ID;
  }

  void clear() {
    count = 0;
    everything = false;
  }
}
