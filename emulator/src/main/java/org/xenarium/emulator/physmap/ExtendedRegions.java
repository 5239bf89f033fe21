package org.xenarium.emulator.physmap;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;

/**
 * Guest-physical address ranges that hold neither RAM nor devices and are offered for foreign and grant mappings (spec §7.3). The hypervisor
 * only tells them to the guest; it checks nothing when something is mapped. {@link RegionPlacement} says where they lie.
 *
 * @param ranges of addresses
 */
public record ExtendedRegions(ImmutableRangeSet<Long> ranges) {
  /** None are offered. */
  public static final ExtendedRegions NONE = new ExtendedRegions(ImmutableRangeSet.of());

  /** No region is smaller, in bytes. */
  public static final long MIN_SIZE = 64L << 20;

  /** What regions are aligned to, in bytes, so that blocks can be mapped in them. */
  public static final long ALIGNMENT = 2L << 20;

  /** A domain is offered no more. */
  public static final int MAX_COUNT = 256;

  /** A single region of {@code size} bytes from {@code base} on; both page-aligned. */
  public static ExtendedRegions of(long base, long size) {
    return new ExtendedRegions(ImmutableRangeSet.of(Range.closedOpen(base, base + size)));
  }

  /** True when the address lies in one of the regions. */
  public boolean contains(long address) {
    return ranges.contains(address);
  }

  /** The regions by ascending address, as the device tree lists them. */
  public ImmutableList<Range<Long>> list() {
    return ranges.asRanges().asList();
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }
}
