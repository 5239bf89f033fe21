package org.xenarium.emulator.evtchn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;

/** What event_channel_op answers. */
public class EventChannelOpTest extends EventCalls {
  private static final int[] COMMANDS = {
    EventChannelOp.ALLOC_UNBOUND,
    EventChannelOp.BIND_INTERDOMAIN,
    EventChannelOp.SEND,
    EventChannelOp.CLOSE,
    EventChannelOp.STATUS,
    EventChannelOp.UNMASK
  };

  @Test
  void EVT_01_an_unknown_command_answers_ENOSYS() {
    for (int command : new int[] {15, 99, -1}) {
      assertThat(eventOp(guest, command, UNREADABLE)).isEqualTo(answer(EventRule.EVT_01, ENOSYS));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 11})
  void a_command_that_exists_in_Xen_and_not_here_is_refused_by_name(int command) {
    assertThatThrownBy(() -> eventOp(guest, command, ARGUMENT))
        .isInstanceOf(NotEmulatedException.class)
        .hasMessage("event_channel_op command " + command + " is not emulated");
  }

  @Test
  void EVT_02_an_unreadable_struct_faults() {
    for (int command : COMMANDS) {
      assertThat(eventOp(guest, command, UNREADABLE)).isEqualTo(answer(EventRule.EVT_02, EFAULT));
      assertThat(eventOp(guest, command, address(RAM + RAM_PAGES) - 3)).isEqualTo(answer(EventRule.EVT_02, EFAULT));
    }
  }

  @Test
  void EVT_03_a_struct_that_can_be_read_only_faults_and_the_call_was_performed() {
    guest.physmap().set(HOLE, mfn(guest, RAM), EntryType.GRANT_MAP_RO);
    store(guest, ARGUMENT, 4, SELF << 16 | SELF);
    assertThat(eventOp(guest, EventChannelOp.ALLOC_UNBOUND, address(HOLE))).isEqualTo(answer(EventRule.EVT_03, EFAULT));
    assertThat(EventChannels.of(guest).state(1)).isEqualTo(EventChannels.State.UNBOUND);
    store(guest, ARGUMENT, 8, 1L << 32 | SELF);
    assertThat(eventOp(guest, EventChannelOp.STATUS, address(HOLE))).isEqualTo(answer(EventRule.EVT_03, EFAULT));
    assertThat(eventOp(guest, EventChannelOp.BIND_INTERDOMAIN, address(HOLE))).isEqualTo(answer(EventRule.EVT_03, EFAULT));
    assertThat(EventChannels.of(guest).state(2)).isEqualTo(EventChannels.State.INTERDOMAIN);
  }

  @Test
  void UNBOUND_01_for_an_unknown_domain_there_is_no_port() {
    assertThat(allocUnbound(guest, NOBODY, 0)).isEqualTo(answer(EventRule.UNBOUND_01, ESRCH));
    assertThat(allocUnbound(guest, 0x7ff1, 0)).isEqualTo(answer(EventRule.UNBOUND_01, ESRCH));
  }

  @Test
  void UNBOUND_02_an_unprivileged_domain_opens_no_ports_of_others() {
    assertThat(allocUnbound(guest, OTHER, 0)).isEqualTo(answer(EventRule.UNBOUND_02, EPERM));
    assertThat(EventChannels.of(other).state(1)).isEqualTo(EventChannels.State.CLOSED);
  }

  @Test
  void UNBOUND_03_a_domain_has_1023_ports() {
    exhaust(guest);
    assertThat(allocUnbound(guest, SELF, 0)).isEqualTo(answer(EventRule.UNBOUND_03, ENOSPC));
    close(guest, 700);
    assertThat(allocUnbound(guest, SELF, 0)).isEqualTo(answer(EventRule.UNBOUND_06, 0));
    assertThat(allocated(guest)).isEqualTo(700);
  }

  @Test
  void UNBOUND_04_under_silo_the_remote_domain_must_be_there() {
    assertThat(allocUnbound(guest, SELF, NOBODY)).isEqualTo(answer(EventRule.UNBOUND_04, ESRCH));
  }

  @Test
  void UNBOUND_05_under_silo_two_unprivileged_domains_get_no_port() {
    assertThat(allocUnbound(guest, SELF, OTHER)).isEqualTo(answer(EventRule.UNBOUND_05, EPERM));
  }

  @Test
  void UNBOUND_06_the_lowest_free_port_is_given_from_1_on_and_only_the_port_is_written() {
    for (int port = 1; port <= 70; port++) {
      assertThat(allocUnbound(guest, SELF, 0)).isEqualTo(answer(EventRule.UNBOUND_06, 0));
      assertThat(load(guest, ARGUMENT, 8)).isEqualTo((long) port << 32 | SELF);
      assertThat(load(guest, ARGUMENT + 8, 8)).isEqualTo(UNTOUCHED);
    }
    close(guest, 5);
    allocUnbound(guest, SELF, SELF);
    assertThat(allocated(guest)).isEqualTo(5);
    assertThat(EventChannels.of(guest).remoteDomain(5)).as("SELF is the caller").isEqualTo(GUEST);
  }

  @Test
  void UNBOUND_06_a_control_domain_opens_ports_of_others() {
    assertThat(allocUnbound(control, OTHER, SELF)).isEqualTo(answer(EventRule.UNBOUND_06, 0));
    assertThat(EventChannels.of(other).state(1)).isEqualTo(EventChannels.State.UNBOUND);
    assertThat(EventChannels.of(other).remoteDomain(1)).isZero();
  }

  @Test
  void BIND_01_there_is_nobody_to_bind_to() {
    assertThat(bind(guest, NOBODY, 1)).isEqualTo(answer(EventRule.BIND_01, ESRCH));
  }

  @Test
  void BIND_02_a_domain_without_a_free_port_cannot_bind() {
    allocUnbound(control, SELF, GUEST);
    exhaust(guest);
    assertThat(bind(guest, 0, 1)).isEqualTo(answer(EventRule.BIND_02, ENOSPC));
  }

  @Test
  void BIND_03_only_a_port_that_waits_for_the_caller_can_be_bound_to() {
    assertThat(bind(guest, 0, 1)).as("closed").isEqualTo(answer(EventRule.BIND_03, EINVAL));
    assertThat(bind(guest, 0, -1)).as("no port at all").isEqualTo(answer(EventRule.BIND_03, EINVAL));
    allocUnbound(control, SELF, OTHER);
    assertThat(bind(guest, 0, 1)).as("waits for another").isEqualTo(answer(EventRule.BIND_03, EINVAL));
    assertThat(bind(other, 0, 1).result()).isZero();
    assertThat(bind(other, 0, 1)).as("bound already").isEqualTo(answer(EventRule.BIND_03, EINVAL));
    assertThat(EventChannels.of(guest).state(1)).isEqualTo(EventChannels.State.CLOSED);
  }

  @Test
  void BIND_04_silo_refuses_a_port_that_waits_for_a_privileged_domain_of_that_id_which_is_no_more() {
    allocUnbound(guest, SELF, 0);
    machine.destroyDomain(0);
    Domain successor = machine.createDomain(DomainConfig.guest(0, MAX_PAGES));
    successor.ownRam(RAM, FIRST_MFN, 2);
    assertThat(bind(successor, GUEST, 1)).isEqualTo(answer(EventRule.BIND_04, EPERM));
    assertThat(EventChannels.of(guest).state(1)).isEqualTo(EventChannels.State.UNBOUND);
  }

  @Test
  void BIND_05_both_ports_are_connected_and_the_new_one_has_an_event_at_once() {
    allocUnbound(guest, SELF, 0);
    allocUnbound(guest, SELF, 0);
    allocUnbound(control, SELF, GUEST);
    assertThat(bind(control, GUEST, 2)).isEqualTo(answer(EventRule.BIND_05, 0));
    assertThat(bound(control)).isEqualTo(2);
    assertThat(load(control, ARGUMENT, 8)).isEqualTo(2L << 32 | 0x5a5a_0000L | GUEST);
    EventChannels near = EventChannels.of(control);
    EventChannels far = EventChannels.of(guest);
    assertThat(near.state(2)).isEqualTo(EventChannels.State.INTERDOMAIN);
    assertThat(near.remoteDomain(2)).isEqualTo(GUEST);
    assertThat(near.remotePort(2)).isEqualTo(2);
    assertThat(far.state(2)).isEqualTo(EventChannels.State.INTERDOMAIN);
    assertThat(far.remoteDomain(2)).isZero();
    assertThat(far.remotePort(2)).isEqualTo(2);
    assertThat(pending(control, 2)).isTrue();
    assertThat(pending(guest, 2)).isFalse();
  }

  @Test
  void SEND_01_from_a_closed_port_nothing_is_sent() {
    for (int port : new int[] {0, 1, 63, 64, 5000, -1}) {
      assertThat(send(guest, port)).isEqualTo(answer(EventRule.SEND_01, EINVAL));
    }
  }

  @Test
  void SEND_02_an_event_to_nobody_is_dropped() {
    allocUnbound(guest, SELF, 0);
    assertThat(send(guest, 1)).isEqualTo(answer(EventRule.SEND_02, 0));
    assertThat(pending(guest, 1)).isFalse();
  }

  @Test
  void SEND_03_an_event_is_pending_at_the_other_end() {
    connect();
    quiet(guest);
    assertThat(send(control, 1)).isEqualTo(answer(EventRule.SEND_03, 0));
    assertThat(pending(guest, 1)).isTrue();
    assertThat(pending(control, 1)).isFalse();
    assertThat(send(guest, 1)).isEqualTo(answer(EventRule.SEND_03, 0));
    assertThat(pending(control, 1)).isTrue();
  }

  @Test
  void CLOSE_01_a_closed_port_cannot_be_closed() {
    assertThat(close(guest, 1)).isEqualTo(answer(EventRule.CLOSE_01, EINVAL));
    assertThat(close(guest, -1)).isEqualTo(answer(EventRule.CLOSE_01, EINVAL));
  }

  @Test
  void CLOSE_02_the_other_end_waits_for_the_same_domain_to_bind_again() {
    connect();
    assertThat(close(guest, 1)).isEqualTo(answer(EventRule.CLOSE_02, 0));
    assertThat(pending(guest, 1)).isFalse();
    assertThat(EventChannels.of(control).state(1)).isEqualTo(EventChannels.State.UNBOUND);
    assertThat(EventChannels.of(control).remoteDomain(1)).isEqualTo(GUEST);
    assertThat(send(control, 1)).isEqualTo(answer(EventRule.SEND_02, 0));
    assertThat(bind(guest, 0, 1)).isEqualTo(answer(EventRule.BIND_05, 0));
  }

  @Test
  void PORT_01_the_domain_is_unknown() {
    assertThat(status(guest, NOBODY, 1)).isEqualTo(answer(EventRule.PORT_01, ESRCH));
  }

  @Test
  void PORT_02_ports_come_into_being_in_buckets_of_64() {
    assertThat(status(guest, SELF, 63)).isEqualTo(answer(EventRule.PORT_04, 0));
    assertThat(status(guest, SELF, 64)).isEqualTo(answer(EventRule.PORT_02, EINVAL));
    for (int port = 1; port <= 64; port++) {
      allocUnbound(guest, SELF, 0);
    }
    assertThat(status(guest, SELF, 127)).isEqualTo(answer(EventRule.PORT_04, 0));
    assertThat(status(guest, SELF, 128)).isEqualTo(answer(EventRule.PORT_02, EINVAL));
    assertThat(status(guest, SELF, -1)).isEqualTo(answer(EventRule.PORT_02, EINVAL));
  }

  @Test
  void PORT_03_an_unprivileged_domain_may_not_ask_about_another() {
    assertThat(status(guest, OTHER, 1)).isEqualTo(answer(EventRule.PORT_03, EPERM));
    assertThat(load(guest, ARGUMENT + 8, 8)).isEqualTo(UNTOUCHED);
  }

  @Test
  void PORT_04_of_a_port_what_belongs_to_its_state_is_written() {
    assertThat(status(guest, SELF, 1)).isEqualTo(answer(EventRule.PORT_04, 0));
    assertThat(load(guest, ARGUMENT + 8, 8)).as("closed, vCPU 0").isZero();
    assertThat(load(guest, ARGUMENT + 16, 8)).isEqualTo(UNTOUCHED);
    allocUnbound(guest, SELF, 0);
    assertThat(status(guest, GUEST, 1)).isEqualTo(answer(EventRule.PORT_04, 0));
    assertThat(load(guest, ARGUMENT + 8, 8)).as("unbound").isEqualTo(1);
    assertThat(load(guest, ARGUMENT + 16, 8)).isEqualTo(0x5a5a5a5a5a5a0000L);
    bind(control, GUEST, 1);
    assertThat(status(control, GUEST, 1)).isEqualTo(answer(EventRule.PORT_04, 0));
    assertThat(load(control, ARGUMENT + 8, 8)).as("interdomain").isEqualTo(2);
    assertThat(load(control, ARGUMENT + 16, 8)).isEqualTo(1L << 32 | 0x5a5a_0000L);
  }

  @Test
  void UNMASK_01_a_port_that_does_not_exist_cannot_be_unmasked() {
    assertThat(onPort(guest, EventChannelOp.UNMASK, 64)).isEqualTo(answer(EventRule.UNMASK_01, EINVAL));
    assertThat(onPort(guest, EventChannelOp.UNMASK, -1)).isEqualTo(answer(EventRule.UNMASK_01, EINVAL));
  }

  @Test
  void UNMASK_02_a_masked_event_is_told_when_it_is_unmasked() {
    connect();
    quiet(guest);
    mask(guest, 1);
    send(control, 1);
    assertThat(pending(guest, 1)).isTrue();
    assertThat(upcall(guest)).isFalse();
    assertThat(onPort(guest, EventChannelOp.UNMASK, 1)).isEqualTo(answer(EventRule.UNMASK_02, 0));
    assertThat(masked(guest, 1)).isFalse();
    assertThat(selector(guest)).isEqualTo(1);
    assertThat(upcall(guest)).isTrue();
  }

  /** Under the dummy policy. */
  private static final class Dummy extends EventCalls {
    Dummy() {
      super(Semantics.baseline(SecurityPolicy.DUMMY));
    }

    void connectGuests() {
      assertThat(allocUnbound(guest, SELF, NOBODY)).as("nobody need be there yet").isEqualTo(answer(EventRule.UNBOUND_06, 0));
      assertThat(allocUnbound(guest, SELF, OTHER)).isEqualTo(answer(EventRule.UNBOUND_06, 0));
      assertThat(bind(other, GUEST, allocated(guest))).isEqualTo(answer(EventRule.BIND_05, 0));
    }
  }

  @Test
  void UNBOUND_06_BIND_05_under_the_dummy_policy_two_guests_connect() {
    new Dummy().connectGuests();
  }
}
