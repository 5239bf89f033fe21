package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.driver.DriverBench.ARRAYS;
import static org.xenarium.gnttab.driver.DriverBench.GRANTER;
import static org.xenarium.gnttab.driver.DriverBench.MAPPER;
import static org.xenarium.gnttab.driver.DriverBench.PAGE_GFN;
import static org.xenarium.gnttab.driver.DriverBench.REGION;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.guest.Threads;
import org.xenarium.gnttab.op.MapFault;
import org.xenarium.gnttab.table.GrantLimits;

/** Several threads on one vCPU that use the driver. */
class DriverThreadsTest {
  @Test
  void G12_threads_that_wait_for_a_reference_get_them_in_the_order_in_which_they_came() {
    DriverBench bench = new DriverBench();
    while (bench.driver(bench.granter()).freeCount() > 0) {
      bench.grant(PAGE_GFN);
    }
    Threads threads =
        new Threads(
            new GrantAccess(MAPPER, PAGE_GFN, false),
            new GrantAccess(MAPPER, PAGE_GFN, false),
            new EndAccess(100),
            new EndAccess(200),
            new GrantAccess(MAPPER, PAGE_GFN, false));
    bench.machine.start(bench.granter(), threads);
    bench.machine.run();
    assertThat(threads.result(0)).isEqualTo(200);
    assertThat(threads.result(1)).isEqualTo(100);
    assertThat(threads.hasEnded(4)).as("who came last").isFalse();
    assertThat(GuestInvariants.check(bench.machine.world())).isEmpty();
  }

  @Test
  void sleeping_in_the_back_off_lets_others_run() {
    DriverBench bench = new DriverBench();
    int ref = bench.grant(PAGE_GFN);
    bench.machine.world().faults().add(Fault.of(MapFault.PAGE_IS_OUT, GRANTER).until(25_000_000));
    bench.mapElement(0, REGION, ref);
    Threads threads = new Threads(new MapRefs(ARRAYS, 1), new GrantAccess(GRANTER, PAGE_GFN, false));
    bench.machine.start(bench.mapper(), threads);
    bench.machine.run(1_000_000);
    assertThat(threads.hasEnded(0)).isFalse();
    assertThat(threads.result(1)).isEqualTo(8);
    bench.machine.run();
    assertThat(threads.result(0)).isZero();
    assertThat(bench.mapStatus(0)).isZero();
    assertThat(bench.machine.now() / 1_000_000).as("sleeps of 10 and 20 ms").isEqualTo(30);
  }

  @Test
  void every_step_of_every_call_can_be_copied_and_goes_on_the_same_way() {
    DriverBench bench = new DriverBench(config -> config, true, DriverBench.PAGES, GrantLimits.DEFAULT);
    int ref = bench.grant(PAGE_GFN);
    bench.mapElement(0, REGION, ref);
    bench.unmapElement(0, REGION, 0);
    Vcpu vcpu = bench.mapper();
    vcpu.setGuest(
        new Threads(
            new MapRefs(ARRAYS, 1),
            new UnmapRefs(DriverBench.UNMAPS, 1),
            new AllocAndGrant(DriverBench.POINTERS, true),
            new EndAccess(8),
            new GetPages(2),
            new PutPages(REGION, 2)));
    for (int steps = 0; steps < 1000 && bench.machine.enabled(vcpu); steps++) {
      Machine copy = bench.machine.copy();
      assertThat(copy.digest()).isEqualTo(bench.machine.digest());
      bench.machine.step(vcpu);
      copy.step(copy.domain(MAPPER).vcpu(0));
      assertThat(copy.digest()).as("after step %d", steps).isEqualTo(bench.machine.digest());
    }
    assertThat(vcpu.guest()).isNull();
  }
}
