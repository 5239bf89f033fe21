package org.xenarium.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.evtchn.EventCalls;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.Change;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.schedop.SchedOp;
import org.xenarium.emulator.state.Digest;

/** The event-channel interrupt: how an event becomes code that runs on a vCPU. Port 1 of both domains connects the control domain and the guest. */
class UpcallTest extends EventCalls {
  private static final long SHARED_INFO = HOLE + 7;
  private static final int LATENCY = 1000;

  private final List<String> log = new ArrayList<>();
  private final Vcpu vcpu = guest.vcpu(0);

  /** The usual handler: acknowledges the upcall, then handles port 1. */
  private static final class Handling extends Routine {
    private final List<String> log;
    private final boolean calls;
    private int steps;

    Handling(List<String> log, boolean calls) {
      this.log = log;
      this.calls = calls;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      if (steps == 0) {
        vcpu.store(address(SHARED_INFO), 1, 0);
        vcpu.store(address(SHARED_INFO) + 8, 8, 0);
        vcpu.store(address(SHARED_INFO) + 48, 8, 0);
        log.add("upcall");
      } else if (steps == 1 && calls) {
        vcpu.issue(MemoryAbi.HYPERCALL, MemoryAbi.MAXIMUM_RAM_PAGE, 0, 0);
      } else if (steps == 2 && calls) {
        log.add("highest frame " + Long.toHexString(vcpu.x(0)));
      }
      return ++steps < 3;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(calls).add(steps);
    }
  }

  /** Guest code of so many steps. */
  private static final class Busy extends Routine {
    private final List<String> log;
    private int left;

    Busy(List<String> log, int steps) {
      this.log = log;
      left = steps;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      log.add("guest");
      return --left > 0;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(left);
    }
  }

  private void connected() {
    connect();
    quiet(guest);
    quiet(control);
    assertThat(guest.physmap().set(SHARED_INFO, guest.sharedInfo(), EntryType.RAM_RW))
        .isEqualTo(Change.DONE);
  }

  private void handled(boolean calls) {
    connected();
    vcpu.upcalls().install(each -> new Handling(log, calls));
    vcpu.upcalls().enable(true);
  }

  @Test
  void without_a_handler_nothing_is_planned() {
    connected();
    long before = machine.digest();
    send(control, 1);
    assertThat(upcall(guest)).isTrue();
    assertThat(machine.isInterruptOnItsWay(vcpu)).isFalse();
    machine.run();
    assertThat(machine.now()).isZero();
    assertThat(machine.digest()).as("the bits of the event").isNotEqualTo(before);
  }

  @Test
  void a_kernel_that_has_interrupts_locked_is_interrupted_when_it_unlocks_them() {
    handled(false);
    vcpu.setInterruptMasks(2);
    machine.start(vcpu, new Busy(log, 2));
    send(control, 1);
    machine.run();
    assertThat(log).containsExactly("guest", "guest");
    vcpu.setInterruptMasks(0);
    while (machine.step(vcpu)) {}
    assertThat(log).containsExactly("guest", "guest", "upcall");
  }

  @Test
  void the_handler_of_an_idle_vcpu_runs_after_the_latency() {
    handled(false);
    send(control, 1);
    machine.run(LATENCY - 1);
    assertThat(log).isEmpty();
    machine.run();
    assertThat(log).containsExactly("upcall");
    assertThat(upcall(guest)).isFalse();
    assertThat(vcpu.upcalls().isEnabled()).as("as before").isTrue();
    assertThat(vcpu.runnable()).isFalse();
  }

  @Test
  void the_handler_runs_between_two_steps_of_guest_code() {
    handled(false);
    machine.start(vcpu, new Busy(log, 200));
    send(control, 1);
    machine.run();
    int at = log.indexOf("upcall");
    assertThat(at).as("10 ns a step").isBetween(99, 101);
    assertThat(log).hasSize(201);
  }

  @Test
  void the_handler_runs_while_guest_code_sleeps_which_sleeps_no_shorter_for_it() {
    handled(false);
    List<Long> times = new ArrayList<>();
    vcpu.upcalls().install(each -> new Noting(times));
    machine.start(vcpu, new Sleeper(times));
    machine.run(3 * LATENCY);
    send(control, 1);
    Machine copy = machine.copy();
    assertThat(copy.digest()).isEqualTo(machine.digest());
    machine.run();
    assertThat(times).as("the handler, then the sleeper").containsExactly(4L * LATENCY + 10, 10L * LATENCY + 10);
    assertThat(machine.now()).isEqualTo(10L * LATENCY + 10);
  }

  /** A handler that notes when it runs. */
  private static final class Noting extends Routine {
    private final List<Long> times;

    Noting(List<Long> times) {
      this.times = times;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      vcpu.store(address(SHARED_INFO), 1, 0);
      times.add(vcpu.world().now());
      return false;
    }

    @Override
    public void digest(Digest digest) {}
  }

  /** Guest code that sleeps ten times as long as an interrupt takes, and notes when it goes on. */
  private static final class Sleeper extends Routine {
    private final List<Long> times;
    private boolean slept;

    Sleeper(List<Long> times) {
      this.times = times;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      if (slept) {
        times.add(vcpu.world().now());
        return false;
      }
      vcpu.sleep(10 * LATENCY);
      slept = true;
      return true;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(slept);
    }
  }

  @Test
  void while_interrupts_are_off_the_interrupt_waits() {
    handled(false);
    vcpu.upcalls().enable(false);
    machine.start(vcpu, new Busy(log, 200));
    send(control, 1);
    machine.run();
    assertThat(log).doesNotContain("upcall");
    vcpu.upcalls().enable(true);
    machine.start(vcpu, new Busy(log, 1));
    machine.run();
    assertThat(log.subList(200, log.size())).containsExactly("upcall", "guest");
  }

  @Test
  void an_event_that_the_guest_has_acknowledged_meanwhile_interrupts_nobody() {
    handled(false);
    send(control, 1);
    quiet(guest);
    machine.run();
    assertThat(log).isEmpty();
  }

  @Test
  void several_events_before_the_handler_runs_are_one_upcall_and_one_after_it_is_another() {
    handled(false);
    send(control, 1);
    send(control, 1);
    machine.run();
    send(control, 1);
    machine.run();
    assertThat(log).containsExactly("upcall", "upcall");
  }

  @Test
  void an_event_during_the_handler_interrupts_when_it_has_returned() {
    handled(false);
    vcpu.upcalls().install(each -> new Handling(log, false));
    send(control, 1);
    machine.deliverInterrupt(vcpu);
    machine.step(vcpu);
    machine.step(vcpu);
    assertThat(log).containsExactly("upcall");
    send(control, 1);
    machine.deliverInterrupt(vcpu);
    assertThat(vcpu.upcalls().isDue()).as("not on top of the first").isFalse();
    machine.step(vcpu);
    machine.step(vcpu);
    assertThat(vcpu.upcalls().isDue()).isTrue();
    machine.run();
    assertThat(log).containsExactly("upcall", "upcall");
  }

  @Test
  void a_guest_that_waits_for_an_event_goes_on_with_it() {
    handled(false);
    machine.start(vcpu, new Waiting(log));
    machine.run();
    assertThat(log).containsExactly("waits");
    assertThat(machine.enabled(vcpu)).isFalse();
    send(control, 1);
    machine.run();
    assertThat(log).containsExactly("waits", "upcall", "goes on");
    assertThat(machine.now()).isGreaterThanOrEqualTo(LATENCY);
  }

  @Test
  void a_guest_with_interrupts_off_and_without_a_handler_wakes_too() {
    connected();
    machine.start(vcpu, new Waiting(log));
    machine.run();
    send(control, 1);
    machine.run();
    assertThat(log).containsExactly("waits", "goes on");
  }

  @Test
  void who_has_an_event_already_does_not_wait() {
    connected();
    send(control, 1);
    machine.start(vcpu, new Waiting(log));
    machine.run();
    assertThat(log).containsExactly("waits", "goes on");
  }

  /** Executes WFI, and goes on. */
  private static final class Waiting extends Routine {
    private final List<String> log;
    private boolean waited;

    Waiting(List<String> log) {
      this.log = log;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      log.add(waited ? "goes on" : "waits");
      if (waited) {
        return false;
      }
      waited = true;
      vcpu.upcalls().waitForEvent();
      return true;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(waited);
    }
  }

  @Test
  void a_blocked_guest_goes_on_after_its_handler() {
    handled(false);
    vcpu.upcalls().enable(false);
    machine.start(vcpu, new Blocking(log));
    machine.run();
    assertThat(log).isEmpty();
    send(control, 1);
    machine.run();
    assertThat(log).containsExactly("upcall", "back with 0");
  }

  /** Blocks by hypercall, which lets interrupts in. */
  private static final class Blocking extends Routine {
    private final List<String> log;
    private boolean asked;

    Blocking(List<String> log) {
      this.log = log;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      if (asked) {
        log.add("back with " + vcpu.x(0));
        return false;
      }
      asked = true;
      vcpu.issue(SchedOp.HYPERCALL, SchedOp.BLOCK, 0, 0);
      return true;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(asked);
    }
  }

  private void issuePopulate(int extents) {
    for (int i = 0; i < extents; i++) {
      store(guest, LIST + 8L * i, 8, HOLE + 16 + i);
    }
    store(guest, ARGUMENT + MemoryAbi.RESERVATION_EXTENT_START, 8, LIST);
    store(guest, ARGUMENT + MemoryAbi.RESERVATION_NR_EXTENTS, 8, extents);
    store(guest, ARGUMENT + MemoryAbi.RESERVATION_EXTENT_ORDER, 8, 0);
    store(guest, ARGUMENT + MemoryAbi.RESERVATION_DOMID, 2, SELF);
    vcpu.issue(MemoryAbi.HYPERCALL, MemoryAbi.POPULATE_PHYSMAP, ARGUMENT, 0);
  }

  @Test
  void an_interrupt_preempts_a_batch_and_the_handler_makes_calls_of_its_own_before_it_goes_on() {
    handled(true);
    issuePopulate(3);
    machine.step(vcpu);
    machine.step(vcpu);
    machine.step(vcpu);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES + 1);
    send(control, 1);
    machine.deliverInterrupt(vcpu);
    machine.step(vcpu);
    assertThat(vcpu.call()).as("preempted").isNull();
    assertThat(vcpu.atHypercall()).isTrue();
    assertThat(vcpu.x(0)).isEqualTo(1 << MemoryAbi.CMD_BITS | MemoryAbi.POPULATE_PHYSMAP);
    while (log.size() < 2) {
      machine.step(vcpu);
    }
    assertThat(log).containsExactly("upcall", "highest frame " + Long.toHexString(FIRST_MFN + FRAMES));
    assertThat(guest.totPages()).as("the batch has not gone on").isEqualTo(RAM_PAGES + 1);
    assertThat(machine.finishCall(vcpu)).isEqualTo(3);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES + 3);
  }

  @Test
  void back_to_back_a_call_takes_its_upcalls_on_the_way() {
    handled(true);
    issuePopulate(3);
    send(control, 1);
    machine.deliverInterrupt(vcpu);
    assertThat(machine.finishCall(vcpu)).isEqualTo(3);
    assertThat(log).hasSize(2);
  }

  @Test
  void a_copy_taken_anywhere_ends_in_the_same_state() {
    handled(true);
    issuePopulate(3);
    send(control, 1);
    machine.deliverInterrupt(vcpu);
    Machine whole = machine.copy();
    whole.finishCall(whole.domain(GUEST).vcpu(0));
    while (machine.step(vcpu)) {
      Machine copy = machine.copy();
      assertThat(copy.digest()).isEqualTo(machine.digest());
      Vcpu copied = copy.domain(GUEST).vcpu(0);
      while (copy.step(copied)) {}
      assertThat(copy.digest()).isEqualTo(whole.digest());
    }
  }

  @Test
  void there_must_be_an_interrupt_on_its_way_to_be_delivered() {
    handled(false);
    assertThatThrownBy(() -> machine.deliverInterrupt(vcpu)).isInstanceOf(IllegalStateException.class).hasMessageContaining("domain 1");
  }

  @Test
  void a_paused_vcpu_takes_its_interrupt_when_it_is_unpaused() {
    handled(false);
    machine.start(vcpu, new Waiting(log));
    machine.run();
    machine.pause(GUEST);
    send(control, 1);
    machine.run();
    assertThat(log).containsExactly("waits");
    machine.unpause(GUEST);
    machine.run();
    assertThat(log).containsExactly("waits", "upcall", "goes on");
  }

  @Test
  void I68_a_dying_guest_takes_no_interrupt_and_its_successor_gets_none_of_it() {
    handled(false);
    send(control, 1);
    machine.destroyDomain(GUEST);
    Vcpu successor = machine.createDomain(DomainConfig.guest(GUEST, MAX_PAGES)).vcpu(0);
    machine.run();
    assertThat(log).isEmpty();
    assertThat(machine.isInterruptOnItsWay(successor)).isFalse();
  }
}
