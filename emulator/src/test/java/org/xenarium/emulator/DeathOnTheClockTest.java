package org.xenarium.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.DomainDeath;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.state.Digest;

/** A destruction as part of a machine: stepped by hand, by events, and copied in the middle (spec §5.1, §8.2). */
class DeathOnTheClockTest extends Calls {
  private static final int GUEST = 1;

  @Test
  void a_destruction_is_copied_and_digested_at_every_step() {
    machine.beginDestroy(GUEST);
    List<Long> digests = new ArrayList<>();
    Machine whole = machine.copy();
    whole.destroyDomain(GUEST);
    boolean more;
    do {
      digests.add(machine.digest());
      machine.freeze();
      Machine copy = machine.copy();
      assertThat(copy.digest()).isEqualTo(machine.digest());
      copy.destroyDomain(GUEST);
      assertThat(copy.digest()).isEqualTo(whole.digest());
      more = machine.stepDeath(GUEST);
    } while (more);
    digests.add(machine.digest());
    assertThat(digests).as("no two states are the same").doesNotHaveDuplicates();
  }

  @Test
  void a_destruction_that_has_begun_keeps_the_vcpus_from_running() {
    guest.vcpu(0).setGuest(new Forever());
    assertThat(machine.enabled(guest.vcpu(0))).isTrue();
    machine.beginDestroy(GUEST);
    assertThat(guest.life()).isEqualTo(Life.ALIVE);
    assertThat(machine.enabled(guest.vcpu(0))).isFalse();
  }

  @Test
  void its_first_step_waits_for_a_hypercall_in_flight() {
    guest.vcpu(0).setCall(new Forever(3));
    machine.beginDestroy(GUEST);
    for (int i = 0; i < 3; i++) {
      assertThat(machine.canStepDeath(GUEST)).isFalse();
      assertThatThrownBy(() -> machine.stepDeath(GUEST)).isInstanceOf(IllegalStateException.class);
      assertThat(machine.step(guest.vcpu(0))).as("the call goes on").isTrue();
    }
    assertThat(machine.canStepDeath(GUEST)).isTrue();
  }

  @Test
  void beginning_twice_changes_nothing_and_there_must_be_one_to_be_stepped() {
    assertThat(machine.canStepDeath(GUEST)).isFalse();
    assertThatThrownBy(() -> machine.stepDeath(GUEST)).isInstanceOf(IllegalStateException.class).hasMessageContaining("domain 1");
    machine.beginDestroy(GUEST);
    machine.stepDeath(GUEST);
    long before = machine.digest();
    machine.beginDestroy(GUEST);
    assertThat(machine.digest()).isEqualTo(before);
  }

  @Test
  void by_events_each_step_has_its_time_and_others_act_in_between() {
    List<String> seen = new ArrayList<>();
    machine.start(other.vcpu(0), new Watching(seen));
    machine.scheduleDestroy(GUEST, 1000);
    machine.run(999);
    assertThat(guest.life()).isEqualTo(Life.ALIVE);
    machine.run(1000);
    assertThat(guest.life()).isEqualTo(Life.DYING);
    machine.run();
    assertThat(machine.world().domain(GUEST)).isNull();
    assertThat(seen).containsSubsequence("ALIVE 16", "DYING 16", "DYING 8", "DYING 0", "gone");
    // Stopping, two ends of a kind, two lent pages, 16 of RAM, 16 entries, two more ends, burying; 100 ns each but for the last.
    assertThat(seen.lastIndexOf("DYING 0") * 10L).isBetween(1000L + 3500, 1000L + 4200);
  }

  /** Looks at the guest every 10 ns until it is gone. */
  private static final class Watching extends Routine {
    private final List<String> seen;

    Watching(List<String> seen) {
      this.seen = seen;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      Domain guest = vcpu.world().domain(GUEST);
      seen.add(guest == null ? "gone" : guest.life() + " " + guest.totPages());
      return guest != null;
    }

    @Override
    public void digest(Digest digest) {}
  }

  @Test
  void by_events_it_waits_for_a_hypercall_in_flight_and_goes_on_after_it() {
    guest.vcpu(0).setGuest(new Forever());
    guest.vcpu(0).setCall(new Forever(3));
    machine.scheduleDestroy(GUEST, 0);
    machine.run();
    assertThat(guest.life()).as("nobody steps the call").isEqualTo(Life.ALIVE);
    while (machine.step(guest.vcpu(0))) {}
    machine.run();
    assertThat(machine.world().domain(GUEST)).isNull();
  }

  @Test
  void what_was_planned_for_a_domain_does_not_reach_its_successor() {
    machine.start(guest.vcpu(0), new Forever());
    machine.scheduleDestroy(GUEST, 5000);
    machine.run(100);
    machine.destroyDomain(GUEST);
    Domain successor = machine.createDomain(DomainConfig.guest(GUEST, 4));
    machine.run(10_000);
    assertThat(machine.world().domain(GUEST)).isSameAs(successor);
    assertThat(successor.life()).isEqualTo(Life.ALIVE);
  }

  @Test
  void I30_I67_an_unlisted_domain_is_not_found_and_its_id_is_free_while_a_call_in_flight_still_holds_it() {
    other.vcpu(0).setCall(new Holding(guest.incarnation()));
    machine.destroyDomain(GUEST);
    assertThat(machine.world().domain(GUEST)).isNull();
    assertThat(machine.world().incarnation(guest.incarnation())).isSameAs(guest);
    Domain successor = machine.createDomain(DomainConfig.guest(GUEST, 4));
    assertThat(successor.incarnation()).isNotEqualTo(guest.incarnation());
    assertThat(machine.world().domain(GUEST)).isSameAs(successor);
    successor.ownRam(RAM, FIRST_MFN + RAM_PAGES, 2);
    assertThat(memory().get(FIRST_MFN + RAM_PAGES, guest.incarnation())).as("a page of the successor is not one of the held domain").isFalse();
    Machine copy = machine.copy();
    assertThat(copy.digest()).isEqualTo(machine.digest());
    machine.step(other.vcpu(0));
    assertThat(machine.world().incarnation(GUEST)).as("let go").isNull();
    assertThat(successor.totPages()).isEqualTo(2);
    assertThat(memory().owner(successor.sharedInfo())).isEqualTo(successor.incarnation());
    assertThat(memory().owner(guest.sharedInfo())).isEqualTo(-1);
    machine.destroyDomain(GUEST);
    assertThat(machine.createDomain(DomainConfig.guest(GUEST, 4)).incarnation()).as("numbers are used again").isEqualTo(GUEST);
  }

  /** Has found a domain and ends with its next step. */
  private static final class Holding extends Routine {
    private final int incarnation;

    Holding(int incarnation) {
      this.incarnation = incarnation;
    }

    @Override
    public boolean refersTo(int other) {
      return other == incarnation;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      return false;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(incarnation);
    }
  }

  @Test
  void a_step_that_needs_the_lock_of_an_entry_waits_for_whoever_holds_it() {
    guest.attach(new Releasing());
    other.vcpu(0).setCall(new HoldingLock());
    machine.beginDestroy(GUEST);
    machine.stepDeath(GUEST);
    assertThat(guest.life()).isEqualTo(Life.DYING);
    assertThat(machine.canStepDeath(GUEST)).isFalse();
    Machine byEvents = machine.copy();
    byEvents.scheduleDestroy(GUEST, 0);
    byEvents.run();
    assertThat(byEvents.domain(GUEST).life()).isEqualTo(Life.DYING);
    byEvents.step(byEvents.domain(2).vcpu(0));
    byEvents.run();
    assertThat(byEvents.world().domain(GUEST)).isNull();
    machine.destroyDomain(GUEST);
    assertThat(other.vcpu(0).call()).as("the holder has gone on").isNull();
    assertThat(machine.world().domain(GUEST)).isNull();
  }

  /** Has one thing to give back, under the lock of entry 8 of domain 2. */
  private static final class Releasing implements DomainPart {
    private boolean done;

    @Override
    public boolean release() {
      boolean first = !done;
      done = true;
      return first;
    }

    @Override
    public long releaseNeeds() {
      return done ? Lock.NONE : Lock.entry(2, 8);
    }

    @Override
    public DomainPart copy(Domain copied) {
      Releasing copy = new Releasing();
      copy.done = done;
      return copy;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(done);
    }

    @Override
    public void freeze() {}
  }

  /** Holds the lock of entry 8 of domain 2 and ends with its next step. */
  private static final class HoldingLock extends Routine {
    @Override
    public long holds(Vcpu vcpu) {
      return Lock.entry(2, 8);
    }

    @Override
    public boolean step(Vcpu vcpu) {
      return false;
    }

    @Override
    public void digest(Digest digest) {}
  }

  @Test
  void a_zombie_keeps_no_destruction_and_ends_with_its_last_page() {
    mapForeign(other, HOLE, guest, RAM, EntryType.MAP_FOREIGN_RW);
    machine.beginDestroy(GUEST);
    DomainDeath death = guest.death();
    assertThat(death).isNotNull();
    while (machine.stepDeath(GUEST)) {}
    assertThat(guest.death()).isNull();
    assertThat(guest.life()).isEqualTo(Life.DEAD);
    machine.scheduleDestroy(GUEST, 10);
    machine.run();
    assertThat(guest.life()).isEqualTo(Life.DEAD);
  }

  @Test
  void a_sleep_in_a_step_by_hand_is_over_at_once_and_the_clock_moves_on_by_it() {
    Vcpu vcpu = guest.vcpu(0);
    List<Long> times = new ArrayList<>();
    Routine sleepy = new Sleepy(machine, times);
    machine.start(vcpu, sleepy);
    machine.step(vcpu);
    machine.run();
    assertThat(times).containsExactly(0L, 1000L, 2010L);
  }

  /** Sleeps after each of its three steps. */
  private static final class Sleepy extends Routine {
    private final Machine machine;
    private final List<Long> times;

    Sleepy(Machine machine, List<Long> times) {
      this.machine = machine;
      this.times = times;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      times.add(machine.now());
      vcpu.sleep(1000);
      return times.size() < 3;
    }

    @Override
    public void digest(Digest digest) {}
  }

  @Test
  void who_waits_costs_no_events() {
    int[] asked = new int[1];
    machine.start(guest.vcpu(0), new Counting(asked));
    machine.start(other.vcpu(0), new Sleeper());
    machine.run();
    assertThat(machine.now()).isGreaterThan(3_000_000_000L);
    assertThat(asked[0]).isLessThan(20);
  }

  /** Waits for ever, and counts how often it is asked. */
  private static final class Counting extends Routine {
    private final int[] asked;

    Counting(int[] asked) {
      this.asked = asked;
    }

    @Override
    public boolean isWaiting(Vcpu vcpu) {
      asked[0]++;
      return true;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      return false;
    }

    @Override
    public void digest(Digest digest) {}
  }

  /** Three steps, a second apart. */
  private static final class Sleeper extends Routine {
    private int steps;

    @Override
    public boolean step(Vcpu vcpu) {
      vcpu.sleep(1_000_000_000);
      return ++steps < 5;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(steps);
    }
  }

  /** Goes on for so many steps, or for ever. */
  private static final class Forever extends Routine {
    private int left;

    Forever() {
      this(-1);
    }

    Forever(int steps) {
      left = steps;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      return --left != 0;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(left);
    }
  }
}
