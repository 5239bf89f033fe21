package org.xenarium.emulator.physmap;

import static org.xenarium.emulator.physmap.ExtendedRegions.ALIGNMENT;
import static org.xenarium.emulator.physmap.ExtendedRegions.MAX_COUNT;
import static org.xenarium.emulator.physmap.ExtendedRegions.MIN_SIZE;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import java.util.List;

/**
 * Where extended regions lie (spec §7.3): candidates minus exclusions, and then rules that differ between a device tree that the hypervisor
 * builds and one that libxl builds. All ranges are of byte addresses, closed below and open above.
 */
public final class RegionPlacement {
  private static final List<GuestRegion> BANKS = List.of(GuestRegion.RAM_BANK_0, GuestRegion.RAM_BANK_1);

  private RegionPlacement() {}

  /**
   * A domain with the host's layout and no IOMMU: host RAM that is not allocated.
   *
   * @param hostRam banks of the host
   * @param excluded the domain's own RAM, reserved memory, its grant window, static shared memory, {@code xen,reg}
   * @param addressBits of a guest-physical address
   */
  public static ExtendedRegions unallocatedRam(RangeSet<Long> hostRam, RangeSet<Long> excluded, int addressBits) {
    return select(hostRam, excluded, addressBits);
  }

  /**
   * A domain with the host's layout and an IOMMU: addresses of nothing at all.
   *
   * @param excluded each {@code reg} and PCI {@code ranges} of the host's device tree in whole pages, static shared memory, {@code xen,reg}
   * @param addressBits of a guest-physical address
   */
  public static ExtendedRegions addressHoles(RangeSet<Long> excluded, int addressBits) {
    return select(ImmutableRangeSet.of(addresses(addressBits)), excluded, addressBits);
  }

  /**
   * An ordinary domain that the hypervisor builds: what RAM leaves free of the banks for it. What is left of a bank counts only if it is large
   * enough before anything is excluded.
   *
   * @param ram bytes of RAM, which fill the first bank first
   * @param excluded static shared memory, {@code xen,reg}
   * @param addressBits of a guest-physical address
   */
  public static ExtendedRegions freeOfBanks(long ram, RangeSet<Long> excluded, int addressBits) {
    RangeSet<Long> candidates = TreeRangeSet.create();
    long rest = ram;
    for (GuestRegion bank : BANKS) {
      long used = Math.min(rest, bank.size());
      rest -= used;
      Range<Long> free = freeOf(bank, used, addressBits);
      if (size(free) >= MIN_SIZE) {
        candidates.add(free);
      }
    }
    return select(candidates, excluded, addressBits);
  }

  /**
   * An ordinary domain that libxl builds. Only the first address of a bank's free part is aligned: behind device memory a region begins where
   * that ends.
   *
   * @param ram bytes of RAM, which fill the first bank first
   * @param devices device memory that the domain is given; empty for releases that do not exclude it (V28)
   * @param addressBits of a guest-physical address
   */
  public static ExtendedRegions byLibxl(long ram, RangeSet<Long> devices, int addressBits) {
    ImmutableRangeSet.Builder<Long> chosen = ImmutableRangeSet.builder();
    int count = 0;
    long rest = ram;
    for (GuestRegion bank : BANKS) {
      long used = Math.min(rest, bank.size());
      rest -= used;
      Range<Long> free = freeOf(bank, used, addressBits);
      if (size(free) >= MIN_SIZE) {
        RangeSet<Long> candidates = TreeRangeSet.create();
        candidates.add(free);
        candidates.removeAll(devices);
        for (Range<Long> candidate : candidates.asRanges()) {
          if (size(candidate) >= MIN_SIZE && count < MAX_COUNT) {
            chosen.add(candidate);
            count++;
          }
        }
      }
    }
    return new ExtendedRegions(chosen.build());
  }

  /** The hypervisor's rule: both ends aligned inwards, large enough, in order, not too many. */
  private static ExtendedRegions select(RangeSet<Long> candidates, RangeSet<Long> excluded, int addressBits) {
    RangeSet<Long> left = TreeRangeSet.create(candidates);
    left.removeAll(excluded);
    ImmutableRangeSet.Builder<Long> chosen = ImmutableRangeSet.builder();
    int count = 0;
    for (Range<Long> candidate : left.subRangeSet(addresses(addressBits)).asRanges()) {
      long base = roundUp(candidate.lowerEndpoint());
      long end = candidate.upperEndpoint() & -ALIGNMENT;
      if (end - base >= MIN_SIZE && count < MAX_COUNT) {
        chosen.add(Range.closedOpen(base, end));
        count++;
      }
    }
    return new ExtendedRegions(chosen.build());
  }

  private static Range<Long> freeOf(GuestRegion bank, long used, int addressBits) {
    long base = roundUp(bank.base() + used);
    long end = Math.min(bank.base() + bank.size(), 1L << addressBits);
    return Range.closedOpen(base, Math.max(base, end));
  }

  private static Range<Long> addresses(int bits) {
    return Range.closedOpen(0L, 1L << bits);
  }

  private static long size(Range<Long> range) {
    return range.upperEndpoint() - range.lowerEndpoint();
  }

  private static long roundUp(long address) {
    return address + ALIGNMENT - 1 & -ALIGNMENT;
  }
}
