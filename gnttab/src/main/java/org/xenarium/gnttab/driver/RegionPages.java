package org.xenarium.gnttab.driver;

import com.google.common.collect.ImmutableList;
import org.xenarium.emulator.guest.Heap;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Mirror;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.emulator.trace.Errno;

/**
 * Zephyr's {@code regions.c}: an allocator of the pages of extended regions, and which of them have a virtual address. The two know nothing of
 * each other. Virtual addresses are the same as guest-physical ones.
 */
public final class RegionPages {
  private static final int ALLOCATED = 1;
  private static final int VISIBLE = 2;
  private static final long ANY_VISIBLE = 0x0101_0101_0101_0101L * VISIBLE;

  private final ImmutableList<Region> regions;

  /** For each guest frame, what holds of it. */
  private final SparseBytes pages;

  RegionPages(ImmutableList<Region> regions) {
    this(regions, new SparseBytes());
  }

  private RegionPages(ImmutableList<Region> regions, SparseBytes pages) {
    this.regions = regions;
    this.pages = pages;
  }

  RegionPages copy() {
    return new RegionPages(regions, pages.copy());
  }

  void digest(Digest digest) {
    digest.add(pages.digest());
  }

  void freeze() {
    pages.seal();
  }

  Mirror mirror() {
    return new Mirror(pages);
  }

  /** The regions, in the order in which pages are taken from them. */
  public ImmutableList<Region> regions() {
    return regions;
  }

  /** {@code is_addr_extreg}: true for an address in one of the regions. */
  public boolean contains(long address) {
    return regionOf(address) >= 0;
  }

  private int regionOf(long address) {
    for (int i = 0; i < regions.size(); i++) {
      if (regions.get(i).contains(address)) {
        return i;
      }
    }
    return -1;
  }

  /** {@code xen_region_get_pages}: the lowest free run of so many pages in the first region that has one; or {@link Heap#NULL}. */
  long allocate(long count) {
    for (Region region : regions) {
      long run = 0;
      for (int page = 0; page < region.pages() && 0 < count && count <= region.pages(); page++) {
        long address = region.base() + ((long) page << MachineMemory.PAGE_SHIFT);
        run = isAllocated(address) ? 0 : run + 1;
        if (run == count) {
          long first = address - (count - 1 << MachineMemory.PAGE_SHIFT);
          mark(first, count, ALLOCATED, true);
          return first;
        }
      }
    }
    return Heap.NULL;
  }

  /** {@code xen_region_put_pages}: 0, or -EIO outside of all regions, -EINVAL for more pages than the region has, -EFAULT for free ones. */
  int free(long address, long count) {
    int region = regionOf(address);
    if (region < 0) {
      return -Errno.EIO;
    }
    if (count > regions.get(region).pages()) {
      return -Errno.EINVAL;
    }
    for (long page = 0; page < count; page++) {
      long at = address + (page << MachineMemory.PAGE_SHIFT);
      if (!regions.get(region).contains(at) || !isAllocated(at)) {
        return -Errno.EFAULT;
      }
    }
    mark(address, count, ALLOCATED, false);
    return 0;
  }

  /** {@code xen_region_map} of one page: 0, or -EFAULT outside. */
  int map(long address) {
    return setVisible(address, true);
  }

  /** {@code xen_region_unmap} of one page: 0, or -EFAULT outside. */
  int unmap(long address) {
    return setVisible(address, false);
  }

  private int setVisible(long address, boolean visible) {
    if (!contains(address)) {
      return -Errno.EFAULT;
    }
    mark(address, 1, VISIBLE, visible);
    return 0;
  }

  private void mark(long address, long count, int bit, boolean on) {
    for (long gfn = address >>> MachineMemory.PAGE_SHIFT, end = gfn + count; gfn < end; gfn++) {
      int was = pages.getByte(gfn);
      pages.setByte(gfn, on ? was | bit : was & ~bit);
    }
  }

  /** True for a page that was got and not put back. */
  public boolean isAllocated(long address) {
    return (pages.getByte(address >>> MachineMemory.PAGE_SHIFT) & ALLOCATED) != 0;
  }

  /** True for a page that has a virtual address. */
  public boolean isVisible(long address) {
    return (pages.getByte(address >>> MachineMemory.PAGE_SHIFT) & VISIBLE) != 0;
  }

  /** The first guest frame at or after {@code gfn} that has a virtual address, or -1. */
  long nextVisible(long gfn) {
    long at = gfn;
    while ((pages.getByte(at) & VISIBLE) == 0) {
      at = (at + 1) % Long.BYTES != 0 ? at + 1 : pages.next(at + 1, Long.BYTES, ANY_VISIBLE);
      if (at < 0) {
        return -1;
      }
    }
    return at;
  }
}
