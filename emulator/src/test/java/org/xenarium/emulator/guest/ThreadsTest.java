package org.xenarium.emulator.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Vcpu;

class ThreadsTest {
  private final Machine machine = Machine.builder().memory(0x40000, 64).costs(vcpu -> 1).build();
  private final Vcpu vcpu = machine.createDomain(DomainConfig.guest(1, 4)).vcpu(0);
  private final Semaphore semaphore = new Semaphore(1, 1);
  private final List<String> log = new ArrayList<>();

  private Threads waiters(long... nanos) {
    Waiter[] waiters = new Waiter[nanos.length];
    for (int i = 0; i < nanos.length; i++) {
      waiters[i] = new Waiter(semaphore, log, i, nanos[i]);
    }
    return new Threads(waiters);
  }

  @Test
  void a_semaphore_wakes_those_who_wait_in_the_order_in_which_they_came() {
    Threads threads = waiters(100, 100, 100);
    machine.start(vcpu, threads);
    machine.run();
    assertThat(log)
        .containsExactly(
            "0 has it at 1",
            "0 gives it, x0 is 0",
            "1 has it at 104",
            "1 gives it, x0 is 1",
            "2 has it at 207",
            "2 gives it, x0 is 2");
    assertThat(semaphore.count()).isEqualTo(1);
    assertThat(vcpu.guest()).isNull();
  }

  @Test
  void a_sleeping_thread_lets_others_run_and_the_vCPU_sleeps_when_all_do() {
    Threads threads = new Threads(new Waiter(semaphore, log, 0, 1000), new Waiter(new Semaphore(1, 1), log, 1, 500));
    machine.start(vcpu, threads);
    machine.run();
    assertThat(log).containsExactly("0 has it at 1", "1 has it at 3", "1 gives it, x0 is 1", "0 gives it, x0 is 0");
    assertThat(machine.now()).isBetween(1001L, 1010L);
  }

  @Test
  void by_hand_the_clock_moves_on_only_where_the_vCPU_has_to_sleep() {
    vcpu.setGuest(waiters(700));
    while (machine.step(vcpu)) {}
    assertThat(machine.now()).isEqualTo(700);
    assertThat(log).containsExactly("0 has it at 0", "0 gives it, x0 is 0");
  }

  @Test
  void when_all_wait_the_vCPU_is_not_enabled_and_the_machine_stops() {
    Semaphore never = new Semaphore(0, 1);
    machine.start(vcpu, new Threads(new Waiter(never, log, 0, 0), new Waiter(never, log, 1, 0)));
    machine.run();
    assertThat(machine.enabled(vcpu)).isFalse();
    assertThat(log).isEmpty();
    never.give();
    assertThat(machine.enabled(vcpu)).isTrue();
  }

  @Test
  void who_chooses_decides_which_thread_takes_the_next_step() {
    Threads threads = new Threads(new Waiter(semaphore, log, 0, 0), new Waiter(new Semaphore(1, 1), log, 1, 0));
    vcpu.setGuest(threads);
    machine.step(vcpu);
    assertThat(threads.choose(vcpu, 1)).isTrue();
    machine.step(vcpu);
    machine.step(vcpu);
    assertThat(threads.choose(vcpu, 0)).isTrue();
    machine.step(vcpu);
    assertThat(vcpu.x(0)).isZero();
    assertThat(threads.choose(vcpu, 1)).isTrue();
    assertThat(vcpu.x(0)).as("x0 of thread 1").isEqualTo(1);
    assertThat(log).containsExactly("1 has it at 0", "0 has it at 0");
  }

  @Test
  void a_thread_with_interrupts_masked_stays_on_the_vCPU_until_it_waits() {
    Threads threads = new Threads(new Waiter(semaphore, log, 0, 10), new Waiter(semaphore, log, 1, 10));
    vcpu.setGuest(threads);
    machine.step(vcpu);
    vcpu.setInterruptMasks(1);
    assertThat(threads.choose(vcpu, 1)).isFalse();
    machine.step(vcpu);
    machine.step(vcpu);
    assertThat(vcpu.thread()).as("thread 0 sleeps").isEqualTo(1);
    assertThat(vcpu.interruptMasks()).as("masks of thread 1").isZero();
    while (!threads.hasEnded(0)) {
      machine.step(vcpu);
    }
    assertThat(threads.result(0)).isZero();
  }

  @Test
  void a_copy_goes_on_by_itself_and_has_the_same_digest() {
    Threads threads = new Threads(new Waiter(new Semaphore(1, 1), log, 0, 50), new Waiter(new Semaphore(1, 1), log, 1, 50));
    vcpu.setGuest(threads);
    for (int steps = 0; steps < 3; steps++) {
      machine.step(vcpu);
      Machine copy = machine.copy();
      assertThat(copy.digest()).isEqualTo(machine.digest());
      copy.step(copy.domain(1).vcpu(0));
      assertThat(copy.digest()).isNotEqualTo(machine.digest());
    }
  }

  @Test
  void a_semaphore_never_has_more_than_its_limit_and_hands_over_to_those_who_wait() {
    semaphore.give();
    assertThat(semaphore.count()).isEqualTo(1);
    assertThat(semaphore.take(5)).isTrue();
    assertThat(semaphore.take(6)).isFalse();
    assertThat(semaphore.take(7)).isFalse();
    assertThat(semaphore.waiting()).isEqualTo(2);
    semaphore.give();
    assertThat(semaphore.isQueued(6)).isFalse();
    assertThat(semaphore.isQueued(7)).isTrue();
    assertThat(semaphore.count()).as("handed over, not to be had by others").isZero();
  }
}
