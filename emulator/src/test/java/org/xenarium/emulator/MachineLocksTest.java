package org.xenarium.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.state.Digest;

/** A step that needs a lock held elsewhere is not enabled, spec §8.1. What waits for itself would wait for ever: hence the time-out. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MachineLocksTest {
  private static final int NUMBER = 40;
  private final List<String> log = new ArrayList<>();

  /** Takes the lock in x1 with its first step, keeps it for a second one and releases it with its third. */
  private final class Holding extends Routine {
    private int taken;

    @Override
    public boolean step(Vcpu vcpu) {
      log.add("v" + vcpu.id() + " " + ++taken);
      return taken < 3;
    }

    @Override
    public long holds(Vcpu vcpu) {
      return taken == 0 ? Lock.NONE : vcpu.x(1);
    }

    @Override
    public long needs(Vcpu vcpu) {
      return vcpu.x(1);
    }

    @Override
    public void digest(Digest digest) {
      digest.add(taken);
    }
  }

  private final Machine machine = Machine.builder().memory(0x1000, 64).module(new Handling(NUMBER, vcpu -> new Holding())).build();
  private final Domain domain = machine.createDomain(DomainConfig.guest(1, 8).withVcpus(3));

  /** Puts a vCPU before the first step of a call that takes that lock. */
  private Vcpu begin(int vcpu, long lock) {
    Vcpu result = domain.vcpu(vcpu);
    result.issue(NUMBER, 0, lock, 0);
    machine.step(result);
    return result;
  }

  @Test
  void who_needs_a_lock_that_another_holds_waits_until_it_is_released() {
    Vcpu first = begin(0, Lock.entry(1, 8));
    Vcpu second = begin(1, Lock.entry(1, 8));
    assertThat(machine.enabled(first)).isTrue();
    assertThat(machine.enabled(second)).as("nobody holds it yet").isTrue();
    machine.step(first);
    assertThat(machine.enabled(first)).as("its own lock keeps nobody waiting").isTrue();
    assertThat(machine.enabled(second)).isFalse();
    machine.step(first);
    assertThat(machine.enabled(second)).isFalse();
    machine.step(first);
    assertThat(machine.enabled(second)).isTrue();
  }

  @Test
  void the_write_lock_keeps_entries_waiting_and_entries_keep_the_writer_waiting() {
    Vcpu entry = begin(0, Lock.entry(1, 8));
    Vcpu other = begin(1, Lock.entry(1, 9));
    Vcpu writer = begin(2, Lock.table(1));
    machine.step(entry);
    assertThat(machine.enabled(other)).as("another entry").isTrue();
    assertThat(machine.enabled(writer)).isFalse();
    machine.step(other);
    while (machine.step(entry)) {}
    assertThat(machine.enabled(writer)).as("the other entry's lock").isFalse();
    while (machine.step(other)) {}
    assertThat(machine.enabled(writer)).isTrue();
    machine.step(writer);
    assertThat(machine.enabled(begin(0, Lock.entry(1, 8)))).isFalse();
    assertThat(machine.enabled(begin(1, Lock.entry(2, 8)))).as("another domain's table").isTrue();
  }

  @Test
  void guest_code_needs_no_lock() {
    Vcpu writer = begin(0, Lock.table(1));
    machine.step(writer);
    domain.vcpu(1).setGuest(new Worker(1));
    assertThat(machine.enabled(domain.vcpu(1))).isTrue();
    assertThat(machine.enabled(domain.vcpu(2))).as("nothing to do").isFalse();
  }

  @Test
  void in_the_order_of_time_who_waits_is_asked_again_and_all_come_to_their_end() {
    for (int i = 0; i < 3; i++) {
      machine.start(domain.vcpu(i), new Calling());
    }
    machine.run();
    assertThat(log).containsExactly("v0 1", "v0 2", "v0 3", "v1 1", "v1 2", "v1 3", "v2 1", "v2 2", "v2 3");
    assertThat(domain.vcpu(2).runnable()).isFalse();
  }

  @Test
  void a_domain_to_be_destroyed_finishes_its_calls_in_flight_first() {
    Vcpu vcpu = begin(0, Lock.entry(1, 8));
    machine.step(vcpu);
    machine.destroyDomain(1);
    assertThat(log).containsExactly("v0 1", "v0 2", "v0 3");
    assertThat(machine.world().domain(1)).isNull();
  }

  @Test
  void others_in_a_call_go_on_while_their_lock_keeps_a_domain_from_its_death() {
    Vcpu holder = machine.createDomain(DomainConfig.guest(2, 8)).vcpu(0);
    holder.issue(NUMBER, 0, Lock.table(3), 0);
    machine.step(holder);
    machine.step(holder);
    Vcpu waiting = begin(1, Lock.entry(3, 8));
    assertThat(machine.enabled(waiting)).isFalse();
    machine.destroyDomain(1);
    assertThat(log).containsExactly("v0 1", "v0 2", "v0 3", "v1 1", "v1 2", "v1 3");
    assertThat(holder.call()).isNull();
    assertThat(machine.world().domains()).extracting(Domain::id).containsExactly(2);
  }

  @Test
  void a_zombie_s_calls_hold_no_lock_because_it_has_none() {
    Domain other = machine.createDomain(DomainConfig.guest(2, 8));
    domain.ownRam(0x40, 0x1000, 1);
    machine.world().memory().get(0x1000, 1);
    other.physmap().set(0x50, 0x1000, EntryType.MAP_FOREIGN_RW);
    Vcpu vcpu = begin(0, Lock.entry(2, 8));
    machine.step(vcpu);
    machine.destroyDomain(1);
    assertThat(domain.life()).isEqualTo(Life.DEAD);
    other.vcpu(0).issue(NUMBER, 0, Lock.entry(2, 8), 0);
    machine.step(other.vcpu(0));
    assertThat(machine.enabled(other.vcpu(0))).isTrue();
  }

  /** Makes one call under the table's write lock. */
  private static final class Calling extends Routine {
    @Override
    public boolean step(Vcpu vcpu) {
      vcpu.issue(NUMBER, 0, Lock.table(1), 0);
      return false;
    }

    @Override
    public void digest(Digest digest) {}
  }
}
