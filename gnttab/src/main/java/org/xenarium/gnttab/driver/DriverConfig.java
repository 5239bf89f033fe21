package org.xenarium.gnttab.driver;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import org.xenarium.emulator.state.Digest;

/**
 * How a guest's driver was configured and built, and where it has its things in guest-physical memory.
 *
 * @param enabled {@code CONFIG_XEN_GRANT_TABLE}
 * @param differences how the driver differs from the promised one
 * @param table where the grant frames are to be mapped, page-aligned
 * @param frames how many grant frames, {@code CONFIG_NR_GRANT_FRAMES}; a growing table has at most so many
 * @param stack RAM for the arguments of the driver's own hypercalls, {@value #STACK_PER_THREAD} bytes for each thread of each vCPU
 * @param regions extended regions in the order of the device tree; empty without {@code CONFIG_XEN_REGIONS}
 * @param heap RAM for k_malloc, page-aligned
 * @param heapPages how many pages the heap has
 */
public record DriverConfig(
    boolean enabled,
    ImmutableSet<DriverDifference> differences,
    long table,
    int frames,
    long stack,
    ImmutableList<Region> regions,
    long heap,
    int heapPages) {
  /** Bytes of stack that a thread needs. */
  public static final int STACK_PER_THREAD = 256;

  /** Threads for which a vCPU has stack. */
  public static final int THREADS = 16;

  /**
   * The promised driver with one grant frame and one extended region, without a heap.
   *
   * @param table where the grant frame is to be mapped
   * @param stack a page of RAM, enough for one vCPU
   */
  public static DriverConfig of(long table, long stack, Region region) {
    return new DriverConfig(true, ImmutableSet.of(), table, 1, stack, ImmutableList.of(region), 0, 0);
  }

  public DriverConfig withEnabled(boolean value) {
    return new DriverConfig(value, differences, table, frames, stack, regions, heap, heapPages);
  }

  /** The driver of that version. */
  public DriverConfig withVersion(DriverVersion version) {
    return withDifferences(version.differences());
  }

  /** A driver that differs from the promised one in just these ways. */
  public DriverConfig withDifferences(Iterable<DriverDifference> values) {
    return new DriverConfig(enabled, Sets.immutableEnumSet(values), table, frames, stack, regions, heap, heapPages);
  }

  public DriverConfig withFrames(int value) {
    return new DriverConfig(enabled, differences, table, value, stack, regions, heap, heapPages);
  }

  /** Extended regions in the order of the device tree; none means that {@code CONFIG_XEN_REGIONS} is off. */
  public DriverConfig withRegions(Region... values) {
    return new DriverConfig(enabled, differences, table, frames, stack, ImmutableList.copyOf(values), heap, heapPages);
  }

  public DriverConfig withHeap(long base, int pages) {
    return new DriverConfig(enabled, differences, table, frames, stack, regions, base, pages);
  }

  void digest(Digest digest) {
    digest.add(enabled).add(table).add(frames).add(stack).add(heap).add(heapPages).add(regions.size());
    regions.forEach(region -> digest.add(region.base()).add(region.size()));
    differences.forEach(digest::add);
  }

  /** Does the driver differ from the promised one in that way? */
  public boolean has(DriverDifference difference) {
    return differences.contains(difference);
  }

  /** Are there regions, and does the driver know of them? */
  public boolean usesRegions() {
    return !regions.isEmpty() && !has(DriverDifference.NO_REGIONS);
  }

  /** Do get_pages and put_pages use the regions? */
  public boolean takesPagesFromRegions() {
    return usesRegions() && !has(DriverDifference.PAGES_OF_HEAP);
  }
}
