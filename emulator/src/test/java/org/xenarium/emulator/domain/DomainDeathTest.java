package org.xenarium.emulator.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Calls;
import org.xenarium.emulator.PageAccounts;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.Change;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.state.Digest;

/** The destruction of a domain, spec §5. */
class DomainDeathTest extends Calls {
  private static final int GUEST = 1;
  private static final int OTHER = 2;

  /** A part that has two things to give back and notes when it is asked for them. */
  private static final class Reluctant implements DomainPart {
    private final List<String> log;
    private int left = 2;

    Reluctant(List<String> log) {
      this.log = log;
    }

    @Override
    public boolean release() {
      if (left == 0) {
        return false;
      }
      log.add("release " + left--);
      return true;
    }

    @Override
    public DomainPart copy(Domain copied) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void digest(Digest digest) {}

    @Override
    public void freeze() {}
  }

  @Test
  void the_order_is_that_of_the_table_of_section_5_1() {
    List<String> log = new ArrayList<>();
    guest.attach(new Reluctant(log));
    guest.attach(new Reluctant(log));
    guest.physmap().set(HOLE, guest.sharedInfo(), EntryType.RAM_RW);
    mapForeign(guest, HOLE + 1, other, RAM, EntryType.MAP_FOREIGN_RW);
    List<String> expected = new ArrayList<>(List.of("dying", "release 2", "release 1", "release 2", "release 1"));
    allocated(guest, true).forEach(mfn -> expected.add("drop xen heap " + mfn));
    allocated(guest, false).forEach(mfn -> expected.add("drop ram " + mfn));
    expected.addAll(List.of("remove gfn " + HOLE, "remove gfn " + (HOLE + 1)));
    for (long gfn = RAM; gfn < RAM + RAM_PAGES; gfn++) {
      expected.add("remove gfn " + gfn);
    }
    expected.add("gone");

    machine.beginDestroy(GUEST);
    State before = new State();
    for (boolean more = true; more; ) {
      more = machine.stepDeath(GUEST);
      State after = new State();
      before.differences(after, log);
      before = after;
    }
    assertThat(log).isEqualTo(expected);
  }

  /** What of the guest the table names. */
  private final class State {
    final Life life = guest.life();
    final boolean listed = machine.world().domain(GUEST) != null;
    final Set<Long> heap = allocated(guest, true);
    final Set<Long> ram = allocated(guest, false);
    final Set<Long> gfns = new TreeSet<>();

    State() {
      for (long gfn = guest.physmap().next(0); gfn >= 0; gfn = guest.physmap().next(gfn + 1)) {
        gfns.add(gfn);
      }
    }

    void differences(State after, List<String> log) {
      if (after.life == Life.DYING && life == Life.ALIVE) {
        log.add("dying");
      }
      heap.stream().filter(mfn -> !after.heap.contains(mfn)).forEach(mfn -> log.add("drop xen heap " + mfn));
      ram.stream().filter(mfn -> !after.ram.contains(mfn)).forEach(mfn -> log.add("drop ram " + mfn));
      gfns.stream().filter(gfn -> !after.gfns.contains(gfn)).forEach(gfn -> log.add("remove gfn " + gfn));
      if (listed && !after.listed) {
        log.add("gone");
      }
    }
  }

  private Set<Long> allocated(Domain domain, boolean xenHeap) {
    Set<Long> found = new TreeSet<>();
    for (long mfn = memory().nextOwned(domain.id(), FIRST_MFN); mfn != Mfn.NONE; mfn = memory().nextOwned(domain.id(), mfn + 1)) {
      if (memory().isAllocated(mfn) && memory().isXenHeap(mfn) == xenHeap) {
        found.add(mfn);
      }
    }
    return found;
  }

  @Test
  void I68_a_dying_domain_runs_no_more_and_its_physmap_is_closed() {
    machine.start(guest.vcpu(0), new Forever());
    beginDeath(guest);
    assertThat(guest.life()).isEqualTo(Life.DYING);
    assertThat(guest.vcpu(0).runnable()).isFalse();
    assertThat(guest.physmap().set(HOLE, mfn(guest, RAM), EntryType.RAM_RW)).isEqualTo(Change.DYING);
    assertThat(guest.physmap().remove(RAM, mfn(guest, RAM))).isEqualTo(Change.DYING);
    machine.run();
    assertThat(machine.step(guest.vcpu(0))).isFalse();
  }

  @Test
  void a_domain_that_nobody_refers_to_disappears_at_once_and_all_its_frames_are_free_and_zero() {
    Set<Long> frames = allocated(guest, false);
    frames.addAll(allocated(guest, true));
    store(guest, address(RAM + 4), 8, -1);
    machine.destroyDomain(GUEST);
    assertThat(machine.world().domain(GUEST)).isNull();
    assertThat(frames).hasSize(RAM_PAGES + 2).allMatch(mfn -> memory().owner(mfn) == -1 && memory().references(mfn) == 0);
    assertThat(frames).allMatch(mfn -> memory().content().getLong(memory().address(mfn)) == 0);
    PageAccounts.check(machine);
  }

  @Test
  void pages_without_a_gfn_are_given_back_too() {
    long lost = mfn(guest, RAM + 2);
    guest.physmap().remove(RAM + 2, lost);
    machine.destroyDomain(GUEST);
    assertThat(memory().owner(lost)).isEqualTo(-1);
    assertThat(machine.world().domain(GUEST)).isNull();
  }

  @Test
  void I67_a_foreign_mapping_of_one_page_keeps_that_page_and_the_domain_as_a_zombie() {
    long kept = mfn(guest, RAM + 3);
    store(guest, address(RAM + 3) + 8, 8, 0x1234);
    store(guest, address(RAM + 4) + 8, 8, 0x5678);
    long gone = mfn(guest, RAM + 4);
    mapForeign(other, HOLE, guest, RAM + 3, EntryType.MAP_FOREIGN_RW);
    machine.destroyDomain(GUEST);
    assertThat(machine.domain(GUEST).life()).isEqualTo(Life.DEAD);
    assertThat(machine.domain(GUEST).totPages()).isEqualTo(1);
    assertThat(guest.physmap().next(0)).as("its physmap is all holes").isEqualTo(-1);
    assertThat(memory().owner(kept)).isEqualTo(GUEST);
    assertThat(load(other, address(HOLE) + 8, 8)).as("I51: content intact").isEqualTo(0x1234);
    assertThat(memory().owner(gone)).isEqualTo(-1);
    assertThat(memory().content().getLong(memory().address(gone) + 8)).as("scrubbed").isZero();
    assertThat(memory().owner(guest.sharedInfo())).as("Xen goes on using a zombie's own frames").isEqualTo(GUEST);
    PageAccounts.check(machine);
  }

  @Test
  void I67_the_zombie_disappears_with_its_last_page_which_is_scrubbed() {
    long kept = mfn(guest, RAM + 3);
    store(guest, address(RAM + 3) + 8, 8, 0x1234);
    mapForeign(other, HOLE, guest, RAM + 3, EntryType.MAP_FOREIGN_RW);
    machine.destroyDomain(GUEST);
    long shared = guest.sharedInfo();
    other.physmap().remove(HOLE, kept);
    assertThat(machine.world().domain(GUEST)).isNull();
    assertThat(memory().owner(kept)).isEqualTo(-1);
    assertThat(memory().content().getLong(memory().address(kept) + 8)).isZero();
    assertThat(memory().owner(shared)).as("what Xen had lent is taken back").isEqualTo(-1);
    PageAccounts.check(machine);
  }

  @Test
  void a_page_given_back_while_mapped_elsewhere_keeps_the_zombie_too() {
    long kept = mfn(guest, RAM + 3);
    mapForeign(other, HOLE, guest, RAM + 3, EntryType.MAP_FOREIGN_RO);
    guest.physmap().remove(RAM + 3, kept);
    memory().putAllocation(kept);
    assertThat(guest.totPages()).as("it counts until the last mapping goes (spec §5.4)").isEqualTo(RAM_PAGES);
    machine.destroyDomain(GUEST);
    assertThat(machine.domain(GUEST).life()).isEqualTo(Life.DEAD);
    other.physmap().remove(HOLE, kept);
    assertThat(machine.world().domain(GUEST)).isNull();
  }

  @Test
  void the_death_of_the_mapper_ends_the_zombie() {
    mapForeign(other, HOLE, guest, RAM + 3, EntryType.MAP_FOREIGN_RW);
    machine.destroyDomain(GUEST);
    machine.destroyDomain(OTHER);
    assertThat(machine.world().domains()).extracting(Domain::id).containsExactly(0);
    PageAccounts.check(machine);
  }

  @Test
  void two_domains_that_map_each_other_s_pages_disappear_with_the_second_death() {
    mapForeign(other, HOLE, guest, RAM, EntryType.MAP_FOREIGN_RW);
    mapForeign(guest, HOLE, other, RAM, EntryType.MAP_FOREIGN_RW);
    machine.destroyDomain(GUEST);
    assertThat(machine.domain(GUEST).life()).isEqualTo(Life.DEAD);
    machine.destroyDomain(OTHER);
    assertThat(machine.world().domains()).extracting(Domain::id).containsExactly(0);
    PageAccounts.check(machine);
  }

  @Test
  void a_lent_frame_without_references_does_not_keep_the_zombie() {
    memory().putAllocation(guest.sharedInfo());
    machine.destroyDomain(GUEST);
    assertThat(machine.world().domain(GUEST)).isNull();
  }

  @Test
  void I67_a_page_lent_to_a_dying_domain_has_no_reference_and_goes_with_it() {
    machine.beginDestroy(GUEST);
    while (memory().isAllocated(guest.sharedInfo())) {
      machine.stepDeath(GUEST);
    }
    long lent = guest.allocateXenHeap();
    assertThat(memory().owner(lent)).isEqualTo(GUEST);
    assertThat(memory().get(lent, GUEST)).isFalse();
    long unseen = guest.allocateXenHeap();
    guest.returnXenHeap(unseen);
    assertThat(memory().owner(unseen)).isEqualTo(-1);
    machine.destroyDomain(GUEST);
    assertThat(machine.world().domain(GUEST)).isNull();
    assertThat(memory().owner(lent)).isEqualTo(-1);
  }

  @Test
  void a_dead_domain_dies_no_more() {
    mapForeign(other, HOLE, guest, RAM, EntryType.MAP_FOREIGN_RW);
    machine.destroyDomain(GUEST);
    machine.destroyDomain(GUEST);
    assertThat(guest.death()).isNull();
    assertThat(guest.life()).isEqualTo(Life.DEAD);
  }

  @Test
  void I38_the_tear_down_leaves_a_frame_alone_that_another_domain_has_been_lent_meanwhile() {
    machine.beginDestroy(GUEST);
    while (memory().owner(mfn(guest, RAM)) == GUEST) {
      machine.stepDeath(GUEST);
    }
    long reused = mfn(guest, RAM);
    while (other.allocateXenHeap() != reused) {}
    other.physmap().set(HOLE, reused, EntryType.RAM_RW);
    machine.destroyDomain(GUEST);
    assertThat(memory().storedGfn(reused)).isEqualTo(HOLE);
  }

  @Test
  void the_id_of_a_zombie_is_taken_and_that_of_one_who_has_disappeared_is_free() {
    mapForeign(other, HOLE, guest, RAM + 3, EntryType.MAP_FOREIGN_RW);
    machine.destroyDomain(GUEST);
    DomainConfig config = DomainConfig.guest(GUEST, MAX_PAGES);
    assertThatThrownBy(() -> machine.createDomain(config)).hasMessageContaining("CREATE-02");
    machine.destroyDomain(OTHER);
    Domain successor = machine.createDomain(config);
    assertThat(successor.life()).isEqualTo(Life.ALIVE);
    assertThat(successor.totPages()).isZero();
    assertThat(successor.physmap().next(0)).isEqualTo(-1);
    successor.ownRam(RAM, FIRST_MFN + RAM_PAGES, RAM_PAGES);
    assertThat(load(successor, address(RAM + 3), 8)).isZero();
    PageAccounts.check(machine);
  }

  @Test
  void I67_a_dead_domain_that_a_call_in_flight_has_found_is_unlisted_and_what_Xen_keeps_for_it_goes_when_that_call_ends() {
    long lent = guest.sharedInfo();
    other.vcpu(0).setCall(new Referring());
    machine.destroyDomain(GUEST);
    assertThat(machine.world().domain(GUEST)).isNull();
    assertThat(machine.world().incarnation(GUEST)).isSameAs(guest);
    machine.step(other.vcpu(0));
    assertThat(memory().owner(lent)).isEqualTo(GUEST);
    machine.step(other.vcpu(0));
    assertThat(machine.world().incarnation(GUEST)).isNull();
    assertThat(memory().owner(lent)).isEqualTo(-1);
    PageAccounts.check(machine);
  }

  /** Has found the guest and ends with its second step. */
  private static final class Referring extends Routine {
    private boolean stepped;

    @Override
    public boolean refersTo(int domid) {
      return domid == GUEST;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      boolean first = !stepped;
      stepped = true;
      return first;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(stepped);
    }
  }

  @Test
  void other_domains_may_act_between_any_two_steps() {
    mapForeign(other, HOLE, guest, RAM + 3, EntryType.MAP_FOREIGN_RW);
    machine.beginDestroy(GUEST);
    long steps = 0;
    while (machine.stepDeath(GUEST)) {
      store(other, address(HOLE), 8, ++steps);
      assertThat(load(other, address(HOLE), 8)).isEqualTo(steps);
      PageAccounts.check(machine.copy());
    }
    assertThat(steps).isGreaterThan(2 * RAM_PAGES);
  }

  private static final class Forever extends Routine {
    @Override
    public boolean step(Vcpu vcpu) {
      return true;
    }

    @Override
    public void digest(Digest digest) {}
  }
}
