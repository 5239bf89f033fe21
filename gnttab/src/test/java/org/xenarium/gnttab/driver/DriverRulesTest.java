package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.driver.DriverBench.HEAP;
import static org.xenarium.gnttab.driver.DriverBench.MAPPER;
import static org.xenarium.gnttab.driver.DriverBench.PAGE_GFN;
import static org.xenarium.gnttab.driver.DriverBench.REGION;
import static org.xenarium.gnttab.driver.DriverBench.TABLE;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.driver.Check.Subject;

/** Every rule of the driver decides somewhere: in the checks of the contract, or in one of the rarer cases here. */
class DriverRulesTest {
  /** Rules that cannot be reached, and why. */
  private static final Map<DriverRule, String> OUT_OF_REACH = Map.of(DriverRule.MAPREF_06, "Xen on Arm never answers no_device_space");

  private static final List<Check> RARE =
      List.of(
          rare(DriverRule.INIT_03, DriverRulesTest::frameIsMappedElsewhere),
          rare(DriverRule.GROW_02, DriverRulesTest::frameCannotBeAdded),
          rare(DriverRule.ACCESS_03, DriverRulesTest::listIsEmpty),
          rare(DriverRule.ENDACC_11, DriverRulesTest::beyondTheList),
          rare(DriverRule.GETPG_06, DriverRulesTest::undoFails),
          rare(DriverRule.PUTPG_11, DriverRulesTest::putUndoFails),
          rare(DriverRule.UNMAPREF_03, DriverRulesTest::virtualAddressStays),
          rare(DriverRule.KERNEL_02, subject -> run(subject.bench(), new AllocateBlock(1L << 40))),
          rare(DriverRule.KERNEL_04, subject -> run(subject.bench(), new FreeBlock(HEAP))),
          rare(DriverRule.ALLOCG_03, DriverRulesTest::noReferenceInV2));

  private static Check rare(DriverRule rule, Consumer<Subject> body) {
    return Check.of(rule.id(), body);
  }

  @Test
  void every_rule_decides_in_a_test() {
    Set<DriverRule> missing = EnumSet.allOf(DriverRule.class);
    for (DriverVersion version : DriverVersion.values()) {
      for (Check check : ContractTest.CHECKS) {
        Subject subject = new Subject(version);
        check.run(subject);
        subject.said().forEach(missing::remove);
      }
    }
    for (Check check : RARE) {
      Subject subject = new Subject(DriverVersion.CONTRACT);
      assertThat(check.run(subject)).as(check.name()).isNull();
      assertThat(subject.said().map(Rule::id)).as(check.name()).contains(check.name());
      subject.said().forEach(missing::remove);
    }
    assertThat(missing).isEqualTo(OUT_OF_REACH.keySet());
  }

  @Test
  void a_panic_stops_the_vCPU_and_is_the_last_thing_said() {
    Subject subject = new Subject(DriverVersion.CONTRACT);
    DriverBench bench = subject.bench();
    run(bench, new FreeBlock(HEAP));
    assertThat(bench.mapper().isHalted()).isTrue();
    assertThat(bench.said.getLast().facts().kind()).isEqualTo(Rule.Kind.PANIC);
  }

  private static void run(DriverBench bench, DriverCall call) {
    bench.run(bench.mapper(), call);
  }

  private static DriverBench with(Subject subject, DriverDifference... differences) {
    return subject.bench(config -> config.withDifferences(List.of(differences)));
  }

  /** A second initialisation finds the frame at its place already. */
  private static void frameIsMappedElsewhere(Subject subject) {
    run(subject.bench(), new InitDriver());
  }

  private static void frameCannotBeAdded(Subject subject) {
    DriverBench bench = with(subject, DriverDifference.GROWING);
    addFrame(bench, 1);
    while (bench.driver(bench.mapper()).list().head() != 0) {
      run(bench, new GrantAccess(1, PAGE_GFN, false));
    }
    run(bench, new GrantAccess(1, PAGE_GFN, false));
    assertThat((int) bench.mapper().x(0)).isEqualTo(GrantAccess.INVALID);
  }

  /** Maps a grant frame somewhere else, so that it cannot be mapped in the table. */
  private static void addFrame(DriverBench bench, int index) {
    long at = DriverBench.ARRAYS;
    bench.mapper().store(at, 2, 0x7ff0);
    bench.mapper().store(at + 4, 4, 1);
    bench.mapper().store(at + 8, 8, index);
    bench.mapper().store(at + 16, 8, REGION >>> 12);
    assertThat(bench.machine.call(bench.mapper(), 12, 7, at, 0)).isZero();
  }

  private static void listIsEmpty(Subject subject) {
    DriverBench bench = subject.bench();
    while (bench.driver(bench.granter()).freeCount() > 0) {
      bench.grant(PAGE_GFN);
    }
    bench.driver(bench.granter()).semaphore().give();
    assertThat(bench.grant(PAGE_GFN)).isZero();
  }

  private static void beyondTheList(Subject subject) {
    DriverBench bench = with(subject, DriverDifference.UNCHECKED_REF);
    addFrameBehind(bench);
    bench.end(513);
    assertThat(bench.granter().isHalted()).isTrue();
  }

  /** Ordinary memory lies where the table would go on. */
  private static void addFrameBehind(DriverBench bench) {
    long mfn = bench.granter().domain().machineAddress(PAGE_GFN << 12) >>> 12;
    bench.granter().domain().physmap().set((TABLE >>> 12) + 1, mfn, EntryType.RAM_RW);
  }

  private static void undoFails(Subject subject) {
    DriverBench bench = subject.direct();
    bench.machine.world().faults().add(Fault.of(MemoryFault.REMOVE_FROM_PHYSMAP, MAPPER).after(1).times(1));
    bench.machine.world().faults().add(Fault.of(MemoryFault.POPULATE_PHYSMAP, MAPPER));
    bench.getPages(2);
    assertThat(bench.mapper().isHalted()).isTrue();
  }

  private static void putUndoFails(Subject subject) {
    DriverBench bench = subject.direct();
    long base = bench.getPages(2);
    bench.machine.world().faults().add(Fault.of(MemoryFault.POPULATE_PHYSMAP, MAPPER).after(1));
    bench.machine.world().faults().add(Fault.of(MemoryFault.REMOVE_FROM_PHYSMAP, MAPPER));
    bench.putPages(base, 2);
    assertThat(bench.mapper().isHalted()).isTrue();
  }

  private static void virtualAddressStays(Subject subject) {
    DriverBench bench = subject.bench();
    assertThat(bench.map(bench.grant(PAGE_GFN), REGION)).isTrue();
    bench.machine.world().faults().add(Fault.of(DriverFault.VA_UNMAP, MAPPER));
    bench.unmapElement(0, REGION, bench.handle(0));
    bench.unmapRefs(1);
    assertThat(bench.mapper().isHalted()).isTrue();
  }

  private static void noReferenceInV2(Subject subject) {
    DriverBench bench = subject.bench(config -> config.withDifferences(List.of(DriverDifference.GROWING)).withHeap(HEAP, 1));
    while (bench.driver(bench.mapper()).list().head() != 0) {
      run(bench, new GrantAccess(1, PAGE_GFN, false));
    }
    run(bench, new AllocAndGrant(DriverBench.POINTERS, false));
    assertThat(bench.driver(bench.mapper()).heap().freePages()).isEqualTo(1);
  }
}
