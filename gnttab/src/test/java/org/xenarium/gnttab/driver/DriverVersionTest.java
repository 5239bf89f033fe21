package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.driver.DriverBench.GRANTER;
import static org.xenarium.gnttab.driver.DriverBench.MAPPER;
import static org.xenarium.gnttab.driver.DriverBench.PAGE_GFN;
import static org.xenarium.gnttab.driver.DriverBench.POINTERS;
import static org.xenarium.gnttab.driver.DriverBench.REGION;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.driver.Check.Subject;
import org.xenarium.gnttab.driver.DriverDifference.Kind;
import org.xenarium.gnttab.op.MapFault;
import org.xenarium.gnttab.table.GrantTable;

/** What Zephyr's versions did. */
class DriverVersionTest {
  private static final String ALL = "V0 V1 V2 V3 V4 V5 V6 V7";

  /** The versions that each mistake is in, as they were found; D-Z9, 15, 19, 21 and 22 are of other code or cannot be seen here. */
  private static final Map<String, String> FOUND_IN =
      Map.ofEntries(
          Map.entry("D-Z1", "V1 V2 V3 V4 V5 V6 V7"),
          Map.entry("D-Z2", "V4 V5 V6 V7"),
          Map.entry("D-Z3", "V0 V1 V3"),
          Map.entry("D-Z4", "V0 V1 V2 V3"),
          Map.entry("D-Z5", ALL),
          Map.entry("D-Z6", "V1 V3 V5 V6 V7"),
          Map.entry("D-Z7", "CONTRACT V1 V2 V3 V4 V5 V6 V7"),
          Map.entry("D-Z8", "V5 V6 V7"),
          Map.entry("D-Z10", "V3 V5 V6"),
          Map.entry("D-Z11", "V3 V5 V6"),
          Map.entry("D-Z12", "V3 V5 V6 V7"),
          Map.entry("D-Z13", ALL),
          Map.entry("D-Z14", ALL),
          Map.entry("D-Z16", "CONTRACT V0 V1 V3 V4 V5 V6 V7"),
          Map.entry("D-Z17", "V2"),
          Map.entry("D-Z18", "V0 V1 V3"),
          Map.entry("D-Z20", ALL));

  @Test
  void every_mistake_is_in_the_versions_in_which_it_was_found() {
    Map<String, String> declared =
        Arrays.stream(DriverDifference.values())
            .filter(difference -> difference.kind() != Kind.TRAIT)
            .collect(
                Collectors.toMap(
                    DriverDifference::id,
                    difference -> difference.versions().stream().map(Enum::name).collect(Collectors.joining(" ")),
                    (a, b) -> a,
                    TreeMap::new));
    assertThat(declared).isEqualTo(new TreeMap<>(FOUND_IN));
  }

  @ParameterizedTest
  @EnumSource(DriverVersion.class)
  void D_Z7_without_direct_map_a_cycle_of_get_and_put_costs_a_page_until_put_fails(DriverVersion version) {
    DriverBench bench = new Subject(version).ordinary(DriverBench.PAGES + 2);
    if (version.differences().contains(DriverDifference.NO_PAGES)) {
      assertThat(DriverDifference.PAGE_PER_CYCLE.isIn(version)).isFalse();
      return;
    }
    for (int cycle = 1; cycle <= 2; cycle++) {
      assertThat(bench.putPages(bench.getPages(1), 1)).isZero();
      assertThat(bench.mapper().domain().totPages()).isEqualTo(DriverBench.PAGES + cycle);
    }
    assertThat(GuestInvariants.check(bench.machine.world())).anyMatch(found -> found.invariant() == GuestInvariant.G6);
    assertThat(bench.putPages(bench.getPages(1), 1)).isEqualTo(-Errno.EIO);
    assertThat(DriverDifference.PAGE_PER_CYCLE.isIn(version)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(DriverVersion.class)
  void D_Z16_grant_access_without_a_free_reference_never_returns_except_in_V2(DriverVersion version) {
    DriverBench bench = new Subject(version).limited(1);
    exhaust(bench);
    long result = bench.run(bench.granter(), new GrantAccess(MAPPER, PAGE_GFN, false));
    boolean blocks = bench.granter().guest() != null;
    assertThat(blocks).isEqualTo(DriverDifference.BLOCKS_FOR_EVER.isIn(version));
    assertThat(blocks || (int) result == GrantAccess.INVALID).isTrue();
  }

  @Test
  void D_Z16_alloc_and_grant_holds_its_page_while_it_waits_and_V2_frees_it() {
    DriverBench bench = new Subject(DriverVersion.CONTRACT).limited(1);
    exhaust(bench);
    bench.run(bench.granter(), new AllocAndGrant(POINTERS, false));
    assertThat(bench.driver(bench.granter()).heap().freePages()).isEqualTo(DriverBench.HEAP_PAGES - 1);

    DriverBench growing = new Subject(DriverVersion.V2).limited(1);
    exhaust(growing);
    assertThat(growing.run(growing.granter(), new AllocAndGrant(POINTERS, false))).isEqualTo(-Errno.ENOSPC);
    assertThat(growing.driver(growing.granter()).heap().freePages()).isEqualTo(DriverBench.HEAP_PAGES);
  }

  private static void exhaust(DriverBench bench) {
    while (bench.driver(bench.granter()).freeCount() > 0) {
      bench.grant(PAGE_GFN);
    }
  }

  @Test
  void D_Z1_after_504_grants_and_ends_V7_blocks_although_nothing_is_granted() {
    DriverBench bench = new Subject(DriverVersion.V7).bench();
    for (int i = 0; i < 504; i++) {
      assertThat(bench.end(bench.grant(PAGE_GFN))).isZero();
    }
    bench.grant(PAGE_GFN);
    assertThat(bench.granter().guest()).isNotNull();
  }

  @Test
  void D_Z1_the_peer_gets_the_old_page_through_a_reference_that_was_reused() {
    DriverBench bench = new Subject(DriverVersion.V7).bench();
    bench.granter().store(PAGE_GFN << 12, 8, 111);
    bench.granter().store(PAGE_GFN + 1 << 12, 8, 222);
    int ref = bench.grant(PAGE_GFN);
    bench.map(ref, REGION);
    assertThat(bench.end(ref)).isZero();
    assertThat(bench.grant(PAGE_GFN + 1)).isEqualTo(ref);
    bench.map(ref, REGION + 4096);
    assertThat(bench.mapper().load(REGION + 4096, 8)).isEqualTo(111);
  }

  @Test
  void D_Z4_unmapping_from_domain_0_works_by_luck_for_handle_0_and_no_other() {
    DriverBench bench = new Subject(DriverVersion.V1).bench();
    int ref = bench.grant(PAGE_GFN);
    for (int i = 0; i < 2; i++) {
      bench.mapElement(i, REGION + 4096 * i, ref);
    }
    bench.mapRefs(2);
    bench.mapper().store(DriverBench.ARRAYS + 16, 2, 0);
    bench.unmapRefs(2);
    assertThat(GrantTable.of(bench.mapper().domain()).maptrack().isLive(0)).isFalse();
    assertThat(GrantTable.of(bench.mapper().domain()).maptrack().isLive(1)).as("the handle of the second leaks").isTrue();
  }

  @Test
  void D_Z5_a_success_at_the_19th_retry_leaves_a_mapping_that_nobody_knows() {
    DriverBench bench = new Subject(DriverVersion.V7).bench();
    int ref = bench.grant(PAGE_GFN);
    bench.machine.world().faults().add(Fault.of(MapFault.PAGE_IS_OUT, GRANTER).times(19));
    assertThat(bench.map(ref, REGION)).isFalse();
    assertThat(bench.mapStatus(0)).isEqualTo(GntStatus.BAD_PAGE);
    assertThat(GrantTable.of(bench.mapper().domain()).maptrack().isLive(bench.handle(0))).isTrue();
    assertThat(bench.granter().load(DriverBench.TABLE + 8L * ref, 2)).isEqualTo(0x19);
  }

  @Test
  void V2_adds_a_frame_when_its_references_are_used_up_and_hands_out_all_of_the_new_ones() {
    DriverBench bench = new Subject(DriverVersion.V2).limited(3);
    int count = 0;
    while (bench.grant(PAGE_GFN) != GrantAccess.INVALID) {
      count++;
    }
    assertThat(count).isEqualTo(3 * 512 - 9);
    assertThat(bench.driver(bench.granter()).frames()).isEqualTo(3);
    assertThat(bench.said).contains(DriverRule.GROW_01);
    Vcpu granter = bench.granter();
    assertThat(granter.load(DriverBench.TABLE + 8L * (3 * 512 - 1), 2)).as("the entry of the last reference").isEqualTo(1);
  }

  @Test
  void V0_says_1_for_released_and_0_for_busy() {
    DriverBench bench = new Subject(DriverVersion.V0).bench();
    int ref = bench.grant(PAGE_GFN);
    bench.map(ref, REGION);
    assertThat(bench.end(ref)).isZero();
    bench.unmapRaw(REGION, bench.handle(0));
    assertThat(bench.end(ref)).isEqualTo(1);
    assertThat(bench.grant(PAGE_GFN)).isEqualTo(ref);
  }

  @Test
  void single_differences_can_be_switched_on_by_themselves() {
    DriverBench bench = new DriverBench(config -> config.withDifferences(List.of(DriverDifference.END_INVERTED)));
    int ref = bench.grant(PAGE_GFN);
    assertThat(bench.end(ref)).isZero();
    assertThat(bench.grant(PAGE_GFN)).isNotEqualTo(ref);
    assertThat(bench.end(5)).isEqualTo(-Errno.EINVAL);
  }
}
