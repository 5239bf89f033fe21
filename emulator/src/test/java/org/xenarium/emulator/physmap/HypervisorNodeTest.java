package org.xenarium.emulator.physmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.MemoryConfig;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Digest;

/** What a guest's device tree says of the hypervisor, spec §7.2, and who says it. */
class HypervisorNodeTest {
  private static final ExtendedRegions REGIONS = RegionPlacement.freeOfBanks(256L << 20, ImmutableRangeSet.of(), 40);

  private static Semantics release(Release release) {
    return new Semantics(release, SecurityPolicy.SILO);
  }

  @Test
  void an_ordinary_domain_has_the_window_for_its_grant_table_first_then_its_regions() {
    HypervisorNode node = HypervisorNode.ordinary(Release.V4_17, REGIONS);
    assertThat(node.compatible()).containsExactly("xen,xen-4.17", "xen,xen");
    assertThat(node.reg())
        .containsExactly(
            Range.closedOpen(0x3800_0000L, 0x3900_0000L),
            Range.closedOpen(0x5000_0000L, 0x1_0000_0000L),
            Range.closedOpen(0x2_0000_0000L, 0x100_0000_0000L));
    assertThat(node.interrupts()).containsExactly(1, 15, 0xf08);
  }

  @Test
  void the_development_release_is_named_by_its_number() {
    assertThat(HypervisorNode.ordinary(Release.V4_23_DEV, REGIONS).compatible()).first().isEqualTo("xen,xen-4.23");
  }

  @Test
  void without_regions_only_the_window_is_left() {
    assertThat(HypervisorNode.ordinary(Release.V4_17, ExtendedRegions.NONE).reg()).containsExactly(GuestRegion.GRANT_TABLE.range());
  }

  @Test
  void the_host_layout_s_window_is_Xen_s_text_but_at_most_64_pages() {
    assertThat(HypervisorNode.hostLayout(Release.V4_17, 0x4020_0000L, 200, REGIONS, 16).grantWindow())
        .as("as on 4.17.7")
        .isEqualTo(Range.closedOpen(0x4020_0000L, 0x4024_0000L));
    HypervisorNode small = HypervisorNode.hostLayout(Release.V4_17, 0x4020_0000L, 10, REGIONS, 16);
    assertThat(small.grantWindow()).isEqualTo(Range.closedOpen(0x4020_0000L, 0x4020_a000L));
    assertThat(small.interrupts()).containsExactly(1, 0, 0xf08);
  }

  @Test
  void the_node_as_device_tree_source() {
    assertThat(HypervisorNode.ordinary(Release.V4_17, REGIONS).source())
        .isEqualTo(
            """
            hypervisor {
            \tcompatible = "xen,xen-4.17", "xen,xen";
            \treg = <0x0 0x38000000 0x0 0x1000000>, <0x0 0x50000000 0x0 0xb0000000>, <0x2 0x0 0xfe 0x0>;
            \tinterrupts = <1 15 0xf08>;
            };
            """);
  }

  @Test
  void V18_Dom0_and_domains_of_libxl_are_offered_regions_since_4_16() {
    for (TreeBuilder builder : new TreeBuilder[] {TreeBuilder.DOM0, TreeBuilder.LIBXL}) {
      assertThat(builder.offers(release(Release.V4_15), true, true)).isFalse();
      assertThat(builder.offers(release(Release.V4_16), true, true)).isTrue();
    }
  }

  @Test
  void V19_dom0less_domains_are_offered_regions_since_4_17() {
    assertThat(TreeBuilder.DOM0LESS.offers(release(Release.V4_16), true, true)).isFalse();
    assertThat(TreeBuilder.DOM0LESS.offers(release(Release.V4_17), true, true)).isTrue();
  }

  @Test
  void ext_regions_0_and_32_bit_guests_count_for_the_hypervisor_only() {
    Semantics now = Semantics.baseline(SecurityPolicy.SILO);
    for (TreeBuilder builder : TreeBuilder.values()) {
      boolean toolstack = builder == TreeBuilder.LIBXL;
      assertThat(builder.offers(now, false, true)).isEqualTo(toolstack);
      assertThat(builder.offers(now, true, false)).isEqualTo(toolstack);
    }
  }

  @Test
  void the_regions_of_the_guest_layout_do_not_overlap_but_for_the_two_kinds_of_interrupt_controller() {
    for (GuestRegion one : GuestRegion.values()) {
      for (GuestRegion other : GuestRegion.values()) {
        boolean controllers = one.name().startsWith("GIC") && other.name().startsWith("GIC");
        boolean overlap = one.range().isConnected(other.range()) && !one.range().intersection(other.range()).isEmpty();
        assertThat(overlap && one != other && !controllers).as("%s and %s", one, other).isFalse();
      }
    }
  }

  @Test
  void a_domain_knows_its_node_and_its_copies_do() {
    HypervisorNode node = HypervisorNode.ordinary(Release.V4_23_DEV, REGIONS);
    World world = world(DomainConfig.guest(1, 4).withMemory(MemoryConfig.ORDINARY.withNode(node)));
    assertThat(world.domain(1).hypervisorNode()).isEqualTo(node);
    assertThat(world.copy(world.host()).domain(1).hypervisorNode()).isEqualTo(node);
    World plain = world(DomainConfig.guest(1, 4));
    assertThat(plain.domain(1).hypervisorNode()).isEqualTo(HypervisorNode.ordinary(Release.V4_23_DEV, ExtendedRegions.NONE));
    assertThat(digest(plain)).isNotEqualTo(digest(world));
  }

  private static World world(DomainConfig config) {
    World world = new World(Semantics.baseline(SecurityPolicy.SILO), 0x1000, 16, 1 << 20, 0);
    world.addDomain(config);
    return world;
  }

  private static long digest(World world) {
    Digest digest = new Digest();
    world.digest(digest);
    return digest.value();
  }
}
