package org.xenarium.emulator.guest;

import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Mirror;
import org.xenarium.emulator.state.SparseBytes;

/**
 * A guest's heap, as far as Xenarium needs it: {@code k_aligned_alloc}, {@code k_malloc} and {@code k_free} over a range of guest addresses, in
 * whole pages, the lowest that fit. What it knows about its blocks lies outside of guest memory, so it cannot be overwritten.
 */
public final class Heap {
  /** The null pointer. */
  public static final long NULL = 0;

  private static final int INSIDE = -1;

  private final long base;
  private final int pages;

  /** For each page 0 when it is free, the number of pages when a block starts there, or {@link #INSIDE}. */
  private final SparseBytes blocks;

  private int free;

  /** A heap of {@code pages} pages from guest address {@code base} on. */
  public Heap(long base, int pages) {
    this(base, pages, new SparseBytes(), pages);
  }

  private Heap(long base, int pages, SparseBytes blocks, int free) {
    this.base = base;
    this.pages = pages;
    this.blocks = blocks;
    this.free = free;
  }

  public Heap copy() {
    return new Heap(base, pages, blocks.copy(), free);
  }

  public void digest(Digest digest) {
    digest.add(base).add(pages).add(blocks.digest()).add(free);
  }

  public void freeze() {
    blocks.seal();
  }

  /** The blocks as they are, to be compared with those of later on. */
  public Mirror mirror() {
    return new Mirror(blocks);
  }

  /** Address of the first page. */
  public long base() {
    return base;
  }

  /** How many pages there are. */
  public int pages() {
    return pages;
  }

  /** How many pages belong to no block. */
  public int freePages() {
    return free;
  }

  /** True for a page of a block. */
  public boolean isAllocated(int page) {
    return blocks.getInt(at(page)) != 0;
  }

  /** A page-aligned block of {@code bytes} bytes (unsigned), rounded up to pages, at least one; or {@link #NULL}. */
  public long allocate(long bytes) {
    long wanted = Math.max(1, (bytes >>> MachineMemory.PAGE_SHIFT) + ((bytes & (MachineMemory.PAGE_SIZE - 1)) == 0 ? 0 : 1));
    int run = 0;
    for (int page = 0; page < pages && wanted <= free; page++) {
      run = isAllocated(page) ? 0 : run + 1;
      if (run == wanted) {
        return take(page - run + 1, run);
      }
    }
    return NULL;
  }

  private long take(int first, int count) {
    for (int page = first; page < first + count; page++) {
      blocks.setInt(at(page), page == first ? count : INSIDE);
    }
    free -= count;
    return base + ((long) first << MachineMemory.PAGE_SHIFT);
  }

  /** How many pages the block at this address has; 0 where none starts. */
  public int blockAt(long address) {
    long page = (address - base) >> MachineMemory.PAGE_SHIFT;
    boolean starts = page >= 0 && page < pages && (address & (MachineMemory.PAGE_SIZE - 1)) == 0;
    return starts ? Math.max(0, blocks.getInt(at((int) page))) : 0;
  }

  /** Frees the block that starts at this address; false when none does. */
  public boolean free(long address) {
    int count = blockAt(address);
    int first = (int) ((address - base) >> MachineMemory.PAGE_SHIFT);
    for (int page = first; page < first + count; page++) {
      blocks.setInt(at(page), 0);
    }
    free += count;
    return count > 0;
  }

  private static long at(int page) {
    return (long) Integer.BYTES * page;
  }
}
