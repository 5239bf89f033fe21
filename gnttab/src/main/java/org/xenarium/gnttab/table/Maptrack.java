package org.xenarium.gnttab.table;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Generator;
import org.xenarium.emulator.state.Journal;
import org.xenarium.emulator.state.SparseBytes;

/**
 * The handles of a mapping domain and, per vCPU, the list of its free ones: first in, first out, one entry always staying behind as the
 * sentinel (spec §3.2). Handles and references are unsigned 32-bit numbers.
 */
public final class Maptrack {
  /** No handle; the end of a free list. */
  public static final int NONE = -1;

  /** Handles in a frame of maptrack memory. */
  public static final int PER_FRAME = 256;

  // Two words: reference or next free handle in bits 31:0, flags in 47:32, granting domain in 63:48; then the vCPU whose list it belongs to.
  private static final int ENTRY_SHIFT = 4;
  private static final int FLAGS_SHIFT = 32;
  private static final long FLAGS = 0xffffL << FLAGS_SHIFT;
  private static final int DOMID_SHIFT = 48;
  private static final int VCPU = 8;

  private final SparseBytes bytes;
  private final int maxFrames;
  private final int[] heads;
  private final int[] tails;
  private int limit;

  Maptrack(int maxFrames, int vcpus) {
    this(new SparseBytes(), maxFrames, new int[vcpus], new int[vcpus], 0);
    Arrays.fill(heads, NONE);
    Arrays.fill(tails, NONE);
  }

  private Maptrack(SparseBytes bytes, int maxFrames, int[] heads, int[] tails, int limit) {
    this.bytes = bytes;
    this.maxFrames = maxFrames;
    this.heads = heads;
    this.tails = tails;
    this.limit = limit;
  }

  Maptrack copy() {
    return new Maptrack(bytes.copy(), maxFrames, heads.clone(), tails.clone(), limit);
  }

  void digest(Digest digest) {
    digest.add(bytes.digest()).add(limit);
    for (int vcpu = 0; vcpu < heads.length; vcpu++) {
      digest.add(heads[vcpu]).add(tails[vcpu]);
    }
  }

  void freeze() {
    bytes.seal();
  }

  void record(@Nullable Journal journal, int as) {
    bytes.record(journal, as);
  }

  /** The handle whose bytes begin at or contain {@code at} of the store of entries, as a journal gives it. */
  public static int handleOf(long at) {
    return (int) (at >>> ENTRY_SHIFT);
  }

  /** How many frames of {@value #PER_FRAME} handles there may be. */
  public int maxFrames() {
    return maxFrames;
  }

  /** How many handles there are, free ones included; all are below this. */
  public int limit() {
    return limit;
  }

  /** First handle of the vCPU's free list, or {@link #NONE}. */
  public int head(int vcpu) {
    return heads[vcpu];
  }

  /** Last handle of the vCPU's free list, or {@link #NONE} when the vCPU never had one. */
  public int tail(int vcpu) {
    return tails[vcpu];
  }

  /** The handle that follows a free one on its list, or {@link #NONE}. */
  public int next(int handle) {
    return bytes.getInt(at(handle));
  }

  public boolean isLive(int handle) {
    return Integer.compareUnsigned(handle, limit) < 0 && flags(handle) != 0;
  }

  /** The first live handle at or after {@code handle}, or {@link #NONE}. */
  public int nextLive(int handle) {
    long at = bytes.next(at(handle), 1 << ENTRY_SHIFT, FLAGS);
    return at < 0 || handleOf(at) >= limit ? NONE : handleOf(at);
  }

  /** The low 16 bits of the flags it was mapped with; 0 for free handles. */
  public int flags(int handle) {
    return flagsOf(entry(handle));
  }

  /** All that is known of a handle below the limit as one number, see {@link #flagsOf}, {@link #refOf} and {@link #domidOf}. */
  public long entry(int handle) {
    return bytes.getLong(at(handle));
  }

  /** The low 16 bits of the flags that an entry was mapped with; 0 for free handles. */
  public static int flagsOf(long entry) {
    return (int) (entry >>> FLAGS_SHIFT) & 0xffff;
  }

  /** The reference that a live entry maps. */
  public static int refOf(long entry) {
    return (int) entry;
  }

  /** The granting domain of a live entry. */
  public static int domidOf(long entry) {
    return (int) (entry >>> DOMID_SHIFT);
  }

  /** The mapped reference of a live handle. */
  public int ref(int handle) {
    return refOf(entry(handle));
  }

  /** The granting domain of a live handle. */
  public int domid(int handle) {
    return domidOf(entry(handle));
  }

  /** Takes a handle for that vCPU; {@link #NONE} when there is none to be had. */
  public int allocate(Vcpu caller) {
    int vcpu = caller.id();
    int handle = take(vcpu);
    if (handle != NONE) {
      return handle;
    }
    if (limit / PER_FRAME < maxFrames && caller.world().memory().shortage().grants()) {
      return grow(vcpu);
    }
    Generator generator = caller.world().generator();
    if (tails[vcpu] == NONE) {
      int sentinel = steal(vcpu, generator);
      if (sentinel == NONE) {
        return NONE;
      }
      setNext(sentinel, NONE);
      tails[vcpu] = sentinel;
      heads[vcpu] = sentinel;
    }
    return steal(vcpu, generator);
  }

  private int take(int vcpu) {
    int head = heads[vcpu];
    int next = head == NONE ? NONE : next(head);
    if (next == NONE) {
      return NONE;
    }
    heads[vcpu] = next;
    setNext(head, 0);
    return head;
  }

  /** One more frame of handles: the first is handed out, the others go to the front of the vCPU's list. */
  private int grow(int vcpu) {
    int first = limit;
    int last = first + PER_FRAME - 1;
    for (int handle = first; handle <= last; handle++) {
      setNext(handle, handle + 1);
      bytes.setInt(at(handle) + VCPU, vcpu);
    }
    if (tails[vcpu] == NONE) {
      tails[vcpu] = last;
    }
    limit += PER_FRAME;
    setNext(last, heads[vcpu]);
    heads[vcpu] = first + 1;
    setNext(first, 0);
    return first;
  }

  private int steal(int thief, Generator generator) {
    int start = (int) (generator.nextInt() % heads.length);
    for (int i = 0; i < heads.length; i++) {
      int handle = take((start + i) % heads.length);
      if (handle != NONE) {
        bytes.setInt(at(handle) + VCPU, thief);
        return handle;
      }
    }
    return NONE;
  }

  /** A taken handle begins to stand for a mapping. */
  public void publish(int handle, int domid, int ref, int flags) {
    bytes.setLong(at(handle), ref & 0xffff_ffffL | (flags & 0xffffL) << FLAGS_SHIFT | (long) domid << DOMID_SHIFT);
  }

  /** The handle stands for nothing any more; it is not on a free list yet. */
  public void retire(int handle) {
    publish(handle, 0, 0, 0);
  }

  /** Puts a taken handle at the end of the list of the vCPU that it belongs to. */
  public void free(int handle) {
    int vcpu = bytes.getInt(at(handle) + VCPU);
    setNext(handle, NONE);
    setNext(tails[vcpu], handle);
    tails[vcpu] = handle;
  }

  /** The highest live handle, or {@link #NONE}. */
  int lastLive() {
    int handle = limit - 1;
    while (handle >= 0 && flags(handle) == 0) {
      handle--;
    }
    return handle;
  }

  /** The dying domain needs no frame of handles above that of {@code handle}; none at all for {@link #NONE}. Free lists mean nothing any more. */
  void dropFramesAbove(int handle) {
    int kept = handle == NONE ? 0 : (handle / PER_FRAME + 1) * PER_FRAME;
    bytes.fill((long) kept << ENTRY_SHIFT, (long) (limit - kept) << ENTRY_SHIFT, 0);
    Arrays.fill(heads, NONE);
    Arrays.fill(tails, NONE);
    limit = kept;
  }

  private void setNext(int handle, int next) {
    bytes.setInt(at(handle), next);
  }

  private static long at(int handle) {
    return (handle & 0xffff_ffffL) << ENTRY_SHIFT;
  }
}
