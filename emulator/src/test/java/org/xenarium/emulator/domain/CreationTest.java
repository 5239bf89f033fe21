package org.xenarium.emulator.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.xenarium.emulator.domain.ToolstackRule.CREATE_01;
import static org.xenarium.emulator.domain.ToolstackRule.CREATE_02;
import static org.xenarium.emulator.domain.ToolstackRule.CREATE_03;
import static org.xenarium.emulator.domain.ToolstackRule.CREATE_04;
import static org.xenarium.emulator.domain.ToolstackRule.CREATE_05;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Calls;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.evtchn.EventChannels;
import org.xenarium.emulator.trace.LifeEvent;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;

/** How domains come into being, are paused, and end before they are destroyed. */
class CreationTest extends Calls {
  private static final int NEW = 9;
  private static final int GUEST = 1;

  private void isRefused(DomainConfig config, ToolstackRule rule) {
    long before = machine.digest();
    Creation creation = machine.create(config);
    assertThat(creation.rule()).isEqualTo(rule);
    assertThat(creation.domain()).isNull();
    assertThat(rule.result()).isNegative();
    assertThat(machine.digest()).as("nothing is left").isEqualTo(before);
  }

  @Test
  void CREATE_01_an_id_is_0_to_0x7fef() {
    isRefused(DomainConfig.guest(DomId.FIRST_RESERVED, 1), CREATE_01);
    isRefused(DomainConfig.guest(-1, 1), CREATE_01);
    assertThat(machine.create(DomainConfig.guest(DomId.FIRST_RESERVED - 1, 1)).rule()).isEqualTo(CREATE_05);
  }

  @Test
  void CREATE_02_an_id_belongs_to_one_listed_domain() {
    isRefused(DomainConfig.guest(GUEST, 1), CREATE_02);
    assertThatThrownBy(() -> machine.createDomain(DomainConfig.guest(GUEST, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CREATE-02, -EEXIST");
  }

  @Test
  void CREATE_03_a_domain_has_1_to_128_vcpus() {
    isRefused(DomainConfig.guest(NEW, 1).withVcpus(0), CREATE_03);
    isRefused(DomainConfig.guest(NEW, 1).withVcpus(129), CREATE_03);
    assertThat(machine.create(DomainConfig.guest(NEW, 1).withVcpus(128)).rule()).isEqualTo(CREATE_05);
  }

  @Test
  void CREATE_04_without_a_frame_for_shared_info_there_is_no_domain() {
    while (memory().hasFree(1)) {
      control.allocateRam();
    }
    isRefused(DomainConfig.guest(NEW, 1), CREATE_04);
  }

  @Test
  void CREATE_05_a_new_domain_is_alive_has_no_ram_and_runs() {
    Domain domain = machine.create(DomainConfig.guest(NEW, 1)).orThrow();
    assertThat(domain.life()).isEqualTo(Life.ALIVE);
    assertThat(domain.totPages()).isZero();
    assertThat(domain.mayRun()).isTrue();
    assertThat(domain.shutdownReason()).isEqualTo(Domain.RUNNING);
  }

  @Test
  void pauses_count() {
    machine.pause(GUEST);
    machine.pause(GUEST);
    machine.unpause(GUEST);
    assertThat(guest.mayRun()).isFalse();
    assertThatThrownBy(() -> machine.finishCall(guest.vcpu(0))).isInstanceOf(IllegalStateException.class);
    machine.unpause(GUEST);
    assertThat(guest.mayRun()).isTrue();
    assertThatThrownBy(() -> machine.unpause(GUEST)).isInstanceOf(IllegalStateException.class).hasMessageContaining("domain 1");
  }

  @Test
  void a_crashed_domain_stays_alive_and_listed_until_it_is_destroyed() {
    guest.crash();
    assertThat(guest.shutdownReason()).isEqualTo(Shutdown.CRASH);
    assertThat(guest.life()).isEqualTo(Life.ALIVE);
    assertThat(guest.mayRun()).isFalse();
    assertThat(machine.domain(GUEST)).isSameAs(guest);
    machine.destroyDomain(GUEST);
    assertThat(machine.world().domain(GUEST)).isNull();
  }

  @Test
  void SOFTRESET_01_only_a_paused_domain_can_be_reset() {
    long before = machine.digest();
    assertThat(machine.softReset(GUEST)).isEqualTo(ToolstackRule.SOFTRESET_01);
    assertThat(machine.digest()).isEqualTo(before);
  }

  @Test
  void SOFTRESET_02_event_channels_are_closed_and_the_domain_crashes_because_Arm_cannot_do_the_rest() {
    guest.vcpu(0).issue(32, 6, ARGUMENT, 0);
    store(guest, ARGUMENT, 8, 0x7ff0);
    machine.finishCall(guest.vcpu(0));
    assertThat(EventChannels.of(guest).state(1)).isEqualTo(EventChannels.State.UNBOUND);
    machine.pause(GUEST);
    assertThat(machine.softReset(GUEST)).isEqualTo(ToolstackRule.SOFTRESET_02);
    assertThat(EventChannels.of(guest).state(1)).isEqualTo(EventChannels.State.CLOSED);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES);
    assertThat(guest.shutdownReason()).isEqualTo(Shutdown.CRASH);
  }

  @Test
  void what_happens_to_a_domain_is_told() {
    List<String> told = new ArrayList<>();
    machine.world().watch(
        new Trace() {
          @Override
          public void decided(int domid, int vcpu, long element, Rule rule) {}

          @Override
          public void life(int domid, LifeEvent event, int detail) {
            told.add(domid + " " + event + " " + detail);
          }
        });
    machine.createDomain(DomainConfig.guest(NEW, 1));
    machine.pause(NEW);
    machine.unpause(NEW);
    machine.domain(NEW).shutDown(Shutdown.REBOOT);
    machine.destroyDomain(NEW);
    assertThat(told).containsExactly("9 CREATED 0", "9 PAUSED 0", "9 UNPAUSED 0", "9 SHUT_DOWN 1", "9 DYING 0", "9 GONE 0");
  }

  @Test
  void every_answer_to_the_toolstack_says_what_it_belongs_to() {
    for (ToolstackRule rule : ToolstackRule.values()) {
      assertThat(rule.facts().when()).isNotBlank();
      assertThat(rule.id()).matches("[A-Z]+-\\d\\d");
    }
  }

  @Test
  void pauses_and_reasons_are_copied_and_show_in_the_digest() {
    List<Long> digests = new ArrayList<>(List.of(machine.digest()));
    guest.pause();
    digests.add(machine.digest());
    guest.noteShutdownReason(Shutdown.REBOOT);
    digests.add(machine.digest());
    guest.crash();
    digests.add(machine.digest());
    assertThat(digests).doesNotHaveDuplicates();
    Machine copy = machine.copy();
    assertThat(copy.digest()).isEqualTo(machine.digest());
    assertThat(copy.domain(GUEST).shutdownReason()).isEqualTo(Shutdown.REBOOT);
    assertThat(copy.domain(GUEST).isPaused()).isTrue();
  }
}
