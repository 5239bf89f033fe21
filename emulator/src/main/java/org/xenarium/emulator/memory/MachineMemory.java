package org.xenarium.emulator.memory;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Journal;
import org.xenarium.emulator.state.SparseBytes;

/**
 * The host's memory: frames with content, owner, reference count and allocation bit (spec §0, "Page").
 *
 * <p>A frame is RAM of a domain ({@code dom} heap) or belongs to Xen and is only lent to the domain ({@code xen} heap: shared_info, grant and
 * status frames). It is free exactly when nobody owns it. The <em>allocation reference</em> is the one a frame has for being
 * owned; it can be dropped once. Free frames keep their content until somebody is given them. A frame of Xen's heap that lost its last
 * reference stays with its domain, because Xen goes on using it; it is free when the domain has disappeared. A static frame is reserved for the
 * domain that it was given to at the start: without references it is nobody's, but only that domain can get it back.
 */
public final class MachineMemory {
  public static final int PAGE_SHIFT = 12;
  public static final int PAGE_SIZE = 1 << PAGE_SHIFT;

  // A frame record is two words. The first: references in bits 31:0, owner + 1 in bits 55:32, flags from bit 56 on; 0 for a free frame. The
  // second: the gfn where a Xen-heap frame is mapped, + 1.
  private static final int RECORD_SHIFT = 4;
  private static final int STORED_GFN = 8;
  private static final long REFERENCES = 0xffff_ffffL;
  private static final int OWNER_SHIFT = 32;
  private static final long OWNER = 0xff_ffff;
  private static final long ALLOCATED = 1L << 56;
  private static final long XEN_HEAP = 1L << 57;
  private static final long STATIC = 1L << 58;

  private final long first;
  private final long count;
  private final SparseBytes content;
  private final SparseBytes records;
  private final FrameOwners owners;
  private final HeapShortage shortage;

  /** No frame below this index (counted from {@code first}) is free. */
  private long lowestFree;

  /** No frame at or above this index is free; frames of Xen's own heap are taken from here downwards. */
  private long highestFree;

  /** Memory of {@code count} frames from {@code first} on, all free and zero. */
  public MachineMemory(long first, long count, FrameOwners owners) {
    this(first, count, new SparseBytes(), new SparseBytes(), owners, new HeapShortage(), 0, count);
  }

  private MachineMemory(
      long first,
      long count,
      SparseBytes content,
      SparseBytes records,
      FrameOwners owners,
      HeapShortage shortage,
      long lowestFree,
      long highestFree) {
    this.first = first;
    this.count = count;
    this.content = content;
    this.records = records;
    this.owners = owners;
    this.shortage = shortage;
    this.lowestFree = lowestFree;
    this.highestFree = highestFree;
  }

  /** An independent memory of the same content whose frames report to {@code copiedOwners}. */
  public MachineMemory copy(FrameOwners copiedOwners) {
    return new MachineMemory(first, count, content.copy(), records.copy(), copiedOwners, shortage.copy(), lowestFree, highestFree);
  }

  public void digest(Digest digest) {
    digest.add(content.digest()).add(records.digest());
    shortage.digest(digest);
  }

  /** From now on writes to the content of frames and to their records are noted under these numbers; a null journal ends it. */
  public void record(@Nullable Journal journal, int asContent, int asRecords) {
    content.record(journal, asContent);
    records.record(journal, asRecords);
  }

  /** The frame whose record begins at {@code at} of the store of records, as a journal gives it, or contains it. */
  public long frameOfRecord(long at) {
    return first + (at >>> RECORD_SHIFT);
  }

  /** The frame that contains byte {@code address} of {@link #content}. */
  public long frameAt(long address) {
    return first + (address >>> PAGE_SHIFT);
  }

  /** Makes this memory safe to copy from several threads, until it is written to. */
  public void freeze() {
    content.seal();
    records.seal();
  }

  /** Makes Xen's heap refuse requests. */
  public HeapShortage shortage() {
    return shortage;
  }

  public long firstMfn() {
    return first;
  }

  public long frameCount() {
    return count;
  }

  /** True for frames that exist; all others have no record, no content and no owner. */
  public boolean isValid(long mfn) {
    return Long.compareUnsigned(mfn - first, count) < 0;
  }

  /** The owning domain's incarnation, or -1 for free frames and those that do not exist. */
  public int owner(long mfn) {
    return isValid(mfn) ? ownerIn(records.getLong(record(mfn))) : -1;
  }

  /** True for a frame of that owner's that is referenced, by its allocation if by nothing else. */
  public boolean isHeldBy(long mfn, int owner) {
    if (!isValid(mfn)) {
      return false;
    }
    long word = records.getLong(record(mfn));
    return (word & REFERENCES) != 0 && ownerIn(word) == owner;
  }

  public long references(long mfn) {
    return isValid(mfn) ? records.getLong(record(mfn)) & REFERENCES : 0;
  }

  public boolean isAllocated(long mfn) {
    return isValid(mfn) && (records.getLong(record(mfn)) & ALLOCATED) != 0;
  }

  public boolean isXenHeap(long mfn) {
    return isValid(mfn) && (records.getLong(record(mfn)) & XEN_HEAP) != 0;
  }

  /** Where a Xen-heap frame lies in its owner's physmap, or -1: the one gfn that Xen remembers (I38). */
  public long storedGfn(long mfn) {
    return records.getLong(record(mfn) + STORED_GFN) - 1;
  }

  public void setStoredGfn(long mfn, long gfn) {
    records.setLong(record(mfn) + STORED_GFN, gfn + 1);
  }

  /** True when at least that many frames are free. */
  public boolean hasFree(long wanted) {
    long found = 0;
    for (long i = lowestFree; i < highestFree && found < wanted; i++) {
      if (isFree(first + i)) {
        found++;
      }
    }
    return found >= wanted;
  }

  private boolean isFree(long mfn) {
    return records.getLong(record(mfn)) == 0;
  }

  /** The lowest frame that is free, or {@link Mfn#NONE}. */
  public long firstFree() {
    while (lowestFree < count && !isFree(first + lowestFree)) {
      lowestFree++;
    }
    return lowestFree < count ? first + lowestFree : Mfn.NONE;
  }

  /** Gives the lowest free frame to {@code owner}, content as it was left; or returns {@link Mfn#NONE}. */
  public long allocate(int owner) {
    long mfn = firstFree();
    if (mfn != Mfn.NONE) {
      give(mfn, owner, 1 | ALLOCATED);
    }
    return mfn;
  }

  /**
   * As {@link #allocate(int)}, 2<sup>order</sup> frames in a row that begin at a multiple of their number and end below frame {@code limit}.
   * Returns the first.
   */
  public long allocate(int owner, int order, long limit) {
    long size = 1L << order;
    long end = Math.min(limit, first + count);
    long from = firstFree();
    if (from == Mfn.NONE) {
      return Mfn.NONE;
    }
    for (long mfn = from + size - 1 & -size; mfn + size <= end; mfn += size) {
      if (areFree(mfn, size)) {
        for (long i = 0; i < size; i++) {
          give(mfn + i, owner, 1 | ALLOCATED);
        }
        return mfn;
      }
    }
    return Mfn.NONE;
  }

  private boolean areFree(long mfn, long size) {
    for (long i = 0; i < size; i++) {
      if (!isFree(mfn + i)) {
        return false;
      }
    }
    return true;
  }

  /** Lends a zeroed frame of Xen's heap to {@code owner}, from the top of memory; or returns {@link Mfn#NONE}. */
  public long allocateXenHeap(int owner) {
    return lend(owner, 1 | ALLOCATED | XEN_HEAP);
  }

  /** As {@link #allocateXenHeap}, but without a reference, so that nobody can take one: for a dying domain. */
  public long lendUnreferenced(int owner) {
    return lend(owner, XEN_HEAP);
  }

  private long lend(int owner, long word) {
    while (highestFree > 0 && !isFree(first + highestFree - 1)) {
      highestFree--;
    }
    if (highestFree == 0 || !shortage.grants()) {
      return Mfn.NONE;
    }
    long mfn = first + highestFree - 1;
    give(mfn, owner, word);
    zero(mfn);
    return mfn;
  }

  /** Gives this very frame to {@code owner}, for building a known layout. The frame must be free. */
  public void allocateAt(long mfn, int owner) {
    if (!isValid(mfn) || !isFree(mfn)) {
      throw new IllegalArgumentException("machine frame 0x" + Long.toHexString(mfn) + " does not exist or is not free");
    }
    give(mfn, owner, 1 | ALLOCATED);
  }

  /** Reserves a frame that {@code owner} has just been given for it: it is static from now on. */
  public void makeStatic(long mfn) {
    records.setLong(record(mfn), records.getLong(record(mfn)) | STATIC);
  }

  /** Gives a static frame that nobody owns back to the domain that it is reserved for, content as it was left. */
  public void giveStatic(long mfn, int owner) {
    give(mfn, owner, 1 | ALLOCATED | STATIC);
  }

  private void give(long mfn, int owner, long word) {
    records.setLong(record(mfn), ((owner + 1L) << OWNER_SHIFT) | word);
  }

  /** Takes a reference if {@code owner} owns the frame. */
  public boolean get(long mfn, int owner) {
    if (!isValid(mfn)) {
      return false;
    }
    long record = record(mfn);
    long word = records.getLong(record);
    if ((word & REFERENCES) == 0 || ownerIn(word) != owner) {
      return false;
    }
    records.setLong(record, word + 1);
    return true;
  }

  /** Drops a reference; with the last one a RAM frame becomes free. */
  public void put(long mfn) {
    long record = record(mfn);
    long word = records.getLong(record) - 1;
    records.setLong(record, word);
    if ((word & REFERENCES) == 0) {
      int owner = ownerIn(word);
      boolean xenHeap = (word & XEN_HEAP) != 0;
      boolean reserved = (word & STATIC) != 0;
      if (!xenHeap) {
        free(mfn, owners.scrubs(owner));
      }
      if (reserved) {
        records.setLong(record, STATIC);
        owners.frameReserved(owner, mfn);
      }
      owners.frameFreed(owner, xenHeap);
    }
  }

  /** Drops the allocation reference if it is still there; returns whether it was. */
  public boolean putAllocation(long mfn) {
    if (!isAllocated(mfn)) {
      return false;
    }
    records.setLong(record(mfn), records.getLong(record(mfn)) & ~ALLOCATED);
    put(mfn);
    return true;
  }

  /** Takes back a frame of Xen's heap that nobody has seen yet. */
  public void takeBack(long mfn) {
    free(mfn, false);
  }

  /** Takes back the frames of Xen's heap that were lent to a domain which has disappeared. */
  public void reclaim(int owner) {
    for (long mfn = nextOwned(owner, first); mfn != Mfn.NONE; mfn = nextOwned(owner, mfn + 1)) {
      free(mfn, true);
    }
  }

  private void free(long mfn, boolean scrub) {
    long record = record(mfn);
    records.setLong(record, 0);
    records.setLong(record + STORED_GFN, 0);
    lowestFree = Math.min(lowestFree, mfn - first);
    highestFree = Math.max(highestFree, mfn - first + 1);
    if (scrub) {
      zero(mfn);
    }
  }

  /** The first frame at or after {@code from} that {@code owner} owns, or {@link Mfn#NONE}. Visits all frames of a domain in order. */
  public long nextOwned(int owner, long from) {
    long mfn = nextUsed(from);
    while (mfn != Mfn.NONE && owner(mfn) != owner) {
      mfn = nextUsed(mfn + 1);
    }
    return mfn;
  }

  /** The first frame at or after {@code from} that is not free, or {@link Mfn#NONE}: a way to visit all that are not, in order. */
  public long nextUsed(long from) {
    long at = records.next(record(from), 1 << RECORD_SHIFT, -1);
    return at < 0 ? Mfn.NONE : first + (at >>> RECORD_SHIFT);
  }

  /** The bytes of all frames; {@link #address} says where a frame's begin. */
  public SparseBytes content() {
    return content;
  }

  /** Where in {@link #content} the bytes of a valid frame begin. */
  public long address(long mfn) {
    return (mfn - first) << PAGE_SHIFT;
  }

  public void zero(long mfn) {
    content.fill(address(mfn), PAGE_SIZE, 0);
  }

  private static int ownerIn(long word) {
    return (int) (word >>> OWNER_SHIFT & OWNER) - 1;
  }

  private long record(long mfn) {
    return (mfn - first) << RECORD_SHIFT;
  }
}
