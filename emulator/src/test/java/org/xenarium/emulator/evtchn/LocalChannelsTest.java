package org.xenarium.emulator.evtchn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Shutdown;
import org.xenarium.emulator.physmap.EntryType;

/** Ports that lead to the caller's own vCPUs, who hears of events, and resetting; the answers were measured on 4.17.7. */
public class LocalChannelsTest extends EventCalls {
  private static final int ENOENT = -2;
  private static final int EBUSY = -16;
  private static final int EEXIST = -17;
  private static final int EOPNOTSUPP = -95;

  private static final int DOM_EXC = 3;

  private Answer withTwo(Domain caller, int command, int first, int second) {
    for (int at = 0; at < 24; at += 8) {
      store(caller, ARGUMENT + at, 8, UNTOUCHED);
    }
    store(caller, ARGUMENT, 4, first);
    store(caller, ARGUMENT + 4, 4, second);
    return eventOp(caller, command, ARGUMENT);
  }

  private Answer bindIpi(Domain caller, int vcpu) {
    return onPort(caller, EventChannelOp.BIND_IPI, vcpu);
  }

  private Answer bindVirq(Domain caller, int virq, int vcpu) {
    return withTwo(caller, EventChannelOp.BIND_VIRQ, virq, vcpu);
  }

  private Answer bindVcpu(Domain caller, int port, int vcpu) {
    return withTwo(caller, EventChannelOp.BIND_VCPU, port, vcpu);
  }

  private Answer reset(Domain caller, int domid) {
    return onPort(caller, EventChannelOp.RESET, domid);
  }

  private Domain twoVcpus() {
    Domain domain = machine.createDomain(DomainConfig.guest(3, MAX_PAGES).withVcpus(2));
    domain.ownRam(RAM, FIRST_MFN + 3 * RAM_PAGES, RAM_PAGES);
    return domain;
  }

  @Test
  void IPI_01_there_is_no_such_vcpu() {
    assertThat(bindIpi(guest, 1)).isEqualTo(answer(EventRule.IPI_01, ENOENT));
    assertThat(bindIpi(guest, -1)).isEqualTo(answer(EventRule.IPI_01, ENOENT));
  }

  @Test
  void IPI_02_no_port_is_left() {
    exhaust(guest);
    assertThat(bindIpi(guest, 0)).isEqualTo(answer(EventRule.IPI_02, ENOSPC));
  }

  @Test
  void IPI_03_SEND_05_an_event_sent_from_the_port_is_pending_there() {
    assertThat(bindIpi(guest, 0)).isEqualTo(answer(EventRule.IPI_03, 0));
    assertThat(load(guest, ARGUMENT, 8)).isEqualTo(1L << 32);
    assertThat(pending(guest, 1)).isFalse();
    assertThat(send(guest, 1)).isEqualTo(answer(EventRule.SEND_05, 0));
    assertThat(pending(guest, 1)).isTrue();
    assertThat(upcall(guest)).isTrue();
    assertThat(status(guest, SELF, 1)).isEqualTo(answer(EventRule.PORT_04, 0));
    assertThat(load(guest, ARGUMENT + 8, 8)).as("an IPI of vCPU 0").isEqualTo(5);
    assertThat(load(guest, ARGUMENT + 16, 8)).isEqualTo(UNTOUCHED);
  }

  @Test
  void IPI_03_the_status_names_the_vcpu() {
    Domain two = twoVcpus();
    assertThat(bindIpi(two, 1)).isEqualTo(answer(EventRule.IPI_03, 0));
    assertThat(status(two, SELF, 1)).isEqualTo(answer(EventRule.PORT_04, 0));
    assertThat(load(two, ARGUMENT + 8, 8)).isEqualTo(1L << 32 | 5);
  }

  @Test
  void VIRQ_01_there_are_24_virtual_interrupts() {
    assertThat(bindVirq(guest, 24, 0)).isEqualTo(answer(EventRule.VIRQ_01, EINVAL));
    assertThat(bindVirq(guest, -1, 0)).isEqualTo(answer(EventRule.VIRQ_01, EINVAL));
    assertThat(bindVirq(guest, 23, 0)).isEqualTo(answer(EventRule.VIRQ_06, 0));
  }

  @Test
  void VIRQ_02_VIRQ_03_a_global_one_begins_at_vcpu_0_and_others_at_a_vcpu_that_there_is() {
    assertThat(bindVirq(guest, DOM_EXC, 1)).isEqualTo(answer(EventRule.VIRQ_02, EINVAL));
    assertThat(bindVirq(guest, 1, 1)).isEqualTo(answer(EventRule.VIRQ_03, ENOENT));
  }

  @Test
  void VIRQ_04_a_virtual_interrupt_has_one_port() {
    assertThat(bindVirq(guest, 0, 0)).isEqualTo(answer(EventRule.VIRQ_06, 0));
    assertThat(bindVirq(guest, 0, 0)).isEqualTo(answer(EventRule.VIRQ_04, EEXIST));
    Domain two = twoVcpus();
    assertThat(bindVirq(two, 0, 0)).isEqualTo(answer(EventRule.VIRQ_06, 0));
    assertThat(bindVirq(two, 0, 1)).as("of each vCPU").isEqualTo(answer(EventRule.VIRQ_06, 0));
  }

  @Test
  void VIRQ_05_no_port_is_left() {
    exhaust(guest);
    assertThat(bindVirq(guest, 0, 0)).isEqualTo(answer(EventRule.VIRQ_05, ENOSPC));
  }

  @Test
  void VIRQ_06_SEND_04_Xen_alone_raises_it() {
    assertThat(bindVirq(guest, DOM_EXC, 0)).isEqualTo(answer(EventRule.VIRQ_06, 0));
    assertThat(load(guest, ARGUMENT, 8)).isEqualTo(DOM_EXC);
    assertThat(load(guest, ARGUMENT + 8, 4)).isEqualTo(1);
    assertThat(send(guest, 1)).isEqualTo(answer(EventRule.SEND_04, EINVAL));
    assertThat(status(guest, SELF, 1)).isEqualTo(answer(EventRule.PORT_04, 0));
    assertThat(load(guest, ARGUMENT + 8, 8)).isEqualTo(4);
    assertThat(load(guest, ARGUMENT + 16, 8)).isEqualTo(0x5a5a5a5a_0000_0003L);
  }

  @Test
  void the_hardware_domain_hears_of_shutdowns_zombies_and_ends_of_others() {
    bindVirq(control, DOM_EXC, 0);
    quiet(control);
    guest.shutDown(Shutdown.POWEROFF);
    assertThat(pending(control, 1)).as("shut down").isTrue();
    quiet(control);
    mapForeign(other, HOLE, guest, RAM, EntryType.MAP_FOREIGN_RW);
    machine.destroyDomain(GUEST);
    assertThat(pending(control, 1)).as("a zombie").isTrue();
    quiet(control);
    other.physmap().remove(HOLE, mfn(other, HOLE));
    assertThat(pending(control, 1)).as("gone").isTrue();
  }

  @Test
  void VCPU_01_the_vcpu_is_looked_at_before_the_port() {
    assertThat(bindVcpu(guest, 77, 1)).isEqualTo(answer(EventRule.VCPU_01, ENOENT));
  }

  @Test
  void VCPU_02_VCPU_03_neither_a_closed_port_nor_one_of_a_vcpu_moves() {
    assertThat(bindVcpu(guest, 64, 0)).isEqualTo(answer(EventRule.VCPU_02, EINVAL));
    assertThat(bindVcpu(guest, 1, 0)).as("closed").isEqualTo(answer(EventRule.VCPU_03, EINVAL));
    bindIpi(guest, 0);
    bindVirq(guest, 0, 0);
    assertThat(bindVcpu(guest, 1, 0)).as("IPI").isEqualTo(answer(EventRule.VCPU_03, EINVAL));
    assertThat(bindVcpu(guest, 2, 0)).as("the timer").isEqualTo(answer(EventRule.VCPU_03, EINVAL));
  }

  @Test
  void VCPU_04_another_vcpu_hears_of_the_port_and_goes_on_to_when_the_port_is_bound() {
    Domain two = twoVcpus();
    bindVirq(two, 23, 0);
    assertThat(bindVcpu(two, 1, 1)).as("global").isEqualTo(answer(EventRule.VCPU_04, 0));
    allocUnbound(two, SELF, 0);
    assertThat(bindVcpu(two, 2, 1)).isEqualTo(answer(EventRule.VCPU_04, 0));
    bind(control, 3, 2);
    assertThat(status(two, SELF, 2)).isEqualTo(answer(EventRule.PORT_04, 0));
    assertThat(load(two, ARGUMENT + 8, 8)).isEqualTo(1L << 32 | 2);
    quiet(two);
    send(control, 1);
    assertThat(pending(two, 2)).isTrue();
    assertThat(upcall(two)).as("vCPU 0 is not told").isFalse();
    close(two, 2);
    allocUnbound(two, SELF, 0);
    assertThat(EventChannels.of(two).vcpu(2)).as("a closed port forgets").isZero();
  }

  @Test
  void RESET_01_RESET_02_as_for_all_domains() {
    assertThat(reset(guest, NOBODY)).isEqualTo(answer(EventRule.RESET_01, ESRCH));
    assertThat(reset(guest, OTHER)).isEqualTo(answer(EventRule.RESET_02, EPERM));
  }

  @Test
  void RESET_03_another_domain_must_be_paused() {
    assertThat(reset(control, GUEST)).isEqualTo(answer(EventRule.RESET_03, EINVAL));
    machine.pause(GUEST);
    assertThat(reset(control, GUEST)).isEqualTo(answer(EventRule.RESET_05, 0));
  }

  @Test
  void RESET_04_there_is_nothing_to_go_on_with() {
    assertThat(onPort(guest, EventChannelOp.RESET_CONTINUATION, SELF)).isEqualTo(answer(EventRule.RESET_04, EBUSY));
  }

  @Test
  void RESET_05_all_ports_are_closed_and_their_other_ends_wait() {
    connect();
    bindIpi(guest, 0);
    allocUnbound(guest, SELF, 0);
    assertThat(reset(guest, SELF)).isEqualTo(answer(EventRule.RESET_05, 0));
    for (int port = 1; port <= 3; port++) {
      assertThat(EventChannels.of(guest).state(port)).isEqualTo(EventChannels.State.CLOSED);
      assertThat(pending(guest, port)).isFalse();
    }
    assertThat(EventChannels.of(control).state(1)).isEqualTo(EventChannels.State.UNBOUND);
  }

  @Test
  void FIFO_01_FIFO_02_the_other_interface_is_not_there() {
    assertThat(onPort(guest, EventChannelOp.EXPAND_ARRAY, 0)).isEqualTo(answer(EventRule.FIFO_01, EOPNOTSUPP));
    assertThat(onPort(guest, EventChannelOp.SET_PRIORITY, 0)).isEqualTo(answer(EventRule.FIFO_02, ENOSYS));
  }

  @Test
  void EVT_02_EVT_03_structs_are_read_first_and_written_last() {
    for (int command : new int[] {EventChannelOp.BIND_IPI, EventChannelOp.BIND_VIRQ, EventChannelOp.BIND_VCPU, EventChannelOp.RESET,
        EventChannelOp.RESET_CONTINUATION, EventChannelOp.EXPAND_ARRAY, EventChannelOp.SET_PRIORITY}) {
      assertThat(eventOp(guest, command, UNREADABLE)).isEqualTo(answer(EventRule.EVT_02, EFAULT));
    }
    guest.physmap().set(HOLE, mfn(guest, RAM), EntryType.RAM_RO);
    store(guest, ARGUMENT, 8, 0);
    assertThat(eventOp(guest, EventChannelOp.BIND_IPI, address(HOLE))).isEqualTo(answer(EventRule.EVT_03, EFAULT));
    assertThat(EventChannels.of(guest).state(1)).as("performed all the same").isEqualTo(EventChannels.State.IPI);
  }

  @Test
  void UNBOUND_07_a_dying_domain_gets_no_port() {
    beginDeath(guest);
    assertThat(allocUnbound(control, GUEST, 0)).isEqualTo(answer(EventRule.UNBOUND_07, EINVAL));
  }
}
