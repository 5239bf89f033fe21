package org.xenarium.emulator.physmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import org.junit.jupiter.api.Test;

/** Where extended regions lie, spec §7.3. */
class RegionPlacementTest {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final int BITS = 40;
  private static final RangeSet<Long> NOTHING = ImmutableRangeSet.of();
  private static final Range<Long> BANK_1 = range(0x2_0000_0000L, 0x100_0000_0000L);

  private static Range<Long> range(long base, long end) {
    return Range.closedOpen(base, end);
  }

  private static RangeSet<Long> ranges(Range<Long> range) {
    return ImmutableRangeSet.of(range);
  }

  private static void expectOrdinary(long ram, Range<Long>... regions) {
    assertThat(RegionPlacement.freeOfBanks(ram, NOTHING, BITS).list()).containsExactly(regions);
    assertThat(RegionPlacement.byLibxl(ram, NOTHING, BITS).list()).containsExactly(regions);
  }

  @Test
  void a_domain_of_256_MiB_is_offered_what_is_behind_its_RAM_and_the_second_bank() {
    expectOrdinary(256 * MIB, range(0x5000_0000L, 0x1_0000_0000L), BANK_1);
  }

  @Test
  void a_domain_of_64_MiB_is_offered_what_4_17_7_offered_it() {
    expectOrdinary(64 * MIB, range(0x4400_0000L, 0x1_0000_0000L), BANK_1);
  }

  @Test
  void a_domain_of_3_GiB_has_filled_the_first_bank() {
    expectOrdinary(3 * GIB, BANK_1);
  }

  @Test
  void a_rest_of_a_bank_below_64_MiB_is_dropped() {
    expectOrdinary(3 * GIB - 32 * MIB, BANK_1);
    expectOrdinary(3 * GIB - 64 * MIB + 4 * KIB, BANK_1);
    expectOrdinary(3 * GIB - 64 * MIB, range(0xfc00_0000L, 0x1_0000_0000L), BANK_1);
  }

  @Test
  void RAM_beyond_the_first_bank_begins_the_second() {
    expectOrdinary(4 * GIB, range(0x2_4000_0000L, 0x100_0000_0000L));
  }

  @Test
  void the_first_address_is_rounded_up_to_2_MiB() {
    expectOrdinary(256 * MIB + 4 * KIB, range(0x5020_0000L, 0x1_0000_0000L), BANK_1);
  }

  @Test
  void the_second_bank_ends_with_the_address_space() {
    Range<Long> first = range(0x5000_0000L, 0x1_0000_0000L);
    assertThat(RegionPlacement.freeOfBanks(256 * MIB, NOTHING, 36).list()).containsExactly(first, range(0x2_0000_0000L, 0x10_0000_0000L));
    assertThat(RegionPlacement.freeOfBanks(256 * MIB, NOTHING, 33).list()).containsExactly(first);
    assertThat(RegionPlacement.byLibxl(256 * MIB, NOTHING, 32).list()).containsExactly(first);
    assertThat(RegionPlacement.freeOfBanks(256 * MIB, NOTHING, 44).list()).containsExactly(first, BANK_1);
  }

  @Test
  void what_is_excluded_leaves_regions_on_both_sides_of_it() {
    RangeSet<Long> shared = ranges(range(0x6000_1000L, 0x6000_3000L));
    assertThat(RegionPlacement.freeOfBanks(256 * MIB, shared, BITS).list())
        .as("aligned inwards")
        .containsExactly(range(0x5000_0000L, 0x6000_0000L), range(0x6020_0000L, 0x1_0000_0000L), BANK_1);
  }

  @Test
  void what_is_left_between_exclusions_must_be_64_MiB_after_alignment() {
    TreeRangeSet<Long> shared = TreeRangeSet.create();
    shared.add(range(0x5400_0000L, 0x5400_1000L));
    shared.add(range(0x5820_0000L, 0x5820_1000L));
    shared.add(range(0x5c3f_f000L, 0x1_0000_0000L));
    assertThat(RegionPlacement.freeOfBanks(256 * MIB, shared, BITS).list())
        .as("64 MiB, 64 MiB, and 64 MiB less a page")
        .containsExactly(range(0x5000_0000L, 0x5400_0000L), range(0x5420_0000L, 0x5820_0000L), BANK_1);
  }

  @Test
  void libxl_does_not_align_again_behind_device_memory() {
    RangeSet<Long> device = ranges(range(0x6000_1000L, 0x6000_3000L));
    assertThat(RegionPlacement.byLibxl(256 * MIB, device, BITS).list())
        .containsExactly(range(0x5000_0000L, 0x6000_1000L), range(0x6000_3000L, 0x1_0000_0000L), BANK_1);
  }

  @Test
  void libxl_drops_what_device_memory_leaves_too_small() {
    RangeSet<Long> device = ranges(range(0x53ff_f000L, 0xfc00_1000L));
    assertThat(RegionPlacement.byLibxl(256 * MIB, device, BITS).list()).containsExactly(BANK_1);
    assertThat(RegionPlacement.byLibxl(256 * MIB, ranges(range(0x5000_0000L, 0x1_0000_0000L)), BITS).list()).containsExactly(BANK_1);
  }

  @Test
  void no_more_than_256_regions_are_offered_the_lowest_ones() {
    TreeRangeSet<Long> devices = TreeRangeSet.create();
    for (int i = 1; i < 400; i++) {
      devices.add(range(BANK_1.lowerEndpoint() + i * 128 * MIB, BANK_1.lowerEndpoint() + i * 128 * MIB + 4 * KIB));
    }
    for (ExtendedRegions regions :
        new ExtendedRegions[] {RegionPlacement.freeOfBanks(3 * GIB, devices, BITS), RegionPlacement.byLibxl(3 * GIB, devices, BITS)}) {
      assertThat(regions.list()).hasSize(256);
      assertThat(regions.list().get(0).lowerEndpoint()).isEqualTo(BANK_1.lowerEndpoint());
      assertThat(regions.list().get(255).upperEndpoint()).isEqualTo(BANK_1.lowerEndpoint() + 256 * 128 * MIB);
    }
  }

  @Test
  void a_host_layout_domain_without_IOMMU_is_offered_RAM_that_is_not_allocated() {
    TreeRangeSet<Long> excluded = TreeRangeSet.create();
    excluded.add(range(0x4400_0000L, 0x4800_0000L));
    excluded.add(range(0x4020_0000L, 0x4024_0000L));
    assertThat(RegionPlacement.unallocatedRam(ranges(range(0x4000_0000L, 0x8000_0000L)), excluded, 44).list())
        .as("what 4.17.7 offered a Dom0 of 64 MiB: 60 MiB below its RAM are too few")
        .containsExactly(range(0x4800_0000L, 0x8000_0000L));
  }

  @Test
  void a_host_layout_domain_with_IOMMU_is_offered_addresses_of_nothing() {
    TreeRangeSet<Long> devices = TreeRangeSet.create();
    devices.add(range(0x0800_0000L, 0x0a00_4000L));
    devices.add(range(0x4000_0000L, 0x8000_0000L));
    devices.add(range(0xff_0000_0000L, 0x100_0000_0000L));
    assertThat(RegionPlacement.addressHoles(devices, BITS).list())
        .containsExactly(range(0, 0x0800_0000L), range(0x0a20_0000L, 0x4000_0000L), range(0x8000_0000L, 0xff_0000_0000L));
  }

  @Test
  void nothing_lies_beyond_the_address_space() {
    assertThat(RegionPlacement.unallocatedRam(ranges(range(0x8000_0000L, 0x4_0000_0000L)), NOTHING, 33).list())
        .containsExactly(range(0x8000_0000L, 0x2_0000_0000L));
  }
}
