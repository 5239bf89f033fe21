package org.xenarium.gnttab.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.run.Choice;
import org.xenarium.gnttab.kit.run.Move;
import org.xenarium.gnttab.kit.run.Run;
import org.xenarium.gnttab.kit.run.Vocabulary;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;

/** A death in random order with everybody's calls: its steps fall anywhere between theirs. */
class DeathProperties {
  private static final int[][] VCPUS = {{Bench.A, 0}, {Bench.B, 0}, {Bench.B, 1}, {Bench.C, 0}};

  /** More steps than all calls and a death need together (I70, I71). */
  private static final int ENOUGH = 20_000;

  @Provide
  Arbitrary<Integer> victims() {
    return Arbitraries.of(Bench.A, Bench.B, Bench.C);
  }

  @Provide
  Arbitrary<List<Integer>> choices() {
    return Arbitraries.integers().between(0, 9_999).withDistribution(RandomDistribution.uniform()).list().ofSize(400);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void I65_I66_I67_I69_of_wild_guests(@ForAll("victims") int victim, @ForAll("choices") List<Integer> choices) {
    die(Run.wild(), victim, Choice.of(choices));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void I65_I66_I67_I69_of_good_guests(@ForAll("victims") int victim, @ForAll("choices") List<Integer> choices) {
    die(Run.good(), victim, Choice.of(choices));
  }

  private static void die(Run run, int victim, Choice choice) {
    Machine machine = run.bench().machine();
    for (int i = 0; i < 12; i++) {
      Move move = Vocabulary.draw(choice);
      if (!(move instanceof Move.Destroy) && !isLong(move)) {
        run.play(move);
      }
    }
    List<Run.Pending> pending = new ArrayList<>();
    for (int[] vcpu : VCPUS) {
      Move move = Vocabulary.draw(choice);
      if (move instanceof Move.Call call && !isLong(move)) {
        pending.add(run.issue(new Move.Call(vcpu[0], vcpu[1], call.preempt(), call.batch())));
      }
    }
    Domain domain = machine.domain(victim);
    machine.beginDestroy(victim);
    takeSteps(machine, domain, pending, choice);
    assertThat(domain.death()).isNull();
    assertThat(domain.life()).isEqualTo(Life.DEAD);
    run.bench().watch().audit();
    noTraceOf(machine, domain);
    endOfTheZombie(run, victim);
  }

  /** Batches of hundreds of elements only make it slow. */
  private static boolean isLong(Move move) {
    return move instanceof Move.Call call && call.batch() instanceof Move.Maps maps && maps.times() > 1;
  }

  private static void takeSteps(Machine machine, Domain victim, List<Run.Pending> pending, Choice choice) {
    for (int steps = 0; ; steps++) {
      List<Vcpu> enabled = new ArrayList<>();
      boolean busy = victim.death() != null;
      for (Run.Pending call : pending) {
        Vcpu vcpu = call.guest().vcpu();
        busy |= vcpu.call() != null || (vcpu.atHypercall() && vcpu.domain() != victim);
        if (machine.enabled(vcpu)) {
          enabled.add(vcpu);
        }
      }
      boolean dies = victim.death() != null && machine.canStepDeath(victim.id());
      if (!busy) {
        return;
      }
      assertThat(steps < ENOUGH && (dies || !enabled.isEmpty())).as("I70: somebody can go on, after %d steps", steps).isTrue();
      int which = choice.below(enabled.size() + (dies ? 2 : 0));
      if (which < enabled.size()) {
        machine.step(enabled.get(which));
      } else {
        machine.stepDeath(victim.id());
      }
    }
  }

  /** I65: no live handle of the dead domain, and no counter that it contributed to; I68: it has begun nothing. */
  private static void noTraceOf(Machine machine, Domain dead) {
    assertThat(GrantTable.of(dead).maptrack().limit()).as("I65: handles").isZero();
    for (Domain domain : machine.world().domains()) {
      GrantTable table = GrantTable.of(domain);
      for (long ref = table.active().nextPinned(0); ref >= 0; ref = table.active().nextPinned(ref + 1)) {
        assertThat(table.active().domid((int) ref)).as("I65: who has pinned entry %d of domain %d", ref, domain.id()).isNotEqualTo(dead.id());
      }
    }
    assertThat(dead.physmap().next(0)).as("I68: its physmap").isEqualTo(-1);
    for (int i = 0; i < dead.vcpuCount(); i++) {
      assertThat(machine.enabled(dead.vcpu(i))).as("I68: vCPU %d", i).isFalse();
    }
  }

  /** I67: it is listed exactly as long as somebody maps a page of it; then its id can be used again, and at the end of all nobody is left. */
  private static void endOfTheZombie(Run run, int victim) {
    Machine machine = run.bench().machine();
    assertThat(run.bench().isListed(victim)).as("I67: listed").isEqualTo(hasMappings(machine, victim));
    for (Domain domain : List.copyOf(machine.world().domains())) {
      if (machine.world().domain(domain.id()) == domain) {
        machine.destroyDomain(domain.id());
        assertThat(run.bench().isListed(victim)).as("I67: listed").isEqualTo(hasMappings(machine, victim));
      }
    }
    assertThat(machine.world().domains()).isEmpty();
    assertThat(machine.createDomain(DomainConfig.guest(victim, Bench.PAGES)).incarnation()).isEqualTo(victim);
    run.bench().watch().audit();
  }

  private static boolean hasMappings(Machine machine, int granter) {
    return machine.world().domains().stream().anyMatch(domain -> maps(domain, granter));
  }

  private static boolean maps(Domain mapper, int granter) {
    Maptrack maptrack = GrantTable.of(mapper).maptrack();
    for (int handle = 0; handle < maptrack.limit(); handle++) {
      if (maptrack.isLive(handle) && maptrack.domid(handle) == granter) {
        return true;
      }
    }
    return false;
  }
}
