package org.xenarium.emulator.domain;

import java.util.Arrays;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.state.Digest;

/**
 * A domain as the owner of pages: how many it has of which kind, what it may get, and the static ones that wait for it. Which frames they are
 * and who refers to them is {@link MachineMemory}'s.
 */
abstract class PageOwner {
  private final long maxPages;
  private long totPages;

  /** Referenced pages that Xen lent. */
  private long xenHeapPages;

  /** Static frames that this domain gave back, the longest waiting first; never changed in place. */
  private long[] reserve = {};

  PageOwner(long maxPages) {
    this.maxPages = maxPages;
  }

  PageOwner(PageOwner other) {
    maxPages = other.maxPages;
    totPages = other.totPages;
    xenHeapPages = other.xenHeapPages;
    reserve = other.reserve;
  }

  final void digestPages(Digest digest) {
    digest.add(maxPages).add(totPages).add(xenHeapPages).add(reserve.length);
    for (long mfn : reserve) {
      digest.add(mfn);
    }
  }

  abstract World world();

  abstract int id();

  abstract int incarnation();

  abstract Life life();

  abstract MemoryConfig memoryConfig();

  /** How many RAM pages the domain may own. */
  public final long maxPages() {
    return maxPages;
  }

  /** RAM pages that the domain owns, mapped or not; pages lent by Xen do not count (I46). */
  public final long totPages() {
    return totPages;
  }

  /** True when the domain owns no page that anybody refers to. */
  final boolean ownsNothing() {
    return totPages == 0 && xenHeapPages == 0;
  }

  /** A new RAM page of this domain, not yet mapped, or -1 when the host has none left. The limit is the caller's business. */
  public final long allocateRam() {
    long mfn = memory().allocate(incarnation());
    if (mfn >= 0) {
      gained(mfn);
    }
    return mfn;
  }

  /**
   * As {@link #allocateRam()}, 2<sup>order</sup> pages in a row that begin at a multiple of their number and end below machine frame
   * {@code limit}. Returns the first.
   */
  public final long allocateRam(int order, long limit) {
    long first = memory().allocate(incarnation(), order, limit);
    for (long i = 0; first >= 0 && i < 1L << order; i++) {
      gained(first + i);
    }
    return first;
  }

  /** The static page that this domain gave back longest ago, which it owns again, not yet mapped; or -1 when there is none. */
  public final long allocateReserved() {
    if (reserve.length == 0) {
      return Mfn.NONE;
    }
    long mfn = reserve[0];
    reserve = Arrays.copyOfRange(reserve, 1, reserve.length);
    memory().giveStatic(mfn, incarnation());
    gained(mfn);
    return mfn;
  }

  private void gained(long mfn) {
    totPages++;
    world().trace().allocated(id(), mfn);
  }

  /** A zeroed page lent by Xen, or -1. While the domain dies such a page has no reference, and none can be taken. */
  public final long allocateXenHeap() {
    if (life() != Life.ALIVE) {
      return memory().lendUnreferenced(incarnation());
    }
    long mfn = memory().allocateXenHeap(incarnation());
    if (mfn >= 0) {
      xenHeapPages++;
    }
    return mfn;
  }

  /** Gives back a page of {@link #allocateXenHeap} that nobody has seen yet. */
  public final void returnXenHeap(long mfn) {
    if (memory().references(mfn) != 0) {
      xenHeapPages--;
    }
    memory().takeBack(mfn);
  }

  /** Builds RAM at a known place: gives the machine frame to this domain, without mapping it. */
  public final void ownRam(long mfn) {
    memory().allocateAt(mfn, incarnation());
    if (memoryConfig().staticMemory()) {
      memory().makeStatic(mfn);
    }
    totPages++;
  }

  /** A frame of this domain has lost its last reference. */
  final void frameFreed(boolean xenHeap) {
    if (xenHeap) {
      xenHeapPages--;
    } else {
      totPages--;
    }
  }

  /** A static frame of this domain is free. What a dying domain gives back, nobody gets. */
  final void frameReserved(long mfn) {
    if (life() == Life.ALIVE) {
      reserve = Arrays.copyOf(reserve, reserve.length + 1);
      reserve[reserve.length - 1] = mfn;
    }
  }

  private MachineMemory memory() {
    return world().memory();
  }
}
