package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.driver.DriverBench.ARRAYS;
import static org.xenarium.gnttab.driver.DriverBench.GRANTER;
import static org.xenarium.gnttab.driver.DriverBench.MAPPER;
import static org.xenarium.gnttab.driver.DriverBench.PAGE_GFN;
import static org.xenarium.gnttab.driver.DriverBench.REGION;
import static org.xenarium.gnttab.driver.DriverBench.UNMAPS;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.emulator.guest.Semaphore;
import org.xenarium.gnttab.driver.Check.Subject;
import org.xenarium.gnttab.op.MapFault;

/** Every invariant of guests can fail, and each mistake of the versions is caught by the one that should. */
class GuestInvariantsTest {
  private static void violates(DriverBench bench, String invariant) {
    assertThat(GuestInvariants.check(bench.machine.world())).anyMatch(text -> text.startsWith(invariant + " "));
  }

  private static DriverBench bench(DriverVersion version) {
    DriverBench bench = new Subject(version).bench();
    assertThat(GuestInvariants.check(bench.machine.world())).isEmpty();
    return bench;
  }

  @Test
  void G1_a_reference_that_is_freed_twice_closes_the_list_to_a_ring() {
    DriverBench bench = bench(DriverVersion.V0);
    int ref = bench.grant(PAGE_GFN);
    bench.end(ref);
    bench.end(ref);
    violates(bench, "G1");
  }

  @Test
  void G1_a_reserved_reference_is_never_free() {
    DriverBench bench = bench(DriverVersion.V0);
    bench.end(3);
    violates(bench, "G1");
  }

  @Test
  void G1_the_semaphore_counts_the_list() {
    DriverBench bench = bench(DriverVersion.CONTRACT);
    bench.driver(bench.granter()).semaphore().take(7);
    violates(bench, "G1");
  }

  @Test
  void G1_reference_8_of_V2_is_neither_free_nor_handed_out() {
    DriverBench bench = new Subject(DriverVersion.V2).bench();
    violates(bench, "G1");
  }

  @Test
  void G6_RAM_that_is_mapped_over_is_lost() {
    DriverBench bench = bench(DriverVersion.V6);
    bench.map(bench.grant(PAGE_GFN), PAGE_GFN << 12);
    violates(bench, "G6");
  }

  @Test
  void G7_a_free_page_must_not_be_reached_by_others() {
    DriverBench bench = bench(DriverVersion.CONTRACT);
    bench.map(bench.grant(DriverBench.HEAP >>> 12), REGION);
    violates(bench, "G7");
  }

  @Test
  void G8_V7_leaves_interrupts_masked() {
    DriverBench bench = bench(DriverVersion.V7);
    int ref = bench.grant(PAGE_GFN);
    bench.map(ref, REGION);
    bench.end(ref);
    bench.end(ref);
    violates(bench, "G8");
  }

  @Test
  void G11_V6_shows_pages_that_are_not_mapped_and_hides_others_that_are() {
    DriverBench shows = bench(DriverVersion.V6);
    shows.map(5000, REGION);
    violates(shows, "G11");
    DriverBench hides = bench(DriverVersion.V6);
    hides.map(hides.grant(PAGE_GFN), REGION);
    assertThat(GuestInvariants.check(hides.machine.world())).isEmpty();
    hides.unmapElement(0, REGION, 200);
    hides.unmapRefs(1);
    violates(hides, "G11");
  }

  @Test
  void G12_nobody_waits_while_a_reference_is_free() {
    DriverBench bench = bench(DriverVersion.CONTRACT);
    Semaphore semaphore = bench.driver(bench.granter()).semaphore();
    while (semaphore.take(1)) {}
    violates(bench, "G12");
  }

  // Single calls.

  private static CallMonitor monitor(DriverBench bench, int domid) {
    CallMonitor monitor = new CallMonitor(bench.machine.domain(domid));
    bench.machine.world().watch(monitor);
    monitor.before();
    return monitor;
  }

  private static void violates(CallMonitor monitor, String invariant) {
    assertThat(monitor.violations()).anyMatch(text -> text.startsWith(invariant + " "));
  }

  @Test
  void G2_G3_V7_frees_a_reference_that_is_in_use_and_hands_it_out_again() {
    DriverBench bench = bench(DriverVersion.V7);
    CallMonitor monitor = monitor(bench, GRANTER);
    int ref = bench.grant(PAGE_GFN);
    monitor.afterGrant(ref);
    bench.map(ref, REGION);
    assertThat(monitor.violations()).isEmpty();
    monitor.afterEnd(ref, bench.end(ref));
    violates(monitor, "G3");
    monitor.afterGrant(ref);
    monitor.afterGrant(ref);
    violates(monitor, "G2");
  }

  @Test
  void G1_V7_loses_a_reference_with_each_end() {
    DriverBench bench = bench(DriverVersion.V7);
    CallMonitor monitor = monitor(bench, GRANTER);
    int ref = bench.grant(PAGE_GFN);
    monitor.afterGrant(ref);
    monitor.afterEnd(ref, bench.end(ref));
    violates(monitor, "G1");
  }

  @Test
  void G4_G5_V7_does_not_tell_of_a_mapping_that_came_late() {
    DriverBench bench = bench(DriverVersion.V7);
    bench.mapElement(0, REGION, bench.grant(PAGE_GFN));
    bench.machine.world().faults().add(Fault.of(MapFault.PAGE_IS_OUT, GRANTER).times(19));
    CallMonitor monitor = monitor(bench, MAPPER);
    bench.mapRefs(1);
    monitor.afterMap(ARRAYS, 1);
    violates(monitor, "G4");
    violates(monitor, "G5");
  }

  @Test
  void G5_a_mapping_that_is_unmapped_by_a_wrong_handle_is_still_known() {
    DriverBench bench = bench(DriverVersion.CONTRACT);
    bench.mapElement(0, REGION, bench.grant(PAGE_GFN));
    CallMonitor monitor = monitor(bench, MAPPER);
    bench.mapRefs(1);
    monitor.afterMap(ARRAYS, 1);
    bench.unmapElement(0, REGION, 9);
    monitor.before();
    bench.unmapRefs(1);
    monitor.afterUnmap(UNMAPS, 1);
    assertThat(monitor.violations()).isEmpty();
    bench.unmapElement(0, REGION, bench.handle(0));
    bench.unmapRefs(1);
    monitor.afterUnmap(UNMAPS, 1);
    assertThat(monitor.violations()).isEmpty();
    bench.mapRefs(1);
    monitor.afterUnmap(UNMAPS, 0);
    violates(monitor, "G5");
  }

  @Test
  void G9_V7_loses_the_block_when_the_first_removal_fails() {
    DriverBench bench = new DriverBench(config -> config.withVersion(DriverVersion.V7).withRegions());
    CallMonitor monitor = monitor(bench, MAPPER);
    bench.machine.world().faults().add(Fault.of(MemoryFault.REMOVE_FROM_PHYSMAP, MAPPER));
    bench.getPages(1);
    monitor.afterFailure();
    violates(monitor, "G9");
  }

  @Test
  void G10_a_refusal_in_advance_issues_no_hypercall() {
    DriverBench bench = bench(DriverVersion.CONTRACT);
    bench.mapElement(0, REGION - 4096, bench.grant(PAGE_GFN));
    CallMonitor monitor = monitor(bench, MAPPER);
    bench.mapRefs(1);
    monitor.afterMap(ARRAYS, 1);
    assertThat(monitor.violations()).isEmpty();
    monitor.decided(MAPPER, 0, 0, DriverRule.MAPREF_01);
    monitor.afterMap(ARRAYS, 1);
    violates(monitor, "G10");
  }
}
