package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.xenarium.emulator.PageAccounts;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** Any sequence of reservation calls by a guest and a control domain on two guests. */
class ReservationProperties {
  private static final long RAM = 0x40000;
  private static final long HOLE = 0x38000;
  private static final long REACH = 1L << 28;

  private record Call(boolean byControl, int domid, int operation, int order, int memFlags, int preemptAfter, List<Long> gfns) {}

  /** Arguments and lists lie in pages that no call touches (D4). */
  @Provide
  Arbitrary<List<Call>> calls() {
    Arbitrary<List<Long>> gfns =
        Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.longs().between(HOLE, HOLE + 3)),
                Tuple.of(6, Arbitraries.longs().between(RAM + 4, RAM + 13)),
                Tuple.of(1, Arbitraries.of(REACH - 1, REACH, -1L)))
            .list()
            .ofMaxSize(6);
    return Combinators.combine(
            Arbitraries.of(true, true, false),
            Arbitraries.frequency(Tuple.of(8, 1), Tuple.of(8, 2), Tuple.of(1, 77)),
            Arbitraries.of(MemoryAbi.INCREASE_RESERVATION, MemoryAbi.DECREASE_RESERVATION, MemoryAbi.DECREASE_RESERVATION,
                MemoryAbi.POPULATE_PHYSMAP),
            Arbitraries.frequency(Tuple.of(10, 0), Tuple.of(3, 1), Tuple.of(2, 2), Tuple.of(1, 9), Tuple.of(1, 19)),
            Arbitraries.frequency(Tuple.of(12, 0), Tuple.of(1, 12), Tuple.of(1, 1 << 16)),
            Arbitraries.integers().between(-1, 3),
            gfns)
        .as(Call::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  private static final class Run extends MemoryCalls {
    long call(Call call) {
      Domain caller = call.byControl ? control : guest;
      caller.vcpu(0).preemptAfter(call.preemptAfter);
      long[] gfns = call.gfns.stream().mapToLong(Long::longValue).toArray();
      return reserve(caller, call.operation, call.domid, call.order, call.memFlags, gfns).result();
    }

    /** Other ways for pages to come and go: a foreign mapping each way, lent pages. */
    void furnish() {
      mapForeign(other, HOLE, guest, RAM + 4, EntryType.MAP_FOREIGN_RW);
      mapForeign(guest, HOLE + 1, other, RAM + 5, EntryType.MAP_FOREIGN_RO);
      add(guest, SELF, MemoryAbi.SPACE_SHARED_INFO, 0, HOLE + 2);
      add(other, SELF, MemoryAbi.SPACE_GRANT_TABLE, 0, RAM + 6);
    }

    long free() {
      long free = 0;
      for (long mfn = FIRST_MFN; mfn < FIRST_MFN + FRAMES; mfn++) {
        free += memory().owner(mfn) < 0 ? 1 : 0;
      }
      return free;
    }

    long owned() {
      return machine.world().domains().stream().mapToLong(Domain::totPages).sum();
    }

    void check() {
      PageAccounts.check(machine);
    }

    List<Domain> guests() {
      return List.of(guest, other);
    }

    /** What the table of spec §6.2 says, extent by extent, of a call that meets nobody else's pages. */
    int expected(Call call) {
      Domain caller = call.byControl ? control : guest;
      Domain target = machine.world().domain(call.domid);
      if (target == null || call.memFlags == 12 || target != caller && !call.byControl || call.order > (call.byControl ? 18 : 9)) {
        return 0;
      }
      if (call.operation == MemoryAbi.POPULATE_PHYSMAP && call.memFlags == 1 << 16) {
        return 0;
      }
      return call.operation == MemoryAbi.DECREASE_RESERVATION ? expectedOfDecrease(call, target) : expectedOfAllocation(call, target);
    }

    private static int expectedOfDecrease(Call call, Domain target) {
      Set<Long> removed = new HashSet<>();
      int done = 0;
      for (long first : call.gfns) {
        for (long gfn = first; gfn != first + (1L << call.order); gfn++) {
          if (target.physmap().entry(gfn) == Physmap.HOLE || !removed.add(gfn)) {
            return done;
          }
        }
        done++;
      }
      return done;
    }

    private int expectedOfAllocation(Call call, Domain target) {
      long pages = 1L << call.order;
      long room = Math.min(target.maxPages() - target.totPages(), free());
      int done = 0;
      for (long first : call.gfns) {
        boolean beyond = call.operation == MemoryAbi.POPULATE_PHYSMAP && (first < 0 || first + pages > REACH);
        if (pages > room || beyond) {
          return done;
        }
        room -= pages;
        done++;
      }
      return done;
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void I45_I46_I47_no_page_is_lost_from_the_accounts_and_no_result_is_negative(@ForAll("calls") List<Call> calls) {
    Run run = new Run();
    run.furnish();
    run.check();
    long sum = run.free() + run.owned();
    for (Call call : calls) {
      List<Long> highest = run.guests().stream().map(domain -> domain.physmap().maxMapped()).toList();
      assertThat(run.call(call)).as("extents done by %s", call).isBetween(0L, (long) call.gfns.size());
      run.check();
      assertThat(run.free() + run.owned()).as("I45").isEqualTo(sum);
      for (int i = 0; i < highest.size(); i++) {
        Domain domain = run.guests().get(i);
        assertThat(domain.totPages()).as("I47").isBetween(0L, domain.maxPages());
        assertThat(domain.physmap().maxMapped()).as("I37").isGreaterThanOrEqualTo(highest.get(i));
      }
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void the_result_is_the_number_of_extents_before_the_first_that_fails_preempted_or_not(@ForAll("calls") List<Call> calls) {
    Run run = new Run();
    for (Call call : calls) {
      int expected = run.expected(call);
      assertThat(run.call(call)).as("extents done by %s", call).isEqualTo(expected);
    }
  }
}
