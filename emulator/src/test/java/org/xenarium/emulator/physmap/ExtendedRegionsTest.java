package org.xenarium.emulator.physmap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Address ranges that are offered for mappings, spec §7.3. */
class ExtendedRegionsTest {
  @Test
  void a_region_holds_its_first_address_and_not_the_one_behind_its_last() {
    ExtendedRegions regions = ExtendedRegions.of(0x5000_0000L, 0x400_0000L);
    assertThat(regions.contains(0x5000_0000L)).isTrue();
    assertThat(regions.contains(0x53ff_ffffL)).isTrue();
    assertThat(regions.contains(0x5400_0000L)).isFalse();
    assertThat(regions.contains(0x4fff_ffffL)).isFalse();
  }
}
