package org.xenarium.emulator.physmap;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;

/**
 * Guest-physical address ranges that hold neither RAM nor devices and are offered for foreign and grant mappings (spec §7.3). The hypervisor
 * only tells them to the guest; it checks nothing when something is mapped.
 *
 * @param ranges of addresses
 */
public record ExtendedRegions(ImmutableRangeSet<Long> ranges) {
  /** A single region of {@code size} bytes from {@code base} on; both page-aligned. */
  public static ExtendedRegions of(long base, long size) {
    return new ExtendedRegions(ImmutableRangeSet.of(Range.closedOpen(base, base + size)));
  }

  /** True when the address lies in one of the regions. */
  public boolean contains(long address) {
    return ranges.contains(address);
  }
}
