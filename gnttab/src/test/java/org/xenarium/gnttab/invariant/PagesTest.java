package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I42;
import static org.xenarium.gnttab.invariant.Invariant.I43;
import static org.xenarium.gnttab.invariant.Invariant.I44;
import static org.xenarium.gnttab.invariant.Invariant.I45;
import static org.xenarium.gnttab.invariant.Invariant.I46;
import static org.xenarium.gnttab.invariant.Invariant.I47;
import static org.xenarium.gnttab.invariant.Invariant.I48;
import static org.xenarium.gnttab.invariant.Invariant.I49;
import static org.xenarium.gnttab.invariant.Invariant.I50;
import static org.xenarium.gnttab.invariant.Invariant.I51;
import static org.xenarium.gnttab.invariant.Invariant.I52;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.kit.Bench;

/** I42 to I52 are reported when they do not hold. */
class PagesTest extends OnWatchedBench {
  private static final long ALLOCATED = 1L << 56;

  /** A memory_op call in flight. */
  private static final class MemoryCall extends Routine {
    private final Consumer<Vcpu> step;

    MemoryCall(Consumer<Vcpu> step) {
      this.step = step;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      step.accept(vcpu);
      return true;
    }

    @Override
    public void digest(Digest digest) {}
  }

  private void memoryCall(Vcpu vcpu, int operation, Consumer<Vcpu> step) {
    vcpu.issue(MemoryAbi.HYPERCALL, operation, 0, 0);
    vcpu.takeHypercall();
    vcpu.setCall(new MemoryCall(step));
    machine.step(vcpu);
  }

  private long freeFrame() {
    return memory().firstFree();
  }

  private long total(int id) {
    return domain(id).totPages();
  }

  @Test
  void i42_a_reference_that_nobody_holds() {
    memory().get(granted(), A);
    watch.look();
    reports(I42);
  }

  @Test
  void i43_a_reference_without_an_owner() {
    keepBusy();
    records().setLong(record(freeFrame()), 1);
    watch.look();
    reports(I43);
  }

  @Test
  void i44_a_free_frame_in_a_physmap() {
    domain(A).physmap().set(hole(0), freeFrame(), EntryType.RAM_RW);
    watch.look();
    reports(I44);
  }

  @Test
  void i45_a_page_of_a_domain_that_does_not_exist() {
    records().setLong(record(freeFrame()), 78L << 32 | 1 | ALLOCATED);
    watch.look();
    reports(I45);
  }

  @Test
  void i46_two_domains_miscount() {
    Reach.set(domain(A), "totPages", total(A) + 1);
    Reach.set(domain(C), "totPages", total(C) - 1);
    watch.look();
    reports(I46);
  }

  @Test
  void i47_a_page_too_many() {
    use(Bench.setup().third().vcpus(B, 2).maxPages(B, Bench.PAGES).start());
    memoryCall(b.vcpu(), MemoryAbi.POPULATE_PHYSMAP, v -> v.domain().allocateRam());
    reports(I47);
  }

  @Test
  void i48_a_page_changes_hands() {
    long page = mfn(A, Bench.GRANTED + 9);
    keepBusy();
    b.vcpu()
        .setGuest(
            new MemoryCall(
        v -> {
          records().setLong(record(page), (B + 1L) << 32 | 1 | ALLOCATED);
          Reach.set(domain(A), "totPages", total(A) - 1);
          Reach.set(domain(B), "totPages", total(B) + 1);
        }));
    machine.step(b.vcpu());
    reports(I48);
  }

  @Test
  void i49_a_page_given_back_while_it_is_mapped_is_wiped() {
    b.map(A, 8, RO, place(0));
    long page = granted();
    memoryCall(
        a.vcpu(),
        MemoryAbi.DECREASE_RESERVATION,
        v -> {
          v.domain().physmap().remove(Bench.GRANTED, page);
          memory().putAllocation(page);
          memory().zero(page);
        });
    reports(I49);
  }

  @Test
  void i50_a_map_writes_into_a_page() {
    run(new Broken(MAP).then(v -> memory().content().setLong(memory().address(granted()), 1)));
    reports(I50);
  }

  @Test
  void i50_a_copy_writes_elsewhere() {
    long page = memory().address(mfn(B, Bench.GRANTED));
    run(new Broken(COPY).then(v -> memory().content().move(memory().address(granted()), page, 16)));
    reports(I50);
  }

  @Test
  void i51_the_death_of_the_granter_shows_in_a_mapping() {
    b.map(A, 8, RO, place(0));
    watch.beforeDeath(domain(A));
    memory().content().setLong(memory().address(granted()), 1);
    watch.afterDeath(domain(A));
    reports(I51);
  }

  @Test
  void i52_a_page_given_back_stays_allocated() {
    long page = mfn(A, Bench.GRANTED + 9);
    memoryCall(a.vcpu(), MemoryAbi.DECREASE_RESERVATION, v -> v.domain().physmap().remove(Bench.GRANTED + 9, page));
    reports(I52);
  }
}
