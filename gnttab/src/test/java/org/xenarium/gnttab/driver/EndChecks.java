package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.driver.DriverBench.HEAP;
import static org.xenarium.gnttab.driver.DriverBench.HEAP_PAGES;
import static org.xenarium.gnttab.driver.DriverBench.PAGE_GFN;
import static org.xenarium.gnttab.driver.DriverBench.POINTERS;
import static org.xenarium.gnttab.driver.DriverBench.REGION;
import static org.xenarium.gnttab.driver.DriverBench.TABLE;
import static org.xenarium.gnttab.driver.DriverDifference.END_INVERTED;
import static org.xenarium.gnttab.driver.DriverDifference.LOCK_LEAK;
import static org.xenarium.gnttab.driver.DriverDifference.RELEASE_IS_1;
import static org.xenarium.gnttab.driver.DriverDifference.UNCHECKED_FREE;
import static org.xenarium.gnttab.driver.DriverDifference.UNCHECKED_REF;

import java.util.List;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.driver.Check.Subject;

/** gnttab_end_access and gnttab_alloc_and_grant. */
final class EndChecks {
  static final List<Check> ALL =
      List.of(
          Check.of("end_access: Release a grant reference created by gnttab_grant_access()", EndChecks::releases),
          Check.of("end_access: returns 0 on success", EndChecks::returns0, RELEASE_IS_1),
          Check.of("end_access: a grant in use stays, and -EBUSY says so", EndChecks::busy, END_INVERTED, RELEASE_IS_1),
          Check.of("end_access: does NOT free memory that was allocated by gnttab_alloc_and_grant()", EndChecks::freesNoMemory),
          Check.of("end_access: a reserved reference is invalid", subject -> invalid(subject, 3), UNCHECKED_REF),
          Check.of("end_access: a reference beyond the table is invalid", subject -> invalid(subject, 512), UNCHECKED_REF),
          Check.of("end_access: a reference far beyond the table is invalid", subject -> invalid(subject, -1), UNCHECKED_REF),
          Check.of("end_access: a reference that is not handed out is invalid", subject -> invalid(subject, 300), UNCHECKED_REF),
          Check.of("G8 end_access leaves interrupts as they were", EndChecks::masksNothing, LOCK_LEAK),
          Check.of("end_access: ending twice does not free twice", EndChecks::endsOnce, UNCHECKED_FREE),
          Check.of("alloc_and_grant: Allocate a page and immediately grant access to it", EndChecks::allocates),
          Check.of("alloc_and_grant: readonly set to true grants read-only access", EndChecks::allocatesReadOnly),
          Check.of("alloc_and_grant: -ENOMEM when page allocation fails", EndChecks::noMemory),
          Check.of("alloc_and_grant: -ENOMEM when the heap is used up", EndChecks::heapUsedUp),
          Check.of("alloc_and_grant: the caller must release the grant and then k_free() the buffer", EndChecks::releaseThenFree),
          Check.of("alloc_and_grant: k_free() before the release leaves the page open to the other domain", EndChecks::freeThenRelease));

  private EndChecks() {}

  private static void releases(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    bench.end(ref);
    assertThat(bench.granter().load(TABLE + 8L * ref, 2)).isZero();
    assertThat(bench.map(ref, REGION)).isFalse();
  }

  private static void returns0(Subject subject) {
    DriverBench bench = subject.bench();
    assertThat(bench.end(bench.grant(PAGE_GFN))).isZero();
  }

  private static void busy(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    bench.map(ref, REGION);
    int free = bench.driver(bench.granter()).freeCount();
    assertThat(bench.end(ref)).isEqualTo(-Errno.EBUSY);
    assertThat(bench.driver(bench.granter()).freeCount()).isEqualTo(free);
    assertThat(bench.granter().load(TABLE + 8L * ref, 2)).isEqualTo(0x19);
    bench.unmapRaw(REGION, bench.handle(0));
    assertThat(bench.end(ref)).as("once it is unmapped").isZero();
  }

  private static void freesNoMemory(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = (int) bench.run(bench.granter(), new AllocAndGrant(POINTERS, false));
    bench.granter().store(HEAP, 8, 99);
    bench.end(ref);
    assertThat(bench.driver(bench.granter()).heap().freePages()).isEqualTo(HEAP_PAGES - 1);
    assertThat(bench.granter().load(HEAP, 8)).isEqualTo(99);
  }

  private static void invalid(Subject subject, int ref) {
    DriverBench bench = subject.bench();
    bench.grant(PAGE_GFN);
    long before = bench.machine.world().memory().content().digest();
    assertThat(bench.end(ref)).isEqualTo(-Errno.EINVAL);
    assertThat(bench.granter().isHalted()).isFalse();
    assertThat(bench.machine.world().memory().content().digest()).isEqualTo(before);
  }

  private static void masksNothing(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    bench.map(ref, REGION);
    for (int i = 0; i < 2; i++) {
      bench.end(ref);
      assertThat(bench.granter().interruptMasks()).as("after end_access %d", i).isZero();
    }
  }

  private static void endsOnce(Subject subject) {
    for (boolean mapped : new boolean[] {false, true}) {
      DriverBench bench = subject.bench();
      int ref = bench.grant(PAGE_GFN);
      if (mapped) {
        bench.map(ref, REGION);
      }
      bench.end(ref);
      bench.end(ref);
      assertThat(bench.grant(PAGE_GFN)).isNotEqualTo(bench.grant(PAGE_GFN));
    }
  }

  private static void allocates(Subject subject) {
    DriverBench bench = subject.bench();
    long ref = bench.run(bench.granter(), new AllocAndGrant(POINTERS, false));
    assertThat(ref).isGreaterThanOrEqualTo(FreeList.RESERVED);
    assertThat(bench.granter().load(POINTERS, 8)).as("map receives the page base address").isEqualTo(HEAP);
    assertThat(bench.granter().load(TABLE + 8 * ref, 8)).as("granted to domain 0").isEqualTo(HEAP >>> 12 << 32 | 1);
  }

  private static void allocatesReadOnly(Subject subject) {
    DriverBench bench = subject.bench();
    long ref = bench.run(bench.granter(), new AllocAndGrant(POINTERS, true));
    assertThat(bench.granter().load(TABLE + 8 * ref, 2)).isEqualTo(5);
  }

  private static void noMemory(Subject subject) {
    DriverBench bench = subject.bench();
    bench.machine.world().faults().add(Fault.of(DriverFault.ALLOCATION, DriverBench.GRANTER).until(1));
    fails(bench);
  }

  private static void heapUsedUp(Subject subject) {
    fails(subject.bench(config -> config.withHeap(HEAP, 0)));
  }

  private static void fails(DriverBench bench) {
    bench.granter().store(POINTERS, 8, 77);
    int free = bench.driver(bench.granter()).freeCount();
    assertThat(bench.run(bench.granter(), new AllocAndGrant(POINTERS, false))).isEqualTo(-Errno.ENOMEM);
    assertThat(bench.granter().load(POINTERS, 8)).isEqualTo(77);
    assertThat(bench.driver(bench.granter()).freeCount()).isEqualTo(free);
  }

  private static void releaseThenFree(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = (int) bench.run(bench.granter(), new AllocAndGrant(POINTERS, false));
    bench.end(ref);
    bench.run(bench.granter(), new FreeBlock(bench.granter().load(POINTERS, 8)));
    assertThat(bench.driver(bench.granter()).heap().freePages()).isEqualTo(HEAP_PAGES);
    assertThat(GuestInvariants.check(bench.machine.world())).filteredOn(found -> found.invariant() == GuestInvariant.G7).isEmpty();
  }

  private static void freeThenRelease(Subject subject) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(HEAP >>> 12);
    long page = bench.run(bench.granter(), new AllocateBlock(4096));
    bench.map(ref, REGION);
    bench.run(bench.granter(), new FreeBlock(page));
    assertThat(GuestInvariants.check(bench.machine.world())).filteredOn(found -> found.invariant() == GuestInvariant.G7).hasSize(1);
    bench.unmapRaw(REGION, bench.handle(0));
    assertThat(GuestInvariants.check(bench.machine.world())).filteredOn(found -> found.invariant() == GuestInvariant.G7).isEmpty();
  }
}
