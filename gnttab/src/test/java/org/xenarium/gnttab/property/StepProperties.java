package org.xenarium.gnttab.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.run.Move;
import org.xenarium.gnttab.kit.run.Run;

/** A call can be taken step by step, copied before any step and preempted at any point, and always ends in the same state. */
class StepProperties {
  @Provide
  Arbitrary<List<Move>> moves() {
    return Moves.lists(30);
  }

  @Provide
  Arbitrary<List<Move>> fewMoves() {
    return Moves.shortCalls(15);
  }

  private static void stepByStep(Guest guest, Machine machine) {
    Vcpu vcpu = guest.vcpu();
    while (vcpu.atHypercall() || vcpu.call() != null) {
      assertThat(machine.enabled(vcpu)).as("alone, a vCPU never waits").isTrue();
      machine.step(vcpu);
    }
  }

  @Property(tries = 200)
  void single_steps_lead_where_a_call_leads(@ForAll("moves") List<Move> moves) {
    Run whole = Run.wild();
    Run steps = Run.wild();
    for (Move move : moves) {
      whole.play(move);
      steps.play(move, guest -> stepByStep(guest, steps.bench().machine()));
      assertThat(steps.bench().machine().digest()).as("state after %s", move).isEqualTo(whole.bench().machine().digest());
    }
  }

  @Property(tries = 100)
  void the_invariants_of_every_step_hold_at_every_step(@ForAll("fewMoves") List<Move> moves) {
    Run run = Run.good();
    Machine machine = run.bench().machine();
    for (Move move : moves) {
      run.play(
          move,
          guest -> {
            while (guest.vcpu().atHypercall() || guest.vcpu().call() != null) {
              machine.step(guest.vcpu());
              run.bench().watch().audit();
            }
          });
    }
  }

  @Property(tries = 100)
  void a_copy_taken_before_any_step_goes_on_to_the_same_end_and_leaves_the_original_alone(@ForAll("fewMoves") List<Move> moves) {
    Run run = Run.wild();
    Machine machine = run.bench().machine();
    for (Move move : moves) {
      run.play(
          move,
          guest -> {
            long end = finishCopy(machine, guest);
            while (guest.vcpu().atHypercall() || guest.vcpu().call() != null) {
              long before = machine.digest();
              assertThat(finishCopy(machine, guest)).as("end of a copy taken at %s of %s", guest.phase(), move).isEqualTo(end);
              assertThat(machine.digest()).as("the original, after its copy went on from %s of %s", guest.phase(), move).isEqualTo(before);
              machine.step(guest.vcpu());
            }
            assertThat(machine.digest()).as("end of %s", move).isEqualTo(end);
          });
    }
  }

  private static long finishCopy(Machine machine, Guest guest) {
    Machine copy = machine.copy();
    copy.finishCall(copy.domain(guest.id()).vcpu(guest.vcpu().id()));
    return copy.digest();
  }

  /** Good guests only: a copy into the own grant frame could change what the rest of the batch means. */
  @Property(tries = 200)
  void preemption_at_every_point_changes_nothing_when_nobody_uses_the_gap(@ForAll("moves") List<Move> moves) {
    Run whole = Run.good();
    Run pieces = Run.good();
    for (Move move : moves) {
      whole.play(move instanceof Move.Call call ? new Move.Call(call.who(), call.cpu(), -1, call.batch()) : move);
      pieces.play(
          move,
          guest -> {
            while (guest.vcpu().atHypercall() || guest.vcpu().call() != null) {
              if (guest.vcpu().atHypercall()) {
                guest.vcpu().preemptAfter(0);
              }
              pieces.bench().machine().step(guest.vcpu());
            }
          });
      assertThat(pieces.bench().machine().digest()).as("state after %s", move).isEqualTo(whole.bench().machine().digest());
    }
  }
}
