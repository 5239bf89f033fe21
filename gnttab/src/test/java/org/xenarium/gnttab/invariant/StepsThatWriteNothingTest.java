package org.xenarium.gnttab.invariant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.xenarium.gnttab.invariant.Invariant.I22;
import static org.xenarium.gnttab.invariant.Invariant.I42;
import static org.xenarium.gnttab.invariant.Invariant.I46;
import static org.xenarium.gnttab.invariant.Invariant.I53;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.gnttab.kit.Bench;

/** After a step that has written nothing little is looked at, and nothing is missed by that. */
class StepsThatWriteNothingTest extends OnWatchedBench {
  private void stepThatWritesNothing() {
    b.vcpu().setGuest(new Broken(-1).then(v -> {}).ends());
    machine.step(b.vcpu());
  }

  private void stepThatWrites() {
    long at = memory().address(mfn(B, Bench.GRANTED));
    b.vcpu().setGuest(new Broken(-1).then(v -> memory().content().setLong(at, 5)).ends());
    machine.step(b.vcpu());
  }

  private List<Invariant> found() {
    return violations.stream().map(Violation::invariant).toList();
  }

  @Test
  void what_was_done_from_outside_is_looked_at_between_calls() {
    stepThatWritesNothing();
    memory().get(granted(), A);
    stepThatWritesNothing();
    reports(I42);
  }

  @Test
  void a_maptrack_that_was_changed_from_outside_is_looked_at() {
    b.map(A, 8, RO, place(0));
    maptrack().allocate(b.vcpu());
    stepThatWritesNothing();
    reports(I22);
  }

  @Test
  void pages_that_were_miscounted_from_outside_are_looked_at() {
    domain(B).allocateRam();
    Reach.set(domain(B), "totPages", domain(B).totPages() + 1);
    stepThatWritesNothing();
    assertThat(found()).contains(I46);
  }

  @Test
  void a_finding_that_is_thrown_and_caught_hides_none_of_what_holds_between_calls() {
    b.map(A, 8, RO, place(0));
    watch.stop();
    List<Invariant> found = new ArrayList<>();
    watch =
        Invariants.watch(
            machine,
            Invariants.ALL,
            violation -> {
              found.add(violation.invariant());
              if (found.size() == 1) {
                throw new ViolatedException(violation);
              }
            });
    stepThatWritesNothing();
    Consumer<Vcpu> breaks =
        v -> {
          maptrack().allocate(v);
          memory().get(granted(), A);
        };
    b.vcpu().setCall(new Broken(MAP).then(breaks).then(v -> {}).ends());
    assertThatThrownBy(() -> machine.step(b.vcpu())).isInstanceOf(ViolatedException.class);
    machine.step(b.vcpu());
    stepThatWritesNothing();
    assertThat(found).contains(I22, I42);
  }

  @Test
  void a_domain_that_comes_within_a_step_is_known_at_the_next_one() {
    watch.stop();
    machine
        .world()
        .watchSteps(
            new StepWatcher() {
              @Override
              public void after(Vcpu vcpu) {
                if (machine.world().domain(5) == null) {
                  machine.createDomain(DomainConfig.guest(5, 10));
                }
              }
            });
    watch = watch(Invariants.ALL);
    stepThatWritesNothing();
    Vcpu fresh = machine.domain(5).vcpu(0);
    fresh.setGuest(new Broken(-1).then(v -> {}).ends());
    assertThatCode(() -> machine.step(fresh)).doesNotThrowAnyException();
  }

  @Test
  void somebody_may_look_within_a_step() {
    long at = memory().address(mfn(B, Bench.GRANTED));
    b.vcpu()
        .setGuest(
            new Broken(-1)
                .then(
                    v -> {
                      memory().content().setLong(at, 5);
                      watch.look();
                    })
                .ends());
    machine.step(b.vcpu());
    reports(new Invariant[0]);
  }

  @Test
  void a_table_that_never_changes_is_put_to_the_test_when_the_watch_begins() {
    stepThatWrites();
    assertThat(watch.tests(I53)).isPositive();
  }
}
