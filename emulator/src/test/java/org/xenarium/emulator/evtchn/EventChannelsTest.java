package org.xenarium.emulator.evtchn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Machine;

/** The bits in shared_info that lead a guest to its events, and what becomes of ports when a domain is copied or dies. */
class EventChannelsTest extends EventCalls {
  @Test
  void an_event_sets_the_pending_bit_its_word_s_selector_bit_and_the_upcall() {
    EventChannels.of(guest).open(130, EventChannels.State.UNBOUND, 0, 0);
    EventChannels.of(guest).raise(130);
    assertThat(pending(guest, 130)).isTrue();
    assertThat(selector(guest)).isEqualTo(1 << 2);
    assertThat(upcall(guest)).isTrue();
    assertThat(pending(guest, 129) || pending(guest, 131) || pending(guest, 2)).isFalse();
    EventChannels.of(guest).raise(3);
    assertThat(selector(guest)).isEqualTo(1 << 2 | 1);
  }

  @Test
  void a_masked_event_is_pending_and_not_told() {
    mask(guest, 3);
    EventChannels.of(guest).raise(3);
    assertThat(pending(guest, 3)).isTrue();
    assertThat(selector(guest)).isZero();
    assertThat(upcall(guest)).isFalse();
  }

  @Test
  void an_event_that_is_pending_already_is_not_told_again() {
    EventChannels.of(guest).raise(3);
    memory().content().setByte(memory().address(guest.sharedInfo()), 0);
    EventChannels.of(guest).raise(3);
    assertThat(upcall(guest)).isFalse();
  }

  @Test
  void unmasking_a_closed_port_changes_nothing() {
    mask(guest, 3);
    EventChannels.of(guest).unmask(3);
    assertThat(masked(guest, 3)).isTrue();
  }

  @Test
  void an_event_whose_selector_bit_is_set_already_leads_to_no_further_upcall() {
    EventChannels.of(guest).raise(3);
    memory().content().setByte(memory().address(guest.sharedInfo()), 0);
    EventChannels.of(guest).raise(4);
    assertThat(upcall(guest)).isFalse();
  }

  @Test
  void unmasking_tells_nothing_where_nothing_is_pending_or_nothing_was_masked() {
    EventChannels.of(guest).open(3, EventChannels.State.UNBOUND, 0, 0);
    mask(guest, 3);
    EventChannels.of(guest).unmask(3);
    assertThat(masked(guest, 3)).isFalse();
    assertThat(upcall(guest)).isFalse();
    EventChannels.of(guest).raise(3);
    memory().content().setByte(memory().address(guest.sharedInfo()), 0);
    EventChannels.of(guest).unmask(3);
    assertThat(upcall(guest)).isFalse();
  }

  @Test
  void closing_a_port_takes_its_event_away() {
    connect();
    assertThat(pending(guest, 1)).isTrue();
    close(guest, 1);
    assertThat(pending(guest, 1)).isFalse();
  }

  @Test
  void a_dying_domain_s_ports_are_closed_and_their_other_ends_wait() {
    connect();
    allocUnbound(guest, SELF, SELF);
    assertThat(bind(guest, SELF, allocated(guest)).result()).as("a port to itself").isZero();
    machine.destroyDomain(GUEST);
    assertThat(machine.world().domain(GUEST)).isNull();
    assertThat(EventChannels.of(control).state(1)).isEqualTo(EventChannels.State.UNBOUND);
    assertThat(EventChannels.of(control).remoteDomain(1)).isEqualTo(GUEST);
    assertThat(send(control, 1)).isEqualTo(answer(EventRule.SEND_02, 0));
  }

  @Test
  void a_copy_has_ports_of_its_own() {
    connect();
    long digest = machine.digest();
    Machine copy = machine.copy();
    assertThat(copy.digest()).isEqualTo(digest);
    EventChannels.of(copy.domain(GUEST)).close(1);
    assertThat(EventChannels.of(copy.domain(0)).state(1)).isEqualTo(EventChannels.State.UNBOUND);
    assertThat(EventChannels.of(control).state(1)).isEqualTo(EventChannels.State.INTERDOMAIN);
    assertThat(machine.digest()).isEqualTo(digest).isNotEqualTo(copy.digest());
  }

  @Test
  void the_digest_tells_ports_apart_and_how_many_exist() {
    long empty = machine.digest();
    EventChannels channels = EventChannels.of(guest);
    channels.open(1, EventChannels.State.UNBOUND, 0, 0);
    long unbound = machine.digest();
    channels.open(1, EventChannels.State.UNBOUND, 2, 0);
    long forAnother = machine.digest();
    channels.open(1, EventChannels.State.INTERDOMAIN, 2, 0);
    long bound = machine.digest();
    channels.open(1, EventChannels.State.INTERDOMAIN, 2, 1);
    assertThat(List.of(empty, unbound, forAnother, bound, machine.digest())).doesNotHaveDuplicates();
    channels.open(1, EventChannels.State.UNBOUND, 0, 0);
    channels.close(1);
    assertThat(machine.digest()).as("closed again").isEqualTo(empty);
    channels.open(64, EventChannels.State.UNBOUND, 0, 0);
    channels.close(64);
    assertThat(channels.exists(100)).isTrue();
    assertThat(machine.digest()).as("a bucket more").isNotEqualTo(empty);
  }
}
