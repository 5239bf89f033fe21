package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.PageAccounts;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** Batches of any elements, beside what the single form does with each of them, and the pages that they refer to. */
class BatchProperties {
  private static final long HOLE = 0x38000;
  private static final long RAM = 0x40000;
  private static final long REACH = 1L << 28;
  private static final int SELF = 0x7ff0;

  /** Arguments of one batch of the control domain's. */
  private record Batch(int target, int space, int preemptAfter, List<MemoryCalls.Element> elements) {}

  @Provide
  Arbitrary<Batch> spaces() {
    return batches(Arbitraries.of(MemoryAbi.SPACE_SHARED_INFO, MemoryAbi.SPACE_GRANT_TABLE, MemoryAbi.SPACE_GRANT_TABLE, MemoryAbi.SPACE_GMFN, 6),
        Arbitraries.of(0L, 0L, 1L, 2L, 3L, 60L, -1L));
  }

  @Provide
  Arbitrary<List<Batch>> foreign() {
    Arbitrary<Long> theirs = Arbitraries.oneOf(Arbitraries.longs().between(RAM + 2, RAM + 5), Arbitraries.of(HOLE, RAM + 200, REACH));
    return batches(Arbitraries.just(MemoryAbi.SPACE_GMFN_FOREIGN), theirs).list().ofMinSize(1).ofMaxSize(4);
  }

  private static Arbitrary<Batch> batches(Arbitrary<Integer> spaces, Arbitrary<Long> idxs) {
    Arbitrary<Long> gfns = Arbitraries.oneOf(Arbitraries.longs().between(HOLE, HOLE + 4), Arbitraries.of(RAM + 5, REACH - 1, REACH));
    Arbitrary<List<MemoryCalls.Element>> elements = Combinators.combine(idxs, gfns).as(MemoryCalls.Element::new).list().ofMinSize(1).ofMaxSize(8);
    return Combinators.combine(Arbitraries.of(SELF, 1), spaces, Arbitraries.integers().between(-1, 5), elements).as(Batch::new);
  }

  private static final class Run extends MemoryCalls {
    List<Integer> errors(Batch batch, int foreign) {
      Element[] elements = batch.elements.toArray(Element[]::new);
      control.vcpu(0).preemptAfter(batch.preemptAfter);
      assertThat(addAll(control, batch.target, batch.space, foreign, elements).result()).isZero();
      control.vcpu(0).preemptAfter(-1);
      List<Integer> errors = new ArrayList<>();
      for (int i = 0; i < elements.length; i++) {
        errors.add(error(control, i));
      }
      return errors;
    }

    List<Integer> oneByOne(Batch batch) {
      List<Integer> errors = new ArrayList<>();
      for (Element element : batch.elements) {
        errors.add((int) add(control, batch.target, batch.space, element.idx(), element.gfn()).result());
      }
      return errors;
    }

    List<String> entries() {
      List<String> entries = new ArrayList<>();
      for (Domain domain : machine.world().domains()) {
        for (long gfn = domain.physmap().next(0); gfn >= 0; gfn = domain.physmap().next(gfn + 1)) {
          entries.add(domain.id() + " " + gfn + " " + domain.physmap().entry(gfn));
        }
      }
      return entries;
    }

    Machine machine() {
      return machine;
    }

    Domain other() {
      return other;
    }

    Domain control() {
      return control;
    }
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void each_element_ends_as_it_would_alone_wherever_the_batch_is_preempted(@ForAll("spaces") Batch batch) {
    Run together = new Run();
    Run alone = new Run();
    assertThat(together.errors(batch, 0)).isEqualTo(alone.oneByOne(batch));
    assertThat(together.entries()).isEqualTo(alone.entries());
    PageAccounts.check(together.machine());
  }

  /** Of a batch that adds no page where the same page is already, which costs a reference for ever. */
  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void I42_I45_a_foreign_page_has_a_reference_for_each_entry_and_no_page_is_lost(@ForAll("foreign") List<Batch> batches) {
    Run run = new Run();
    for (Batch batch : batches) {
      run.errors(new Batch(SELF, batch.space, batch.preemptAfter, withoutRepetition(run, batch)), 2);
      PageAccounts.check(run.machine());
    }
    Physmap physmap = run.control().physmap();
    long[] foreign =
        LongStream.iterate(physmap.next(0), gfn -> gfn >= 0, gfn -> physmap.next(gfn + 1))
            .filter(gfn -> Physmap.type(physmap.entry(gfn)) == EntryType.MAP_FOREIGN_RW)
            .toArray();
    Arrays.stream(foreign).forEach(gfn -> assertThat(run.remove(run.control(), SELF, gfn).result()).isZero());
    assertThat(run.other().totPages()).isEqualTo(16);
    for (long gfn = RAM; gfn < RAM + 16; gfn++) {
      assertThat(run.machine().world().memory().references(Physmap.mfn(run.other().physmap().entry(gfn)))).isEqualTo(1);
    }
  }

  private static List<MemoryCalls.Element> withoutRepetition(Run run, Batch batch) {
    List<MemoryCalls.Element> kept = new ArrayList<>();
    for (MemoryCalls.Element element : batch.elements) {
      long there = Physmap.mfn(run.control().physmap().entry(element.gfn()));
      boolean again = there == Physmap.mfn(run.other().physmap().entry(element.idx()));
      if (!again && kept.stream().noneMatch(earlier -> earlier.gfn() == element.gfn())) {
        kept.add(element);
      }
    }
    return kept.isEmpty() ? List.of(new MemoryCalls.Element(HOLE, REACH)) : kept;
  }
}
