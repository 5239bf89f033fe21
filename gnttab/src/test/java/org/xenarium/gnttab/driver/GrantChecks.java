package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.driver.DriverBench.GRANTER;
import static org.xenarium.gnttab.driver.DriverBench.MAPPER;
import static org.xenarium.gnttab.driver.DriverBench.PAGE_GFN;
import static org.xenarium.gnttab.driver.DriverBench.REGION;
import static org.xenarium.gnttab.driver.DriverBench.TABLE;
import static org.xenarium.gnttab.driver.DriverBench.THIRD;
import static org.xenarium.gnttab.driver.DriverDifference.DESCENDING;
import static org.xenarium.gnttab.driver.DriverDifference.END_INVERTED;
import static org.xenarium.gnttab.driver.DriverDifference.FRAMES_ASCENDING;
import static org.xenarium.gnttab.driver.DriverDifference.GROWING;
import static org.xenarium.gnttab.driver.DriverDifference.GROWTH_UNSAFE;

import java.util.List;
import java.util.stream.Stream;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.driver.Check.Subject;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantTable;

/** gnttab_grant_access and the driver's initialisation. */
final class GrantChecks {
  static final List<Check> ALL =
      List.of(
          Check.of("grant_access: Grant another domain access to a guest frame", GrantChecks::grants),
          Check.of("grant_access: domid is the foreign domain that receives access to the frame", GrantChecks::grantsToOneDomain),
          Check.of("grant_access: readonly set to true grants read-only access", GrantChecks::grantsReadOnly),
          Check.of("grant_access: returns the grant reference that identifies the new entry", GrantChecks::returnsTheEntry),
          Check.of("grant_access: a reference is not handed out twice", GrantChecks::handsOutOnce),
          Check.of("grant_access: references are handed out from the first one up", GrantChecks::ascends, DESCENDING),
          Check.of("grant_access: waits without a free reference, and wakes when one is released", GrantChecks::waits, END_INVERTED, GROWING),
          Check.of("grant_access: who waits longest gets the next reference", GrantChecks::wakesInOrder, END_INVERTED, GROWING),
          Check.of("grant_access: a released reference can be used again, for ever", GrantChecks::reuses, END_INVERTED),
          Check.of("G2 a reference is not handed out before its owner was told of its release", GrantChecks::keepsBusy, END_INVERTED),
          Check.of("two domains grant to each other", GrantChecks::mutual),
          Check.of("init: all but the reserved references are free", GrantChecks::usesAll, GROWTH_UNSAFE),
          Check.of("init: a growth of the table that fails does no harm", GrantChecks::growsSafely, GROWTH_UNSAFE),
          Check.of("init: the table is expanded once and not set up again", GrantChecks::expandsOnce, FRAMES_ASCENDING, GROWING),
          Check.of("init: panics when the table cannot be so large", GrantChecks::panicsWhenTooLarge, FRAMES_ASCENDING, GROWING));

  private GrantChecks() {}

  private static void grants(Subject subject) {
    DriverBench bench = subject.bench();
    bench.granter().store(PAGE_GFN << 12, 8, 0x1234);
    assertThat(bench.map(bench.grant(PAGE_GFN), REGION)).isTrue();
    assertThat(bench.mapper().load(REGION, 8)).isEqualTo(0x1234);
    bench.mapper().store(REGION + 8, 8, 0x5678);
    assertThat(bench.granter().load((PAGE_GFN << 12) + 8, 8)).isEqualTo(0x5678);
  }

  private static void grantsToOneDomain(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = (int) bench.run(bench.granter(), new GrantAccess(THIRD, PAGE_GFN, false));
    assertThat(bench.map(ref, REGION)).isFalse();
  }

  private static void grantsReadOnly(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = (int) bench.run(bench.granter(), new GrantAccess(MAPPER, PAGE_GFN, true));
    assertThat(bench.map(ref, REGION)).as("to write").isFalse();
    bench.mapElement(0, REGION, ref);
    bench.mapper().store(DriverBench.ARRAYS + MapLayout.FLAGS, 4, MapFlags.HOST_MAP | MapFlags.READONLY);
    bench.mapRefs(1);
    assertThat(bench.mapStatus(0)).as("to read").isEqualTo(GntStatus.OKAY);
  }

  private static void returnsTheEntry(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    assertThat(ref).isBetween(FreeList.RESERVED, 511);
    assertThat(bench.granter().load(TABLE + 8L * ref, 8)).isEqualTo(PAGE_GFN << 32 | MAPPER << 16 | 1);
  }

  private static void handsOutOnce(Subject subject) {
    DriverBench bench = subject.bench();
    List<Integer> refs = Stream.generate(() -> bench.grant(PAGE_GFN)).limit(100).toList();
    assertThat(refs).doesNotHaveDuplicates();
  }

  private static void ascends(Subject subject) {
    DriverBench bench = subject.bench();
    assertThat(bench.grant(PAGE_GFN)).isEqualTo(FreeList.RESERVED);
    assertThat(bench.grant(PAGE_GFN)).isEqualTo(FreeList.RESERVED + 1);
  }

  /** Takes all references there are and returns the last one. */
  private static int exhaust(DriverBench bench) {
    int last = bench.grant(PAGE_GFN);
    while (bench.driver(bench.granter()).freeCount() > 0) {
      last = bench.grant(PAGE_GFN);
    }
    return last;
  }

  private static void waits(Subject subject) {
    DriverBench bench = subject.limited(1);
    int last = exhaust(bench);
    Vcpu second = bench.machine.domain(GRANTER).vcpu(1);
    bench.run(second, new GrantAccess(MAPPER, PAGE_GFN, false));
    assertThat(second.guest()).as("the call still waits").isNotNull();
    bench.end(last);
    assertThat(bench.machine.enabled(second)).isTrue();
    assertThat(bench.run(second, second.guest())).isEqualTo(last);
  }

  private static void wakesInOrder(Subject subject) {
    DriverBench bench = subject.limited(1);
    int last = exhaust(bench);
    Vcpu second = bench.machine.domain(GRANTER).vcpu(1);
    bench.run(second, new GrantAccess(MAPPER, PAGE_GFN, false));
    Vcpu first = bench.granter();
    bench.run(first, new GrantAccess(MAPPER, PAGE_GFN, false));
    var waiting = first.guest();
    bench.end(last);
    first.setGuest(waiting);
    assertThat(bench.machine.enabled(first)).as("who came second").isFalse();
    assertThat(bench.machine.enabled(second)).as("who came first").isTrue();
  }

  private static void reuses(Subject subject) {
    DriverBench bench = subject.limited(2);
    for (int i = 0; i < 1200; i++) {
      int ref = bench.grant(PAGE_GFN);
      assertThat(bench.granter().guest()).as("round %d", i).isNull();
      assertThat(ref).as("round %d", i).isPositive();
      bench.end(ref);
    }
  }

  private static void keepsBusy(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    bench.map(ref, REGION);
    bench.end(ref);
    assertThat(bench.grant(PAGE_GFN + 1)).isNotEqualTo(ref);
  }

  private static void mutual(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    int back = (int) bench.run(bench.mapper(), new GrantAccess(GRANTER, PAGE_GFN + 1, false));
    assertThat(back).isEqualTo(ref);
    assertThat(bench.map(ref, REGION)).isTrue();
    Vcpu granter = bench.granter();
    granter.store(DriverBench.ARRAYS + MapLayout.HOST_ADDR, 8, REGION);
    granter.store(DriverBench.ARRAYS + MapLayout.FLAGS, 4, MapFlags.HOST_MAP);
    granter.store(DriverBench.ARRAYS + MapLayout.REF, 4, back);
    granter.store(DriverBench.ARRAYS + MapLayout.DOM, 2, MAPPER);
    assertThat(bench.run(granter, new MapRefs(DriverBench.ARRAYS, 1))).isZero();
    granter.store(REGION, 8, 11);
    bench.mapper().store(REGION, 8, 22);
    assertThat(bench.mapper().load(PAGE_GFN + 1 << 12, 8)).isEqualTo(11);
    assertThat(granter.load(PAGE_GFN << 12, 8)).isEqualTo(22);
  }

  private static void usesAll(Subject subject) {
    DriverBench bench = subject.limited(1);
    int count = 0;
    while (bench.driver(bench.granter()).freeCount() > 0) {
      bench.grant(PAGE_GFN);
      count++;
    }
    assertThat(count).isEqualTo(512 - FreeList.RESERVED);
  }

  private static void growsSafely(Subject subject) {
    DriverBench bench = subject.limited(4);
    exhaust(bench);
    bench.machine.world().faults().add(Fault.of(DriverFault.ALLOCATION, GRANTER).times(1));
    bench.grant(PAGE_GFN);
    bench.grant(PAGE_GFN);
    assertThat(bench.granter().isHalted()).isFalse();
  }

  private static void expandsOnce(Subject subject) {
    DriverBench bench = subject.bench(config -> config.withFrames(3));
    assertThat(bench.hypercalls).doesNotContain(GrantRule.SETUP_06);
    GrantTable table = GrantTable.of(bench.machine.domain(GRANTER));
    assertThat(table.frameCount()).isEqualTo(3);
    assertThat(bench.driver(bench.granter()).freeCount()).isEqualTo(3 * 512 - FreeList.RESERVED);
  }

  private static void panicsWhenTooLarge(Subject subject) {
    DriverBench bench = subject.bench(config -> config.withFrames(65));
    assertThat(bench.granter().isHalted()).isTrue();
    assertThat(bench.said).contains(DriverRule.INIT_02);
  }
}
