package org.xenarium.gnttab.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.run.Choice;
import org.xenarium.gnttab.kit.run.Move;
import org.xenarium.gnttab.kit.run.Run;
import org.xenarium.gnttab.model.ModelWatch;
import org.xenarium.gnttab.model.ReferenceModel;

/** Under the eyes of all invariants and of the reference model: calls on all vCPUs at once, their steps in random order with guests' stores in between, as far as the locks allow. */
class InterleavedProperties {
  private static final int[][] VCPUS = {{Bench.A, 0}, {Bench.B, 0}, {Bench.B, 1}, {Bench.C, 0}};

  /** More steps than any batch needs (I71, I70). */
  private static final int ENOUGH = 10_000;

  @Provide
  Arbitrary<List<Move>> moves() {
    return Moves.shortCalls(24);
  }

  @Provide
  Arbitrary<List<Integer>> schedule() {
    return Arbitraries.integers().between(0, 9_999).list().ofSize(200);
  }

  @Property(tries = 400)
  void wild_guests(@ForAll("moves") List<Move> moves, @ForAll("schedule") List<Integer> schedule) {
    play(Run.wild(), moves, schedule);
  }

  @Property(tries = 400)
  void good_guests(@ForAll("moves") List<Move> moves, @ForAll("schedule") List<Integer> schedule) {
    Run run = Run.good();
    play(run, moves, schedule);
    assertThat(run.bench().indisciplines().withEffect()).as("%s", run.bench().indisciplines().first()).isEmpty();
  }

  private static void play(Run run, List<Move> moves, List<Integer> schedule) {
    Choice choice = Choice.of(schedule);
    ModelWatch model = ReferenceModel.follow(run.bench().machine());
    for (int at = 0; at < moves.size(); ) {
      List<Run.Pending> pending = new ArrayList<>();
      List<Move> stores = new ArrayList<>();
      for (int[] vcpu : VCPUS) {
        if (at < moves.size()) {
          Move move = moves.get(at++);
          if (move instanceof Move.Call call) {
            Run.Pending issued = run.issue(new Move.Call(vcpu[0], vcpu[1], call.preempt(), call.batch()));
            if (issued != null) {
              pending.add(issued);
            }
          } else if (move instanceof Move.Write || move instanceof Move.Withdraw || move instanceof Move.Touch) {
            stores.add(move);
          }
        }
      }
      takeSteps(run, model, pending, stores, choice);
      pending.forEach(run::end);
      run.settle();
      stores.forEach(run::play);
    }
    run.bench().watch().audit();
    assertThat(model.audit()).isTrue();
  }

  private static void takeSteps(Run run, ModelWatch model, List<Run.Pending> pending, List<Move> stores, Choice choice) {
    Machine machine = run.bench().machine();
    for (int steps = 0; ; steps++) {
      List<Vcpu> enabled = new ArrayList<>();
      boolean busy = false;
      for (Run.Pending call : pending) {
        Vcpu vcpu = call.guest().vcpu();
        busy |= vcpu.atHypercall() || vcpu.call() != null;
        if (machine.enabled(vcpu)) {
          enabled.add(vcpu);
        }
      }
      if (!busy) {
        return;
      }
      if (enabled.isEmpty() || steps == ENOUGH) {
        throw new AssertionError("I70 or I71 is violated: calls in flight and no end in sight after " + steps + " steps");
      }
      if (!stores.isEmpty() && choice.below(12) == 11) {
        run.play(stores.remove(0));
        model.look();
      } else {
        machine.step(enabled.get(choice.below(enabled.size())));
      }
    }
  }
}
