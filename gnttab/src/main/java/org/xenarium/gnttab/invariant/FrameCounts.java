package org.xenarium.gnttab.invariant;

import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.SparseBytes;

/** How often machine frames are used: by live handles, pins and physmap entries. And how every frame's record looked after the last step. */
final class FrameCounts {
  // 64 bytes a frame: six counts, the record, a guest frame + 1.
  private static final int SHIFT = 6;
  private static final int HANDLES = 0;
  private static final int PINS = 4;
  private static final int FOREIGN = 8;
  private static final int ENTRIES = 12;
  private static final int RAM = 16;
  private static final int LEAKED = 20;
  private static final int RECORD = 24;
  private static final int STALE_GFN = 32;

  private static final int OWNER_SHIFT = 32;
  private static final long ALLOCATED = 1L << 56;
  private static final long XEN_HEAP = 1L << 57;

  private final SparseBytes bytes;
  private final long first;

  FrameCounts(long firstMfn) {
    this(firstMfn, new SparseBytes());
  }

  private FrameCounts(long firstMfn, SparseBytes bytes) {
    first = firstMfn;
    this.bytes = bytes;
  }

  FrameCounts copy() {
    return new FrameCounts(first, bytes.copy());
  }

  private long at(long mfn) {
    return (mfn - first) << SHIFT;
  }

  private void count(long mfn, int field, int by) {
    if (mfn >= first) {
      bytes.setInt(at(mfn) + field, bytes.getInt(at(mfn) + field) + by);
    }
  }

  private int get(long mfn, int field) {
    return mfn >= first ? bytes.getInt(at(mfn) + field) : 0;
  }

  void handle(long mfn, int by) {
    count(mfn, HANDLES, by);
  }

  void pins(long mfn, int by) {
    count(mfn, PINS, by);
  }

  void foreign(long mfn, int by) {
    count(mfn, FOREIGN, by);
  }

  void entry(long mfn, int by) {
    count(mfn, ENTRIES, by);
  }

  void ram(long mfn, int by) {
    count(mfn, RAM, by);
  }

  /** A foreign entry of it was replaced by another entry of it: see {@link #leaked(long)}. */
  void leak(long mfn) {
    count(mfn, LEAKED, 1);
  }

  /** Its owner's RAM entry at that guest frame was replaced by a mapping of it: see {@link #staleGfn(long)}. */
  void makeStale(long mfn, long gfn) {
    bytes.setLong(at(mfn) + STALE_GFN, gfn + 1);
  }

  /** It is free: what is said of it when it is given out again begins anew. */
  void freed(long mfn) {
    bytes.setInt(at(mfn) + LEAKED, 0);
    bytes.setLong(at(mfn) + STALE_GFN, 0);
  }

  /** Live handles of it. */
  int handles(long mfn) {
    return get(mfn, HANDLES);
  }

  /** Pins on it, of all entries. */
  int pins(long mfn) {
    return get(mfn, PINS);
  }

  /** Foreign physmap entries of it. */
  int foreign(long mfn) {
    return get(mfn, FOREIGN);
  }

  /** Physmap entries of it, of all types, in domains whose physmaps count (I44). */
  int entries(long mfn) {
    return get(mfn, ENTRIES);
  }

  /** Physmap entries of it of a RAM type; only its owner has such. */
  int ram(long mfn) {
    return get(mfn, RAM);
  }

  /**
   * References that nothing will ever drop: Xen takes an entry of the same frame for a change of its type, so that of the old foreign entry stays
   * (measured on 4.17.7).
   */
  int leaked(long mfn) {
    return get(mfn, LEAKED);
  }

  /**
   * The guest frame that a frame of Xen's heap goes on to name although its RAM entry there has given way to a mapping of the same frame, which Xen takes
   * for a change of the type (measured on 4.17.7: the frame cannot be added again); -1 where there is none.
   */
  long staleGfn(long mfn) {
    return bytes.getLong(at(mfn) + STALE_GFN) - 1;
  }

  /** The record after the last step, see {@link #record(MachineMemory, long)}. */
  long record(long mfn) {
    return bytes.getLong(at(mfn) + RECORD);
  }

  void setRecord(long mfn, long record) {
    bytes.setLong(at(mfn) + RECORD, record);
  }

  /** Owner, references, allocation and heap of a frame as one number; 0 of a free frame. */
  static long record(MachineMemory memory, long mfn) {
    return memory.references(mfn)
        | (memory.owner(mfn) + 1L) << OWNER_SHIFT
        | (memory.isAllocated(mfn) ? ALLOCATED : 0)
        | (memory.isXenHeap(mfn) ? XEN_HEAP : 0);
  }

  /** The incarnation of the owner, -1 of a free frame. */
  static int owner(long record) {
    return (int) (record >>> OWNER_SHIFT & 0xff_ffff) - 1;
  }

  static long references(long record) {
    return record & 0xffff_ffffL;
  }

  static boolean isAllocated(long record) {
    return (record & ALLOCATED) != 0;
  }

  static boolean isXenHeap(long record) {
    return (record & XEN_HEAP) != 0;
  }
}
