package org.xenarium.gnttab.table;

import org.xenarium.emulator.state.SparseBytes;

/**
 * The hypervisor's private view of a table's entries: who has what pinned (spec §0). An entry whose pin word is 0 means nothing and is kept
 * all zero.
 */
public final class ActiveEntries {
  // Two words: the pin word in bits 31:0 and the domid in bits 47:32, then the mfn.
  private static final int ENTRY_SHIFT = 4;
  private static final int DOMID_SHIFT = 32;
  private static final int MFN = 8;

  private final SparseBytes bytes;

  ActiveEntries() {
    this(new SparseBytes());
  }

  private ActiveEntries(SparseBytes bytes) {
    this.bytes = bytes;
  }

  ActiveEntries copy() {
    return new ActiveEntries(bytes.copy());
  }

  long digest() {
    return bytes.digest();
  }

  void freeze() {
    bytes.seal();
  }

  /** The pin word of an entry, see {@link Pins}. */
  public int pin(int ref) {
    return bytes.getInt(at(ref));
  }

  /** Whose pins they are. */
  public int domid(int ref) {
    return (int) (bytes.getLong(at(ref)) >>> DOMID_SHIFT);
  }

  /** The frame that is pinned. */
  public long mfn(int ref) {
    return bytes.getLong(at(ref) + MFN);
  }

  /** Another pin on an entry that is pinned already. */
  public void increment(int ref, boolean readonly) {
    bytes.setInt(at(ref), Pins.increment(pin(ref), readonly));
  }

  /** The first pin of an entry. */
  public void pinFirst(int ref, boolean readonly, int domid, long mfn) {
    long at = at(ref);
    bytes.setLong(at, Pins.increment(0, readonly) | (long) domid << DOMID_SHIFT);
    bytes.setLong(at + MFN, mfn);
  }

  /** Takes a pin away; with the last one the entry is forgotten. Returns the pin word left. */
  public int decrement(int ref, boolean readonly) {
    long at = at(ref);
    int pin = Pins.decrement(bytes.getInt(at), readonly);
    if (pin == 0) {
      bytes.setLong(at, 0);
      bytes.setLong(at + MFN, 0);
    } else {
      bytes.setInt(at, pin);
    }
    return pin;
  }

  /** The first reference at or after {@code ref} that is pinned, or -1. */
  public long nextPinned(long ref) {
    for (long at = ref << ENTRY_SHIFT; ; at += 1 << ENTRY_SHIFT) {
      long stored = bytes.nextStored(at);
      if (stored < 0) {
        return -1;
      }
      at = Math.max(at, stored);
      if (bytes.getInt(at) != 0) {
        return at >>> ENTRY_SHIFT;
      }
    }
  }

  private static long at(int ref) {
    return (ref & 0xffff_ffffL) << ENTRY_SHIFT;
  }
}
