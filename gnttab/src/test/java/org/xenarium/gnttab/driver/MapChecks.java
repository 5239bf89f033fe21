package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.driver.DriverBench.ARRAYS;
import static org.xenarium.gnttab.driver.DriverBench.MAPPER;
import static org.xenarium.gnttab.driver.DriverBench.PAGE_GFN;
import static org.xenarium.gnttab.driver.DriverBench.REGION;
import static org.xenarium.gnttab.driver.DriverBench.REGION_SIZE;
import static org.xenarium.gnttab.driver.DriverDifference.DONE_ELEMENTS_HIDDEN;
import static org.xenarium.gnttab.driver.DriverDifference.FAILED_IN_VA;
import static org.xenarium.gnttab.driver.DriverDifference.LATE_SUCCESS_LOST;
import static org.xenarium.gnttab.driver.DriverDifference.NO_CHECK_OF_REGION;
import static org.xenarium.gnttab.driver.DriverDifference.NO_REGIONS;
import static org.xenarium.gnttab.driver.DriverDifference.SAME_ADDRESS_TWICE;
import static org.xenarium.gnttab.driver.DriverDifference.VA_RESULT_IGNORED;

import java.util.List;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.driver.Check.Subject;
import org.xenarium.gnttab.op.MapFault;

/** gnttab_map_refs. */
final class MapChecks {
  static final List<Check> ALL =
      List.of(
          Check.of("map_refs: Map one or more foreign grant references", MapChecks::maps),
          Check.of("map_refs: Xen also stores a per-entry status code in each entry", MapChecks::statuses),
          Check.of("map_refs: -EFAULT when a host address is outside the regions", MapChecks::mapOutside, NO_CHECK_OF_REGION, NO_REGIONS),
          Check.of("map_refs: the last page of a region is inside", MapChecks::mapsAtTheEdges),
          Check.of("map_refs: without regions any address will do", MapChecks::mapsAnywhere),
          Check.of("map_refs: an empty batch completes", subject -> assertThat(subject.bench().mapRefs(0)).isZero()),
          Check.of("map_refs: a host_addr that is not 4K-aligned is remarked", MapChecks::unaligned),
          Check.of("map_refs: a page that comes back in time is mapped", MapChecks::retries),
          Check.of("map_refs: a page that comes back at the 19th retry is mapped", subject -> retry(subject, 19, 1710), LATE_SUCCESS_LOST),
          Check.of("map_refs: a page that stays out is a bad page after 1900 ms", MapChecks::givesUp),
          Check.of("G11 a page that is mapped has a virtual address", MapChecks::visible, NO_REGIONS),
          Check.of("G11 an element that failed has no virtual address", MapChecks::failedIsInvisible, FAILED_IN_VA),
          Check.of("map_refs: panics when a mapped page gets no virtual address", MapChecks::panics, NO_REGIONS, VA_RESULT_IGNORED),
          Check.of("map_refs: two elements with one address are refused", MapChecks::sameAddressInBatch, SAME_ADDRESS_TWICE),
          Check.of("map_refs: an address in use is refused until it is unmapped", MapChecks::sameAddress, SAME_ADDRESS_TWICE),
          Check.of("G4 after a failed hypercall no status is okay that was not mapped", MapChecks::hypercallFails, DONE_ELEMENTS_HIDDEN));

  private MapChecks() {}

  private static void maps(Subject subject) {
    DriverBench bench = subject.bench();
    for (int i = 0; i < 3; i++) {
      bench.granter().store(PAGE_GFN + i << 12, 8, 100 + i);
      bench.mapElement(i, REGION + 4096 * i, bench.grant(PAGE_GFN + i));
    }
    assertThat(bench.mapRefs(3)).as("0 on success").isZero();
    for (int i = 0; i < 3; i++) {
      assertThat(bench.mapStatus(i)).isZero();
      assertThat(bench.mapper().load(REGION + 4096 * i, 8)).isEqualTo(100 + i);
    }
  }

  private static void statuses(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    bench.mapElement(0, REGION, ref);
    bench.mapElement(1, REGION + 4096, 5000);
    bench.mapElement(2, REGION + 8192, ref);
    assertThat(bench.mapRefs(3)).as("the hypercall completed").isZero();
    assertThat(List.of(bench.mapStatus(0), bench.mapStatus(1), bench.mapStatus(2))).containsExactly(0, GntStatus.BAD_GNTREF, 0);
  }

  private static void mapOutside(Subject subject) {
    for (long outside : new long[] {REGION - 4096, REGION - 1, REGION + REGION_SIZE, PAGE_GFN << 12, 0, -4096}) {
      for (int position = 0; position < 3; position++) {
        DriverBench bench = subject.bench();
        int ref = bench.grant(PAGE_GFN);
        for (int i = 0; i < 3; i++) {
          bench.mapElement(i, i == position ? outside : REGION + 4096 * i, ref);
        }
        refuses(bench, () -> assertThat(bench.mapRefs(3)).isEqualTo(-Errno.EFAULT));
      }
    }
  }

  /** G10: no hypercall, and no byte of memory changed. */
  static void refuses(DriverBench bench, Runnable call) {
    int calls = bench.hypercalls.size();
    long before = bench.machine.world().memory().content().digest();
    call.run();
    assertThat(bench.hypercalls).as("outcomes of hypercalls").hasSize(calls);
    assertThat(bench.machine.world().memory().content().digest()).as("memory").isEqualTo(before);
  }

  private static void mapsAtTheEdges(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    assertThat(bench.map(ref, REGION)).isTrue();
    assertThat(bench.map(ref, REGION + REGION_SIZE - 4096)).isTrue();
  }

  private static void mapsAnywhere(Subject subject) {
    DriverBench bench = subject.direct();
    assertThat(bench.map(bench.grant(PAGE_GFN), 0x70000000L)).isTrue();
  }

  private static void unaligned(Subject subject) {
    DriverBench bench = subject.bench();
    bench.granter().store(PAGE_GFN << 12, 8, 44);
    assertThat(bench.map(bench.grant(PAGE_GFN), REGION + 8)).isTrue();
    assertThat(bench.mapper().load(REGION, 8)).as("Xen rounds down").isEqualTo(44);
    assertThat(bench.said).contains(DriverRule.REFS_01);
  }

  private static void retries(Subject subject) {
    retry(subject, 1, 10 - 10);
    retry(subject, 2, 10);
    retry(subject, 18, 1530);
  }

  /** The batch and all retries before this one find the page out; so much time is slept. */
  private static void retry(Subject subject, int success, long sleptMs) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    bench.machine.world().faults().add(Fault.of(MapFault.PAGE_IS_OUT, DriverBench.GRANTER).times(success));
    bench.mapElement(0, REGION, ref);
    bench.machine.start(bench.mapper(), new MapRefs(ARRAYS, 1));
    bench.machine.run();
    assertThat(bench.mapper().x(0)).isZero();
    assertThat(bench.mapStatus(0)).as("success at retry %d", success).isEqualTo(GntStatus.OKAY);
    assertThat(bench.machine.now() / 1_000_000).as("slept").isEqualTo(sleptMs);
  }

  private static void givesUp(Subject subject) {
    DriverBench bench = subject.bench();
    bench.machine.world().faults().add(Fault.of(MapFault.PAGE_IS_OUT, DriverBench.GRANTER));
    bench.mapElement(0, REGION, bench.grant(PAGE_GFN));
    int calls = bench.hypercalls.size();
    bench.machine.start(bench.mapper(), new MapRefs(ARRAYS, 1));
    bench.machine.run();
    assertThat(bench.mapper().x(0)).isZero();
    assertThat(bench.mapStatus(0)).isEqualTo(GntStatus.BAD_PAGE);
    assertThat(bench.machine.now() / 1_000_000).isEqualTo(1900);
    assertThat(bench.hypercalls).as("the batch and 19 retries").hasSize(calls + 20);
  }

  static boolean isVisible(DriverBench bench, long address) {
    return bench.driver(bench.mapper()).regions().isVisible(address);
  }

  private static void visible(Subject subject) {
    DriverBench bench = subject.bench();
    bench.map(bench.grant(PAGE_GFN), REGION);
    assertThat(isVisible(bench, REGION)).isTrue();
    assertThat(isVisible(bench, REGION + 4096)).isFalse();
  }

  private static void failedIsInvisible(Subject subject) {
    DriverBench bench = subject.bench();
    assertThat(bench.map(5000, REGION)).isFalse();
    assertThat(isVisible(bench, REGION)).isFalse();
  }

  private static void panics(Subject subject) {
    DriverBench bench = subject.bench();
    bench.machine.world().faults().add(Fault.of(DriverFault.VA_MAP, MAPPER).at(REGION));
    bench.map(bench.grant(PAGE_GFN), REGION);
    assertThat(bench.mapper().isHalted()).isTrue();
    assertThat(bench.said).contains(DriverRule.MAPREF_05);
  }

  private static void sameAddressInBatch(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    for (int i = 0; i < 3; i++) {
      bench.mapElement(i, i == 2 ? REGION : REGION + 4096 * i, ref);
    }
    refuses(bench, () -> assertThat(bench.mapRefs(3)).isEqualTo(-Errno.EBUSY));
    assertThat(bench.mapRefs(2)).as("nothing stays claimed").isZero();
  }

  private static void sameAddress(Subject subject) {
    for (DriverBench bench : List.of(subject.bench(), subject.direct())) {
      long place = 0x51000000L;
      int ref = bench.grant(PAGE_GFN);
      assertThat(bench.map(ref, place)).isTrue();
      int handle = bench.handle(0);
      bench.mapElement(0, place, ref);
      assertThat(bench.mapRefs(1)).isEqualTo(-Errno.EBUSY);
      bench.unmapElement(0, place, handle);
      assertThat(bench.unmapRefs(1)).isZero();
      assertThat(bench.map(ref, place)).isTrue();
    }
  }

  /** The second element lies in a page that another domain owns, where Xen does not read arguments. */
  private static void hypercallFails(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    long foreign = DriverBench.RAM_GFN + DriverBench.PAGES << 12;
    MachineMemory memory = bench.machine.world().memory();
    long mfn = bench.granter().domain().machineAddress(PAGE_GFN + 1 << 12) >>> 12;
    memory.get(mfn, memory.owner(mfn));
    bench.mapper().domain().physmap().set(foreign >>> 12, mfn, EntryType.MAP_FOREIGN_RW);
    for (int i = 0; i < 2; i++) {
      long at = foreign - MapLayout.SIZE + i * MapLayout.SIZE;
      bench.mapper().store(at + MapLayout.HOST_ADDR, 8, REGION + 4096 * (i + 1));
      bench.mapper().store(at + MapLayout.FLAGS, 4, MapFlags.HOST_MAP);
      bench.mapper().store(at + MapLayout.REF, 4, ref);
      bench.mapper().store(at + MapLayout.DOM, 2, DriverBench.GRANTER);
      bench.mapper().store(at + MapLayout.STATUS, 2, GntStatus.OKAY);
    }
    assertThat(bench.run(bench.mapper(), new MapRefs(foreign - MapLayout.SIZE, 2))).isEqualTo(-Errno.EFAULT);
    assertThat((short) bench.mapper().load(foreign - MapLayout.SIZE + MapLayout.STATUS, 2)).as("first").isEqualTo((short) GntStatus.OKAY);
    assertThat(isVisible(bench, REGION + 4096)).as("the first page is mapped").isTrue();
    assertThat((short) bench.mapper().load(foreign + MapLayout.STATUS, 2)).as("second").isNotEqualTo((short) GntStatus.OKAY);
    assertThat(isVisible(bench, REGION + 8192)).isFalse();
  }
}
