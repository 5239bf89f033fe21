package org.xenarium.emulator.schedop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Shutdown;
import org.xenarium.emulator.evtchn.EventCalls;
import org.xenarium.emulator.hypercall.NotEmulatedException;

/** Hypercall 29, by which a guest waits or ends itself; the answers were measured on 4.17.7. */
public class SchedOpTest extends EventCalls {
  private Answer sched(Domain caller, int command, long pointer) {
    return ask(caller, SchedOp.HYPERCALL, command, pointer);
  }

  private Answer sched(Domain caller, int command, int first, int second) {
    store(caller, ARGUMENT, 4, first);
    store(caller, ARGUMENT + 4, 4, second);
    return sched(caller, command, ARGUMENT);
  }

  private Answer poll(int count, long timeout, int... ports) {
    for (int i = 0; i < ports.length; i++) {
      store(guest, LIST + 4L * i, 4, ports[i]);
    }
    return pollAt(LIST, count, timeout);
  }

  private Answer pollAt(long list, int count, long timeout) {
    store(guest, ARGUMENT, 8, list);
    store(guest, ARGUMENT + 8, 4, count);
    store(guest, ARGUMENT + 16, 8, timeout);
    return sched(guest, SchedOp.POLL, ARGUMENT);
  }

  @Test
  void SCHED_01_an_unknown_command_answers_ENOSYS() {
    for (int command : new int[] {8, 99, -1}) {
      assertThat(sched(guest, command, ARGUMENT)).isEqualTo(answer(SchedRule.SCHED_01, ENOSYS));
    }
  }

  @Test
  void SCHED_02_an_unreadable_struct_faults() {
    for (int command : new int[] {SchedOp.SHUTDOWN, SchedOp.POLL, SchedOp.REMOTE_SHUTDOWN, SchedOp.SHUTDOWN_CODE}) {
      assertThat(sched(guest, command, UNREADABLE)).isEqualTo(answer(SchedRule.SCHED_02, EFAULT));
    }
    assertThat(guest.shutdownReason()).isEqualTo(Domain.RUNNING);
  }

  @Test
  void SCHED_03_a_vcpu_that_yields_goes_on() {
    assertThat(sched(guest, SchedOp.YIELD, 0)).isEqualTo(answer(SchedRule.SCHED_03, 0));
    assertThat(guest.vcpu(0).upcalls().isBlocked()).isFalse();
  }

  @Test
  void SCHED_04_a_vcpu_that_blocks_takes_interrupts_and_does_nothing_more_unless_there_is_an_event() {
    assertThat(sched(guest, SchedOp.BLOCK, 0)).isEqualTo(answer(SchedRule.SCHED_04, 0));
    assertThat(guest.vcpu(0).upcalls().isEnabled()).isTrue();
    assertThat(guest.vcpu(0).upcalls().isBlocked()).isTrue();
    connect2();
    assertThat(sched(other, SchedOp.BLOCK, 0)).isEqualTo(answer(SchedRule.SCHED_04, 0));
    assertThat(other.vcpu(0).upcalls().isBlocked()).as("an event waits").isFalse();
  }

  /** Gives the other guest an event. */
  private void connect2() {
    assertThat(allocUnbound(control, SELF, OTHER).result()).isZero();
    assertThat(bind(other, 0, allocated(control)).result()).isZero();
  }

  @Test
  void SHUTDOWN_01_a_guest_that_shuts_itself_down_runs_no_more_and_stays_alive_and_listed() {
    assertThat(sched(guest, SchedOp.SHUTDOWN, Shutdown.REBOOT, 0)).isEqualTo(answer(SchedRule.SHUTDOWN_01, 0));
    assertThat(guest.shutdownReason()).isEqualTo(Shutdown.REBOOT);
    assertThat(guest.life()).isEqualTo(Life.ALIVE);
    assertThat(machine.domain(GUEST)).isSameAs(guest);
    guest.vcpu(0).issue(SchedOp.HYPERCALL, SchedOp.YIELD, 0, 0);
    assertThat(machine.enabled(guest.vcpu(0))).isFalse();
    assertThat(machine.step(guest.vcpu(0))).isFalse();
    machine.destroyDomain(GUEST);
    assertThat(machine.world().domain(GUEST)).isNull();
  }

  @Test
  void SHUTDOWN_01_of_a_reason_8_bits_count_and_the_first_one_stays() {
    sched(guest, SchedOp.SHUTDOWN, 0x1ff, 0);
    assertThat(guest.shutdownReason()).isEqualTo(0xff);
    guest.crash();
    assertThat(guest.shutdownReason()).isEqualTo(0xff);
  }

  @Test
  void SHUTDOWN_02_a_noted_reason_is_that_of_a_later_shutdown() {
    assertThat(sched(guest, SchedOp.SHUTDOWN_CODE, Shutdown.SUSPEND, 0)).isEqualTo(answer(SchedRule.SHUTDOWN_02, 0));
    assertThat(guest.shutdownReason()).isEqualTo(Domain.RUNNING);
    assertThat(sched(guest, SchedOp.SHUTDOWN_CODE, Shutdown.REBOOT, 0)).isEqualTo(answer(SchedRule.SHUTDOWN_02, 0));
    guest.crash();
    assertThat(guest.shutdownReason()).isEqualTo(Shutdown.SUSPEND);
  }

  @Test
  void POLL_01_at_most_128_ports() {
    assertThat(poll(129, 0)).isEqualTo(answer(SchedRule.POLL_01, EINVAL));
    assertThat(poll(-1, 0)).isEqualTo(answer(SchedRule.POLL_01, EINVAL));
  }

  @Test
  void POLL_02_an_unreadable_list_faults() {
    assertThat(pollAt(UNREADABLE, 1, 0)).isEqualTo(answer(SchedRule.POLL_02, EFAULT));
  }

  @Test
  void POLL_03_a_port_must_be_open() {
    allocUnbound(guest, SELF, 0);
    assertThat(poll(2, 0, 1, 63)).isEqualTo(answer(SchedRule.POLL_03, EINVAL));
    assertThat(poll(1, 0, 0)).isEqualTo(answer(SchedRule.POLL_03, EINVAL));
    assertThat(poll(1, 0, 5000)).isEqualTo(answer(SchedRule.POLL_03, EINVAL));
  }

  @Test
  void POLL_04_an_event_that_is_there_ends_the_poll_at_once_masked_or_not() {
    connect();
    quiet(guest);
    mask(guest, 1);
    send(control, 1);
    assertThat(poll(1, 0, 1)).isEqualTo(answer(SchedRule.POLL_04, 0));
    assertThat(guest.vcpu(0).upcalls().isBlocked()).isFalse();
  }

  @Test
  void POLL_05_the_vcpu_waits_for_the_port_masked_or_not() {
    connect();
    quiet(guest);
    mask(guest, 1);
    assertThat(poll(1, 0, 1)).isEqualTo(answer(SchedRule.POLL_05, 0));
    assertThat(guest.vcpu(0).upcalls().isBlocked()).isTrue();
    assertThat(machine.enabled(guest.vcpu(0))).isFalse();
    send(control, 1);
    assertThat(guest.vcpu(0).upcalls().isBlocked()).isFalse();
  }

  @Test
  void POLL_05_another_port_ends_it_only_when_several_are_polled() {
    connect();
    allocUnbound(guest, SELF, 0);
    quiet(guest);
    mask(guest, 1);
    poll(1, 0, 2);
    send(control, 1);
    assertThat(guest.vcpu(0).upcalls().isBlocked()).isTrue();
    quiet(guest);
    mask(guest, 1);
    guest.vcpu(0).upcalls().endPoll();
    poll(2, 0, 2, 2);
    send(control, 1);
    assertThat(guest.vcpu(0).upcalls().isBlocked()).isFalse();
  }

  @Test
  void POLL_05_the_time_ends_it_and_that_of_an_earlier_poll_does_not() {
    allocUnbound(guest, SELF, 0);
    poll(1, 500, 1);
    machine.run(499);
    assertThat(guest.vcpu(0).upcalls().isBlocked()).isTrue();
    guest.vcpu(0).upcalls().endPoll();
    poll(1, 900, 1);
    machine.run(899);
    assertThat(guest.vcpu(0).upcalls().isBlocked()).isTrue();
    machine.run(900);
    assertThat(guest.vcpu(0).upcalls().isBlocked()).isFalse();
  }

  @Test
  void REMOTE_01_REMOTE_02_who_can_be_shut_down_by_another() {
    assertThat(sched(control, SchedOp.REMOTE_SHUTDOWN, NOBODY, 0)).isEqualTo(answer(SchedRule.REMOTE_01, ESRCH));
    assertThat(sched(control, SchedOp.REMOTE_SHUTDOWN, DomId.SELF, 0)).isEqualTo(answer(SchedRule.REMOTE_01, ESRCH));
    assertThat(sched(guest, SchedOp.REMOTE_SHUTDOWN, GUEST, 0)).isEqualTo(answer(SchedRule.REMOTE_02, EPERM));
    assertThat(sched(guest, SchedOp.REMOTE_SHUTDOWN, OTHER, 0)).isEqualTo(answer(SchedRule.REMOTE_02, EPERM));
    assertThat(other.shutdownReason()).isEqualTo(Domain.RUNNING);
  }

  @Test
  void REMOTE_03_a_control_domain_shuts_another_down() {
    assertThat(sched(control, SchedOp.REMOTE_SHUTDOWN, GUEST, Shutdown.CRASH)).isEqualTo(answer(SchedRule.REMOTE_03, 0));
    assertThat(guest.shutdownReason()).isEqualTo(Shutdown.CRASH);
  }

  @Test
  void PINOVERRIDE_01_is_for_the_hardware_domain() {
    assertThat(sched(guest, SchedOp.PIN_OVERRIDE, UNREADABLE)).isEqualTo(answer(SchedRule.PINOVERRIDE_01, EPERM));
  }

  @Test
  void what_exists_in_Xen_and_not_here_is_refused_by_name() {
    assertThatThrownBy(() -> sched(guest, SchedOp.WATCHDOG, ARGUMENT)).isInstanceOf(NotEmulatedException.class).hasMessageContaining("watchdog");
    assertThatThrownBy(() -> sched(control, SchedOp.PIN_OVERRIDE, ARGUMENT)).isInstanceOf(NotEmulatedException.class);
  }
}
