package org.xenarium.gnttab.table;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Journal;
import org.xenarium.emulator.state.SparseBytes;

/**
 * The hypervisor's private view of a table's entries: who has what pinned (spec §0). An entry whose pin word is 0 means nothing and is kept
 * all zero.
 */
public final class ActiveEntries {
  // Four words: the pin word in bits 31:0 and the domid in bits 47:32; the mfn; and, only of a part of a page, its start in bits 15:0, its
  // length in 31:16, a mark in bit 32 and the domain whose page it is in 63:48; the reference by which that domain granted it.
  private static final int ENTRY_SHIFT = 5;
  private static final long PIN = 0xffff_ffffL;
  private static final int DOMID_SHIFT = 32;
  private static final int MFN = 8;
  private static final int PART = 16;
  private static final int SOURCE_REF = 24;
  private static final int LENGTH_SHIFT = 16;
  private static final long IS_PART = 1L << 32;
  private static final int SOURCE_SHIFT = 48;

  /** Bits of the start of a part that are kept. */
  public static final int START_MASK = 0x7fff;

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

  void record(@Nullable Journal journal, int as) {
    bytes.record(journal, as);
  }

  /** The entry whose bytes begin at or contain {@code at} of the store of entries, as a journal gives it. */
  public static int refOf(long at) {
    return (int) (at >>> ENTRY_SHIFT);
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

  /** True for a part of a page, or a page granted on: it can be copied from or to, not mapped. Version 2 only. */
  public boolean isPart(int ref) {
    return bytes.getLong(at(ref) + PART) != 0;
  }

  /** Is that very part pinned, by that grant? */
  public boolean isPart(int ref, int start, int length, int sourceDomid, int sourceRef) {
    return isPart(ref)
        && start(ref) == start
        && length(ref) == length
        && sourceDomid(ref) == sourceDomid
        && sourceRef(ref) == sourceRef;
  }

  /** Where in its page the pinned part begins; 0 of a whole page. */
  public int start(int ref) {
    return (int) bytes.getLong(at(ref) + PART) & 0xffff;
  }

  /** How many bytes are pinned; those of a page of a whole one. */
  public int length(int ref) {
    return isPart(ref) ? (int) (bytes.getLong(at(ref) + PART) >>> LENGTH_SHIFT) & 0xffff : MachineMemory.PAGE_SIZE;
  }

  /** The domain whose page a part is. */
  public int sourceDomid(int ref) {
    return (int) (bytes.getLong(at(ref) + PART) >>> SOURCE_SHIFT);
  }

  /** The reference by which {@link #sourceDomid} granted it. */
  public int sourceRef(int ref) {
    return bytes.getInt(at(ref) + SOURCE_REF);
  }

  /** True when nothing at all is left of a pin, see I10. */
  public boolean isBlank(int ref) {
    long at = at(ref);
    return (bytes.getLong(at) | bytes.getLong(at + MFN) | bytes.getLong(at + PART) | bytes.getLong(at + SOURCE_REF)) == 0;
  }

  /** The first entry at or after {@code ref} that is not {@linkplain #isBlank blank}, or -1. */
  public long nextUsed(long ref) {
    long at = bytes.next(ref << ENTRY_SHIFT, Long.BYTES, -1);
    return at < 0 ? -1 : at >>> ENTRY_SHIFT;
  }

  /** Makes a pinned entry stand for a part of its page. */
  public void setPart(int ref, int start, int length, int sourceDomid, int sourceRef) {
    bytes.setLong(at(ref) + PART, (start & START_MASK) | (long) length << LENGTH_SHIFT | IS_PART | (long) sourceDomid << SOURCE_SHIFT);
    bytes.setInt(at(ref) + SOURCE_REF, sourceRef);
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
      if (bytes.getLong(at + PART) != 0) {
        bytes.setLong(at + PART, 0);
        bytes.setLong(at + SOURCE_REF, 0);
      }
    } else {
      bytes.setInt(at, pin);
    }
    return pin;
  }

  /** The first reference at or after {@code ref} that is pinned, or -1. */
  public long nextPinned(long ref) {
    long at = bytes.next(ref << ENTRY_SHIFT, 1 << ENTRY_SHIFT, PIN);
    return at < 0 ? -1 : at >>> ENTRY_SHIFT;
  }

  private static long at(int ref) {
    return (ref & 0xffff_ffffL) << ENTRY_SHIFT;
  }
}
