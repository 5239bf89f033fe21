package org.xenarium.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memoryop.MemoryAbi;

/** What copies and digests promise, over any interleaving of memory_op calls of two domains with two vCPUs each. */
class MachineProperties {
  private static final long RAM = 0x40000;
  private static final long HOLE = 0x38000;
  private static final long[] GFNS = {HOLE, HOLE + 1, HOLE + 2, RAM + 1, RAM + 2, RAM + 3};

  /** One turn of a vCPU: a step of the call that it is in, else the beginning of this one. */
  private record Turn(int domid, int vcpu, int operation, int space, int target, int gfn, int order, int preemptAfter) {
    void on(Machine machine) {
      Domain domain = machine.world().domain(domid);
      if (domain == null) {
        return;
      }
      Vcpu actor = domain.vcpu(vcpu);
      if (actor.call() == null && !actor.atHypercall()) {
        begin(actor);
      }
      if (machine.enabled(actor)) {
        machine.step(actor);
      }
    }

    private void begin(Vcpu actor) {
      long argument = (RAM << 12) + 256L * vcpu;
      long list = argument + 128;
      actor.store(list, 8, GFNS[gfn]);
      actor.store(list + 8, 8, GFNS[(gfn + 1) % GFNS.length]);
      switch (operation) {
        case MemoryAbi.ADD_TO_PHYSMAP -> {
          actor.store(argument, 8, (long) space << 32 | target);
          actor.store(argument + MemoryAbi.ADD_IDX, 8, order);
          actor.store(argument + MemoryAbi.ADD_GPFN, 8, GFNS[gfn]);
        }
        case MemoryAbi.REMOVE_FROM_PHYSMAP -> {
          actor.store(argument, 8, target);
          actor.store(argument + MemoryAbi.REMOVE_GPFN, 8, GFNS[gfn]);
        }
        case MemoryAbi.CURRENT_RESERVATION -> actor.store(argument, 8, target);
        default -> {
          actor.store(argument + MemoryAbi.RESERVATION_EXTENT_START, 8, list);
          actor.store(argument + MemoryAbi.RESERVATION_NR_EXTENTS, 8, 2);
          actor.store(argument + MemoryAbi.RESERVATION_EXTENT_ORDER, 8, order);
          actor.store(argument + MemoryAbi.RESERVATION_DOMID, 8, target);
        }
      }
      actor.preemptAfter(preemptAfter);
      actor.issue(MemoryAbi.HYPERCALL, operation, argument, 0);
    }
  }

  @Provide
  Arbitrary<List<Turn>> turns() {
    return Combinators.combine(
            Arbitraries.of(1, 2),
            Arbitraries.of(0, 1),
            Arbitraries.of(MemoryAbi.INCREASE_RESERVATION, MemoryAbi.DECREASE_RESERVATION, MemoryAbi.DECREASE_RESERVATION,
                MemoryAbi.POPULATE_PHYSMAP, MemoryAbi.ADD_TO_PHYSMAP, MemoryAbi.REMOVE_FROM_PHYSMAP, MemoryAbi.CURRENT_RESERVATION),
            Arbitraries.of(0, 1, 1),
            Arbitraries.of(0x7ff0, 0x7ff0, 1, 2),
            Arbitraries.integers().between(0, GFNS.length - 1),
            Arbitraries.of(0, 0, 1, 2),
            Arbitraries.integers().between(-1, 2))
        .as(Turn::new)
        .list()
        .ofMaxSize(80);
  }

  /** Domain 1 may act on domain 2. */
  private static Machine machine() {
    Machine machine = Machine.builder().memory(0x1000, 40).reach(1 << 20).module(new LentFrames()).build();
    for (int id = 1; id <= 2; id++) {
      Domain domain = machine.createDomain(DomainConfig.guest(id, 9).withPrivilege(id == 1).withVcpus(2));
      domain.ownRam(RAM, 0x1000 + 4L * id, 4);
    }
    return machine;
  }

  private static Machine play(Machine machine, List<Turn> turns) {
    turns.forEach(turn -> turn.on(machine));
    return machine;
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void a_copy_that_takes_the_same_turns_stays_equal(@ForAll("turns") List<Turn> before, @ForAll("turns") List<Turn> after) {
    Machine machine = play(machine(), before);
    Machine copy = machine.copy();
    assertThat(copy.digest()).isEqualTo(machine.digest());
    for (Turn turn : after) {
      turn.on(machine);
      turn.on(copy);
      assertThat(copy.digest()).isEqualTo(machine.digest());
    }
    assertThat(Snapshot.of(copy)).isEqualTo(Snapshot.of(machine));
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void what_happens_to_a_copy_does_not_happen_to_the_original(@ForAll("turns") List<Turn> before, @ForAll("turns") List<Turn> after) {
    Machine machine = play(machine(), before);
    long digest = machine.digest();
    List<String> seen = Snapshot.of(machine);
    Machine copy = play(machine.copy(), after);
    assertThat(machine.digest()).isEqualTo(digest);
    assertThat(Snapshot.of(machine)).isEqualTo(seen);
    assertThat(play(machine, after).digest()).isEqualTo(copy.digest());
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void digests_copies_and_freezing_on_the_way_change_nothing(@ForAll("turns") List<Turn> turns) {
    Machine plain = play(machine(), turns);
    Machine asked = machine();
    Machine handedOn = machine();
    for (Turn turn : turns) {
      turn.on(asked);
      asked.digest();
      asked.freeze();
      handedOn = handedOn.copy();
      turn.on(handedOn);
    }
    assertThat(asked.digest()).isEqualTo(plain.digest());
    assertThat(handedOn.digest()).isEqualTo(plain.digest());
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void what_can_be_seen_to_differ_differs_in_the_digest(@ForAll("turns") List<Turn> one, @ForAll("turns") List<Turn> other) {
    Machine first = play(machine(), one);
    Machine second = play(machine(), other);
    if (!Snapshot.of(first).equals(Snapshot.of(second))) {
      assertThat(first.digest()).isNotEqualTo(second.digest());
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void I42_I46_the_accounts_of_pages_hold_between_any_two_steps_also_of_a_death(@ForAll("turns") List<Turn> turns) {
    Machine machine = machine();
    PageAccounts.check(machine);
    for (Turn turn : turns) {
      turn.on(machine);
      PageAccounts.check(machine);
    }
    machine.beginDestroy(2);
    for (Turn turn : turns) {
      if (machine.world().domain(2) != null && machine.canStepDeath(2)) {
        machine.stepDeath(2);
      }
      turn.on(machine);
      PageAccounts.check(machine);
    }
    if (machine.world().domain(2) != null) {
      machine.destroyDomain(2);
    }
    PageAccounts.check(machine);
    assertThat(machine.world().domain(2)).isNull();
  }
}
