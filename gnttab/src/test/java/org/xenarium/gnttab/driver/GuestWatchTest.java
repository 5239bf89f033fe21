package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.xenarium.gnttab.driver.DriverBench.ARRAYS;
import static org.xenarium.gnttab.driver.DriverBench.GRANTER;
import static org.xenarium.gnttab.driver.DriverBench.HEAP;
import static org.xenarium.gnttab.driver.DriverBench.MAPPER;
import static org.xenarium.gnttab.driver.DriverBench.PAGE_GFN;
import static org.xenarium.gnttab.driver.DriverBench.REGION;
import static org.xenarium.gnttab.driver.DriverBench.TABLE;
import static org.xenarium.gnttab.driver.DriverBench.UNMAPS;
import static org.xenarium.gnttab.driver.GuestInvariant.G1;
import static org.xenarium.gnttab.driver.GuestInvariant.G10;
import static org.xenarium.gnttab.driver.GuestInvariant.G11;
import static org.xenarium.gnttab.driver.GuestInvariant.G12;
import static org.xenarium.gnttab.driver.GuestInvariant.G13;
import static org.xenarium.gnttab.driver.GuestInvariant.G14;
import static org.xenarium.gnttab.driver.GuestInvariant.G15;
import static org.xenarium.gnttab.driver.GuestInvariant.G2;
import static org.xenarium.gnttab.driver.GuestInvariant.G3;
import static org.xenarium.gnttab.driver.GuestInvariant.G4;
import static org.xenarium.gnttab.driver.GuestInvariant.G5;
import static org.xenarium.gnttab.driver.GuestInvariant.G6;
import static org.xenarium.gnttab.driver.GuestInvariant.G7;
import static org.xenarium.gnttab.driver.GuestInvariant.G8;
import static org.xenarium.gnttab.driver.GuestInvariant.G9;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.invariant.Invariants;
import org.xenarium.gnttab.op.MapFault;

/** Each invariant of guests is reported when it does not hold, and no other is. The documented driver is meddled with, or has one mistake. */
class GuestWatchTest {
  private static final long PAGE = PAGE_GFN << 12;

  private final List<GuestViolation> violations = new ArrayList<>();
  private DriverBench bench;
  private GuestWatch watch;

  private void use(DriverBench other) {
    bench = other;
    watch = GuestInvariants.watch(bench.machine, GuestInvariants.ALL, violations::add);
  }

  private void useDriver(DriverDifference... differences) {
    use(new DriverBench(config -> config.withDifferences(List.of(differences))));
  }

  /** Exactly these have been reported, each at least once. */
  private void reports(GuestInvariant... expected) {
    Set<GuestInvariant> found = EnumSet.noneOf(GuestInvariant.class);
    violations.forEach(violation -> found.add(violation.invariant()));
    assertThat(found).as("%s", violations).containsExactlyInAnyOrder(expected);
    assertThat(expected).as("what fails was put to the test").allMatch(invariant -> watch.tests(invariant) > 0);
  }

  @Test
  void an_invariant_is_put_to_the_test_where_there_is_what_it_speaks_of() {
    useDriver();
    assertThat(GuestInvariant.values()).allMatch(invariant -> watch.tests(invariant) == 0);
    int ref = bench.grant(PAGE_GFN);
    assertThat(tested()).as("a first grant").containsExactly(G1, G6, G8);
    bench.map(ref, REGION);
    assertThat(tested()).as("and a mapping").containsExactly(G1, G4, G5, G6, G8, G11);
    bench.mapper().store(REGION, 8, 1);
    assertThat(tested()).as("and a store there").containsExactly(G1, G4, G5, G6, G8, G11, G14);
    bench.end(ref);
    assertThat(tested()).as("and a withdrawal that is refused").containsExactly(G1, G3, G4, G5, G6, G7, G8, G9, G11, G14);
    bench.unmapElement(0, REGION, bench.handle(0));
    bench.unmapRefs(1);
    bench.end(ref);
    assertThat(tested()).as("and one that is not").containsExactly(G1, G3, G4, G5, G6, G7, G8, G9, G11, G13, G14);
    bench.grant(PAGE_GFN);
    assertThat(tested()).as("and a second grant").containsExactly(G1, G2, G3, G4, G5, G6, G7, G8, G9, G11, G13, G14);
    assertThat(watch.tests(G2)).isOne();
  }

  private List<GuestInvariant> tested() {
    return Stream.of(GuestInvariant.values()).filter(invariant -> watch.tests(invariant) > 0).toList();
  }

  private void steps(Vcpu vcpu, int count) {
    for (int i = 0; i < count; i++) {
      bench.machine.step(vcpu);
    }
  }

  /** All steps of a call but the last. */
  private void untilLast(Vcpu vcpu, DriverCall call) {
    int count = 0;
    Machine copy = bench.machine.copy();
    Vcpu twin = copy.domain(vcpu.domain().id()).vcpu(vcpu.id());
    twin.setGuest(call.copy());
    while (twin.guest() != null) {
      copy.step(twin);
      count++;
    }
    vcpu.setGuest(call);
    steps(vcpu, count - 1);
  }

  @Test
  void every_invariant_has_a_test_that_breaks_it() {
    Set<String> tested = new TreeSet<>();
    for (Method method : GuestWatchTest.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class)) {
        tested.add(method.getName().split("_")[0]);
      }
    }
    assertThat(GuestInvariant.values()).extracting(GuestInvariant::id).hasSize(15).allMatch(tested::contains);
  }

  @Test
  void nothing_is_reported_of_the_documented_driver() {
    useDriver();
    int ref = bench.grant(PAGE_GFN);
    bench.map(ref, REGION);
    bench.mapper().store(REGION, 8, 1);
    bench.end(ref);
    bench.unmapElement(0, REGION, bench.handle(0));
    bench.unmapRefs(1);
    bench.end(ref);
    bench.end(ref);
    bench.grant(PAGE_GFN);
    bench.putPages(bench.getPages(2), 2);
    bench.run(bench.granter(), new AllocAndGrant(DriverBench.POINTERS, true));
    watch.audit();
    reports();
  }

  @Test
  void G1_the_semaphore_counts_what_the_list_does_not_have() {
    useDriver();
    bench.driver(bench.granter()).semaphore().take(7);
    bench.grant(PAGE_GFN);
    reports(G1);
  }

  @Test
  void G1_a_reserved_reference_is_free() {
    useDriver(DriverDifference.UNCHECKED_REF, DriverDifference.UNCHECKED_FREE);
    bench.end(3);
    reports(G1);
  }

  @Test
  void G2_a_reference_in_use_is_put_into_the_list() {
    useDriver();
    int ref = bench.grant(PAGE_GFN);
    bench.driver(bench.granter()).list().push(ref);
    bench.driver(bench.granter()).semaphore().give();
    bench.grant(PAGE_GFN);
    reports(G2);
  }

  @Test
  void G3_the_entry_is_written_again_before_the_release_is_reported() {
    useDriver();
    int ref = bench.grant(PAGE_GFN);
    untilLast(bench.granter(), new EndAccess(ref));
    bench.granter().store(TABLE + 8L * ref, 2, 1);
    steps(bench.granter(), 1);
    reports(G3);
  }

  /** It tells of a handle that exists already, so that no handle is unknown. */
  @Test
  void G4_an_element_that_failed_says_okay() {
    useDriver();
    bench.map(bench.grant(PAGE_GFN), REGION);
    bench.mapElement(1, REGION + 4096, 5000);
    long element = ARRAYS + MapLayout.SIZE;
    untilLast(bench.mapper(), new MapRefs(element, 1));
    bench.mapper().store(element + MapLayout.STATUS, 2, 0);
    bench.mapper().store(element + MapLayout.HANDLE, 4, bench.handle(0));
    steps(bench.mapper(), 1);
    reports(G4);
  }

  /** Whoever is told of no handle cannot know of one. */
  @Test
  void G4_with_G5_V7_does_not_tell_of_a_mapping_that_came_late() {
    useDriver(DriverDifference.LATE_SUCCESS_LOST);
    bench.mapElement(0, REGION, bench.grant(PAGE_GFN));
    bench.machine.world().faults().add(Fault.of(MapFault.PAGE_IS_OUT, GRANTER).times(19));
    bench.mapRefs(1);
    assertThat(violations).extracting(GuestViolation::invariant).contains(G4, G5);
  }

  @Test
  void G5_an_unmap_that_failed_says_okay() {
    useDriver();
    bench.map(bench.grant(PAGE_GFN), REGION);
    bench.unmapElement(0, REGION, 200);
    untilLast(bench.mapper(), new UnmapRefs(UNMAPS, 1));
    bench.mapper().store(UNMAPS + UnmapLayout.STATUS, 2, 0);
    bench.mapper().store(UNMAPS + UnmapLayout.HANDLE, 4, bench.handle(0));
    steps(bench.mapper(), 1);
    reports(G5);
  }

  @Test
  void G6_RAM_that_is_mapped_over_is_lost() {
    useDriver(DriverDifference.NO_CHECK_OF_REGION, DriverDifference.VA_RESULT_IGNORED);
    bench.map(bench.grant(PAGE_GFN), PAGE);
    reports(G6);
  }

  @Test
  void G7_a_free_page_is_reached_by_another_domain() {
    useDriver();
    bench.map(bench.grant(HEAP >>> 12), REGION);
    watch.audit();
    reports(G7);
  }

  @Test
  void G8_a_reference_that_is_ended_twice_leaves_interrupts_masked() {
    useDriver(DriverDifference.UNCHECKED_REF, DriverDifference.LOCK_LEAK);
    bench.end(300);
    reports(G8);
  }

  @Test
  void G9_the_block_is_lost_when_the_first_removal_fails() {
    use(new DriverBench(config -> config.withRegions().withDifferences(List.of(DriverDifference.BLOCK_LOST))));
    bench.machine.world().faults().add(Fault.of(MemoryFault.REMOVE_FROM_PHYSMAP, MAPPER));
    bench.getPages(1);
    reports(G9);
  }

  /** The call is made to issue a hypercall after it has looked at the first of two elements. */
  @Test
  void G10_a_hypercall_before_a_refusal() {
    useDriver();
    bench.mapElement(0, REGION, bench.grant(PAGE_GFN));
    bench.mapElement(1, REGION - 4096, 8);
    Vcpu vcpu = bench.mapper();
    MapRefs call = new MapRefs(ARRAYS, 2);
    vcpu.setGuest(call);
    steps(vcpu, 1);
    watch.beforeCall(vcpu, call);
    vcpu.issue(GnttabOp.HYPERCALL, GnttabOp.QUERY_SIZE, UNMAPS, 1);
    watch.afterCall(vcpu, call, false);
    while (vcpu.guest() != null) {
      steps(vcpu, 1);
    }
    reports(G10);
  }

  @Test
  void G11_an_element_that_failed_gets_a_virtual_address() {
    useDriver(DriverDifference.FAILED_IN_VA);
    bench.map(5000, REGION);
    reports(G11);
  }

  @Test
  void G11_a_page_that_stays_mapped_loses_its_virtual_address() {
    useDriver();
    bench.map(bench.grant(PAGE_GFN), REGION);
    bench.driver(bench.mapper()).regions().unmap(REGION);
    bench.mapRefs(0);
    reports(G11);
  }

  @Test
  void G12_a_reference_becomes_free_and_nobody_who_waits_is_told() {
    useDriver();
    int ref = 0;
    while (bench.driver(bench.granter()).freeCount() > 0) {
      ref = bench.grant(PAGE_GFN);
    }
    bench.run(bench.granter(), new GrantAccess(MAPPER, PAGE_GFN, false));
    Vcpu other = bench.machine.domain(GRANTER).vcpu(1);
    bench.run(other, new FreeBlock(0));
    reports();
    bench.driver(other).list().push(ref);
    bench.run(other, new FreeBlock(0));
    reports(G12);
  }

  @Test
  void G13_an_entry_that_was_released_permits_access_again() {
    useDriver();
    int ref = bench.grant(PAGE_GFN);
    bench.end(ref);
    bench.granter().store(TABLE + 8L * ref, 2, 1);
    reports();
    bench.map(ref, REGION);
    reports(G13);
  }

  /** A release that is not true is one that lets the peer go on. */
  @Test
  void G13_with_G3_the_inverted_end_access_of_V7_releases_what_is_mapped() {
    useDriver(DriverDifference.END_INVERTED);
    int ref = bench.grant(PAGE_GFN);
    bench.map(ref, REGION);
    bench.end(ref);
    reports(G3, G13);
  }

  @Test
  void G13_is_no_concern_of_a_reference_that_is_handed_out_again() {
    useDriver();
    int ref = bench.grant(PAGE_GFN);
    bench.end(ref);
    assertThat(bench.grant(PAGE_GFN)).isEqualTo(ref);
    bench.map(ref, REGION);
    reports();
  }

  @Test
  void G14_an_access_runs_past_the_page_that_is_mapped_for_it() {
    useDriver();
    bench.map(bench.grant(PAGE_GFN), REGION);
    bench.mapper().load(REGION + 0xff8, 8);
    reports();
    bench.mapper().load(REGION + 0xffc, 8);
    reports(G14);
  }

  @Test
  void G15_a_page_is_granted_with_what_was_left_in_it() {
    useDriver();
    watch.secret(GRANTER, PAGE, 4096);
    bench.grant(PAGE_GFN + 1);
    bench.granter().store(PAGE, 8, 0x1234);
    reports();
    bench.grant(PAGE_GFN);
    reports(G15);
    assertThat(violations.get(0).message()).contains("4088 secret bytes");
  }

  @Test
  void G15_what_the_guest_has_stored_itself_is_meant_for_the_peer() {
    useDriver();
    watch.secret(GRANTER, PAGE + 8, 16);
    bench.granter().store(PAGE + 8, 8, 0);
    bench.granter().store(PAGE + 16, 8, 0);
    bench.map(bench.grant(PAGE_GFN), REGION);
    reports();
  }

  @Test
  void G15_a_page_that_is_granted_past_the_driver_is_looked_at_when_it_is_mapped() {
    useDriver();
    watch.secret(GRANTER, PAGE, 1);
    bench.granter().store(TABLE + 8 * 400, 8, PAGE_GFN << 32 | MAPPER << 16 | 1);
    reports();
    bench.map(400, REGION);
    reports(G15);
  }

  // How the watch is used.

  @Test
  void the_first_violation_ends_the_step_where_nobody_collects_them() {
    DriverBench other = new DriverBench(config -> config.withDifferences(List.of(DriverDifference.END_INVERTED)));
    GuestInvariants.watch(other.machine);
    int ref = other.grant(PAGE_GFN);
    assertThatThrownBy(() -> other.end(ref)).isInstanceOf(GuestViolatedException.class).hasMessageStartingWith("G1 is violated by domain 1");
  }

  @Test
  void what_is_not_chosen_is_not_reported_and_after_stop_nothing_is() {
    bench = new DriverBench(config -> config.withDifferences(List.of(DriverDifference.END_INVERTED)));
    watch = GuestInvariants.watch(bench.machine, Set.of(G3), violations::add);
    int ref = bench.grant(PAGE_GFN);
    bench.map(ref, REGION);
    bench.end(ref);
    reports(G3);
    violations.clear();
    watch.stop();
    bench.end(bench.grant(PAGE_GFN));
    reports();
  }

  /** The journal would tell the later one only. */
  @Test
  void a_machine_has_one_watch_of_the_hypervisor_at_a_time() {
    DriverBench other = new DriverBench();
    assertThatThrownBy(() -> Invariants.watch(other.machine)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void what_guests_have_already_is_theirs() {
    bench = new DriverBench();
    int ref = bench.grant(PAGE_GFN);
    bench.map(ref, REGION);
    watch = GuestInvariants.watch(bench.machine, GuestInvariants.ALL, violations::add);
    bench.end(ref);
    bench.unmapElement(0, REGION, bench.handle(0));
    bench.unmapRefs(1);
    bench.end(ref);
    reports();
  }

  @Test
  void of_a_guest_that_has_panicked_nothing_is_expected() {
    useDriver();
    bench.run(bench.granter(), new FreeBlock(HEAP));
    assertThat(bench.granter().isHalted()).isTrue();
    bench.driver(bench.granter()).semaphore().take(7);
    watch.audit();
    reports();
  }

  @Test
  void a_hypercall_past_the_driver_meanwhile_makes_void_what_is_said_of_single_calls() {
    useDriver();
    int ref = bench.grant(PAGE_GFN);
    bench.mapElement(0, REGION, ref);
    bench.mapElement(1, REGION + 4096, ref);
    untilLast(bench.mapper(), new MapRefs(ARRAYS, 1));
    Vcpu other = bench.machine.domain(MAPPER).vcpu(1);
    bench.machine.call(other, GnttabOp.HYPERCALL, GnttabOp.MAP_GRANT_REF, ARRAYS + MapLayout.SIZE, 1);
    bench.driver(bench.mapper()).regions().map(REGION + 4096);
    steps(bench.mapper(), 1);
    reports();
  }
}
