package org.xenarium.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.state.Digest;

/** Running a machine in the order of time, and step by step. */
class MachineTest {
  /** Notes the time of each of its steps and does something more. */
  private static final class Noting extends Routine {
    private final List<String> log;
    private final String name;
    private final Consumer<Vcpu> more;
    private int steps;

    Noting(List<String> log, String name, int steps, Consumer<Vcpu> more) {
      this.log = log;
      this.name = name;
      this.steps = steps;
      this.more = more;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      log.add(name);
      more.accept(vcpu);
      return --steps > 0;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(steps);
    }
  }

  private final List<String> log = new ArrayList<>();

  private Noting noting(String name, int steps, Consumer<Vcpu> more) {
    return new Noting(log, name, steps, more);
  }

  @Test
  void vcpus_take_turns_in_the_order_in_which_they_were_started() {
    Machine machine = Machines.idle(3);
    for (int i = 0; i < 3; i++) {
      machine.start(machine.domain(1).vcpu(i), noting("v" + i, 2, vcpu -> {}));
    }
    machine.run();
    assertThat(log).containsExactly("v0", "v1", "v2", "v0", "v1", "v2");
  }

  @Test
  void a_guest_step_takes_10_ns_and_one_in_the_hypervisor_100() {
    Machine machine = Machines.idle(1);
    Vcpu vcpu = machine.domain(1).vcpu(0);
    machine.start(vcpu, noting("step", 3, each -> log.add("at " + machine.now())));
    machine.run();
    assertThat(log).containsExactly("step", "at 0", "step", "at 10", "step", "at 20");
    log.clear();
    machine.start(vcpu, noting("step", 2, each -> {
      log.add("at " + machine.now());
      each.issue(17, 0, 0, 0);
    }));
    machine.run();
    assertThat(log).containsExactly("step", "at 20", "step", "at 130");
    assertThat(machine.now()).isEqualTo(140);
  }

  @Test
  void another_cost_model_makes_another_order() {
    Machine machine = Machine.builder().memory(0x1000, 64).costs(vcpu -> vcpu.id() == 0 ? 5 : 2).build();
    machine.createDomain(DomainConfig.guest(1, 8).withVcpus(2));
    machine.start(machine.domain(1).vcpu(0), noting("slow", 2, vcpu -> {}));
    machine.start(machine.domain(1).vcpu(1), noting("fast", 4, vcpu -> {}));
    machine.run();
    assertThat(log).containsExactly("slow", "fast", "fast", "fast", "slow", "fast");
  }

  @Test
  void a_sleep_delays_the_next_step_only() {
    Machine machine = Machines.idle(1);
    machine.start(machine.domain(1).vcpu(0), noting("step", 3, vcpu -> {
      log.add("at " + machine.now());
      if (machine.now() == 0) {
        vcpu.sleep(1000);
      }
    }));
    machine.run();
    assertThat(log).containsExactly("step", "at 0", "step", "at 1010", "step", "at 1020");
  }

  @Test
  void a_run_ends_with_the_events_of_its_last_nanosecond_and_can_be_gone_on_with() {
    Machine machine = Machines.working(1);
    Machine whole = Machines.working(1);
    machine.run(9);
    assertThat(machine.now()).as("the clock says so").isEqualTo(9);
    assertThat(machine.domain(1).vcpu(0).atHypercall()).isFalse();
    machine.run(10);
    assertThat(machine.domain(1).vcpu(0).atHypercall()).as("an event at that very time is taken").isTrue();
    Machine again = machine.copy();
    again.run(10);
    assertThat(again.digest()).as("nothing is left at that time").isEqualTo(machine.digest());
    for (long until = 10; until < 20_000; until += 7) {
      machine.run(until);
      assertThat(machine.now()).isEqualTo(until);
    }
    machine.run(20_000);
    whole.run(20_000);
    assertThat(machine.digest()).isEqualTo(whole.digest());
  }

  @Test
  void a_run_does_all_that_the_guests_wanted() {
    Machine machine = Machines.working(3);
    machine.run();
    for (Domain domain : machine.world().domains()) {
      assertThat(Worker.counted(domain.vcpu(0))).isEqualTo(7 + 5);
      assertThat(domain.vcpu(0).guest()).isNull();
      assertThat(domain.vcpu(1).guest()).isNull();
      assertThat(domain.vcpu(0).runnable()).isFalse();
    }
    PageAccounts.check(machine);
  }

  @Test
  void the_steps_of_a_choice_are_one_indivisible_step_each() {
    Machine machine = Machines.idle(1);
    Vcpu vcpu = machine.domain(1).vcpu(0);
    assertThat(machine.step(vcpu)).as("nothing to do").isFalse();
    vcpu.setGuest(new Worker(2));
    int steps = 0;
    while (machine.step(vcpu)) {
      steps++;
    }
    // A round is three steps of the guest, the HVC, the reading of the struct, and one step per extent.
    assertThat(steps).isEqualTo(2 * (3 + 1 + 1 + 3));
    assertThat(Worker.counted(vcpu)).isEqualTo(2);
    assertThat(Worker.noted(vcpu)).isEqualTo(3);
  }

  @Test
  void a_call_back_to_back_is_the_same_as_its_steps() {
    Machine stepped = Machines.idle(1);
    Machine called = stepped.copy();
    Vcpu vcpu = stepped.domain(1).vcpu(0);
    vcpu.issue(MemoryAbi.HYPERCALL, MemoryAbi.MAXIMUM_GPFN, Worker.RAM << 12, 0);
    while (stepped.step(vcpu)) {}
    long result = called.call(called.domain(1).vcpu(0), MemoryAbi.HYPERCALL, MemoryAbi.MAXIMUM_GPFN, Worker.RAM << 12, 0);
    assertThat(vcpu.x(0)).isEqualTo(result);
    assertThat(called.digest()).isEqualTo(stepped.digest());
  }

  @Test
  void guest_code_waits_while_its_vcpu_is_in_a_call() {
    Machine machine = Machines.idle(1);
    Vcpu vcpu = machine.domain(1).vcpu(0);
    vcpu.setGuest(noting("guest", 9, each -> each.issue(MemoryAbi.HYPERCALL, MemoryAbi.CURRENT_RESERVATION, Worker.RAM << 12, 0)));
    machine.step(vcpu);
    assertThat(vcpu.atHypercall()).isTrue();
    machine.step(vcpu);
    assertThat(vcpu.call()).isNotNull();
    machine.step(vcpu);
    assertThat(vcpu.call()).isNull();
    assertThat(log).containsExactly("guest");
    machine.step(vcpu);
    assertThat(log).containsExactly("guest", "guest");
  }

  @Test
  void a_vcpu_takes_guest_code_when_it_has_none() {
    Machine machine = Machines.idle(1);
    Vcpu vcpu = machine.domain(1).vcpu(0);
    machine.start(vcpu, new Worker(1));
    assertThatThrownBy(() -> machine.start(vcpu, new Worker(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("vCPU 0 of domain 1");
    machine.run();
    machine.start(vcpu, new Worker(1));
    machine.run();
    assertThat(Worker.counted(vcpu)).isEqualTo(2);
  }

  @Test
  void a_domain_that_is_not_there_is_refused() {
    assertThatThrownBy(() -> Machines.idle(1).domain(4)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4");
  }

  @Test
  void a_stuck_vcpu_runs_no_more_and_the_others_go_on() {
    Machine machine = Machines.idle(2);
    Domain domain = machine.domain(1);
    machine.start(domain.vcpu(0), noting("stuck", 9, vcpu -> {
      vcpu.domain().physmap().set(5, 0x1000, EntryType.GRANT_MAP_RO);
      vcpu.store(5 << 12, 8, 1);
    }));
    machine.start(domain.vcpu(1), noting("well", 3, vcpu -> {}));
    machine.run();
    assertThat(log).containsExactly("stuck", "well", "well", "well");
    assertThat(domain.vcpu(0).isStuck()).isTrue();
  }

  @Test
  void I68_the_vcpus_of_a_destroyed_domain_stop() {
    Machine machine = Machines.working(1);
    machine.run(300);
    machine.destroyDomain(1);
    machine.run();
    assertThat(machine.world().domains()).extracting(Domain::id).containsExactly(2);
    assertThat(Worker.counted(machine.domain(2).vcpu(0))).isEqualTo(12);
    PageAccounts.check(machine);
  }

  @Test
  void events_of_a_destroyed_domain_do_not_reach_its_successor() {
    Machine machine = Machines.idle(2);
    Domain domain = machine.domain(1);
    machine.start(domain.vcpu(0), noting("old", 9, vcpu -> {}));
    machine.start(domain.vcpu(1), noting("old", 9, vcpu -> {}));
    machine.run(0);
    machine.destroyDomain(1);
    machine.run(20);
    log.clear();
    machine.start(machine.createDomain(DomainConfig.guest(1, 8)).vcpu(0), noting("new", 3, vcpu -> log.add("at " + machine.now())));
    machine.run();
    assertThat(log).containsExactly("new", "at 20", "new", "at 30", "new", "at 40");
  }

  @Test
  void guest_code_started_after_steps_of_choice_runs_at_its_own_speed() {
    Machine machine = Machines.idle(1);
    Vcpu vcpu = machine.domain(1).vcpu(0);
    machine.start(vcpu, noting("first", 1, each -> {}));
    machine.step(vcpu);
    machine.start(vcpu, noting("second", 3, each -> log.add("at " + machine.now())));
    machine.run();
    assertThat(log).containsExactly("first", "second", "at 0", "second", "at 10", "second", "at 20");
  }

  @Test
  void I68_a_vcpu_that_cannot_go_on_makes_no_calls() {
    Machine machine = Machines.idle(1);
    Vcpu vcpu = machine.domain(1).vcpu(0);
    vcpu.halt();
    assertThatThrownBy(() -> machine.call(vcpu, 17, 0, 0, 0)).isInstanceOf(IllegalStateException.class).hasMessageContaining("vCPU 0");
  }

  @Test
  void a_run_ends_when_all_wait_for_each_other() {
    Machine machine = Machines.idle(2);
    machine.start(machine.domain(1).vcpu(0), new Waiting(log));
    machine.start(machine.domain(1).vcpu(1), new Waiting(log));
    machine.run();
    assertThat(log).isEmpty();
  }

  @Test
  void waiting_guest_code_is_asked_again_and_goes_on_when_it_need_not_wait_any_more() {
    Machine machine = Machines.idle(2);
    Domain domain = machine.domain(1);
    machine.start(domain.vcpu(0), new Waiting(log));
    machine.start(domain.vcpu(1), noting("busy", 3, vcpu -> vcpu.store(Worker.RAM << 12, 8, vcpu.load(Worker.RAM << 12, 8) + 1)));
    assertThat(machine.enabled(domain.vcpu(0))).isFalse();
    machine.run();
    assertThat(log).containsExactly("busy", "busy", "busy", "woken");
  }

  /** Waits until the domain's first word of RAM is 3. */
  private static final class Waiting extends Routine {
    private final List<String> log;

    Waiting(List<String> log) {
      this.log = log;
    }

    @Override
    public boolean isWaiting(Vcpu vcpu) {
      return vcpu.load(Worker.RAM << 12, 8) < 3;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      log.add("woken");
      return false;
    }

    @Override
    public void digest(Digest digest) {}
  }

  @Test
  void a_module_cannot_take_a_number_that_is_taken() {
    assertThatThrownBy(() -> Machine.builder().module(new Handling(MemoryAbi.HYPERCALL, vcpu -> null)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("12");
  }

  @Test
  void a_module_s_handler_is_called_and_shared_by_copies() {
    Machine machine = Machine.builder().memory(0x1000, 64).module(new Handling(40, vcpu -> {
      vcpu.setX(0, vcpu.x(1) * 2);
      return null;
    })).build();
    machine.createDomain(DomainConfig.guest(1, 8));
    assertThat(machine.call(machine.domain(1).vcpu(0), 40, 0, 21, 0)).isEqualTo(42);
    Machine copy = machine.copy();
    assertThat(copy.call(copy.domain(1).vcpu(0), 40, 0, 21, 0)).isEqualTo(42);
  }
}
