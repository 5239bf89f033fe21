package org.xenarium.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Host;

/** What copies and digests of a running machine promise. */
class MachineCopyTest {
  private final List<String> log = new ArrayList<>();

  @Test
  void machines_of_one_seed_are_equal_at_every_time_and_of_another_differ() {
    Machine one = Machines.working(1);
    Machine same = Machines.working(1);
    Machine other = Machines.working(2);
    assertThat(one.digest()).isEqualTo(same.digest()).isNotEqualTo(other.digest());
    for (long until = 0; until < 10_000; until += 250) {
      one.run(until);
      same.run(until);
      assertThat(one.digest()).isEqualTo(same.digest());
    }
    assertThat(Snapshot.of(one)).isEqualTo(Snapshot.of(same));
    one.run();
    other.run();
    assertThat(other.now()).isNotEqualTo(one.now());
  }

  @Test
  void watching_changes_nothing() {
    Machine watched = Machines.working(1);
    Machine alone = Machines.working(1);
    watched.world().watch((domid, vcpu, element, rule) -> log.add(rule.id()));
    watched.run();
    alone.run();
    assertThat(log).isNotEmpty();
    assertThat(watched.digest()).isEqualTo(alone.digest());
  }

  @Test
  void nobody_watches_a_copy() {
    Machine machine = Machines.working(1);
    machine.world().watch((domid, vcpu, element, rule) -> log.add(rule.id()));
    machine.copy().run();
    assertThat(log).isEmpty();
  }

  @Test
  void a_copy_made_at_any_time_ends_as_the_original_does() {
    Machine machine = Machines.working(1);
    Machine whole = Machines.working(1);
    whole.run();
    for (long until = 0; until < 3000; until += 10) {
      machine.run(until);
      Machine copy = machine.copy();
      assertThat(copy.digest()).isEqualTo(machine.digest());
      copy.run();
      assertThat(copy.digest()).as("copied at %d", until).isEqualTo(whole.digest());
    }
    machine.run();
    assertThat(machine.digest()).isEqualTo(whole.digest());
  }

  @Test
  void running_a_copy_leaves_the_original_as_it_was_and_the_other_way_round() {
    Machine machine = Machines.working(1);
    machine.run(1500);
    long digest = machine.digest();
    List<String> seen = Snapshot.of(machine);
    Machine copy = machine.copy();
    copy.run();
    assertThat(machine.digest()).isEqualTo(digest);
    assertThat(Snapshot.of(machine)).isEqualTo(seen);
    Machine second = machine.copy();
    machine.run();
    assertThat(second.digest()).isEqualTo(digest);
    assertThat(Snapshot.of(second)).isEqualTo(seen);
    assertThat(Snapshot.of(copy)).isEqualTo(Snapshot.of(machine));
  }

  @Test
  void a_frozen_machine_is_copied_by_several_threads_at_once() throws Exception {
    Machine machine = Machines.working(1);
    machine.run(1000);
    machine.freeze();
    long digest = machine.digest();
    Callable<Long> task = () -> {
      Machine copy = machine.copy(new Host());
      copy.run();
      return copy.digest();
    };
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Long>> results = threads.invokeAll(Collections.nCopies(16, task));
      Machine whole = Machines.working(1);
      whole.run();
      for (Future<Long> result : results) {
        assertThat(result.get()).isEqualTo(whole.digest());
      }
    }
    assertThat(machine.digest()).isEqualTo(digest);
  }
}
