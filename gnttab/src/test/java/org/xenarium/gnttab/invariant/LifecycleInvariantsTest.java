package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I65;
import static org.xenarium.gnttab.invariant.Invariant.I66;
import static org.xenarium.gnttab.invariant.Invariant.I67;
import static org.xenarium.gnttab.invariant.Invariant.I68;
import static org.xenarium.gnttab.invariant.Invariant.I69;
import static org.xenarium.gnttab.invariant.Invariant.I70;
import static org.xenarium.gnttab.invariant.Invariant.I71;
import static org.xenarium.gnttab.invariant.Invariant.I72;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.table.Maptrack;

/** I65 to I72 are reported when they do not hold. */
class LifecycleInvariantsTest extends OnWatchedBench {
  @Test
  void i65_a_dying_mapper_gives_its_frames_up_before_its_mappings() {
    b.map(A, 8, RO, place(0));
    watch.beforeDeath(domain(B));
    memory().putAllocation(domain(B).sharedInfo());
    watch.afterDeath(domain(B));
    reports(I65);
  }

  @Test
  void i66_a_handle_names_nobody() {
    Broken call = new Broken(MAP);
    call.then(v -> call.inHand = maptrack().allocate(v));
    call.then(
        v -> {
          maptrack().publish(call.inHand, Bench.NOBODY, 8, RO);
          call.inHand = Maptrack.NONE;
        });
    run(call);
    reports(I66);
  }

  @Test
  void i67_a_domain_that_is_gone_is_listed() {
    Domain dead = domain(C);
    machine.destroyDomain(C);
    List<Domain> listed = new ArrayList<>(machine.world().domains());
    listed.add(dead);
    Reach.set(Reach.get(machine.world(), "domains"), "listed", listed);
    watch.look();
    reports(I67);
  }

  /** B, which has its page mapped, is the one whose step buries it. */
  @Test
  void i67_a_domain_whose_last_page_another_one_gives_back_stays_listed() {
    int handle = b.map(A, 8, RO, place(0)).handle();
    Domain dead = domain(A);
    machine.destroyDomain(A);
    reports(new Invariant[0]);
    Reach.set(dead, "xenHeapPages", Reach.<Long>get(dead, "xenHeapPages") + 1);
    b.unmap(place(0), handle);
    reports(I67);
  }

  @Test
  void i68_something_enters_the_physmap_of_a_dying_domain() {
    machine.beginDestroy(C);
    machine.stepDeath(C);
    Domain dying = domain(C);
    Reach.set(dying.physmap(), "closed", false);
    b.vcpu().issue(12, 7, 0, 0);
    b.vcpu().takeHypercall();
    run(new Broken(-1).then(v -> dying.physmap().set(hole(0), mfn(C, Bench.GRANTED), EntryType.RAM_RW)));
    reports(I68);
  }

  @Test
  void i69_a_pin_for_nobody() {
    Broken call = new Broken(COPY).locked(A, 8);
    call.then(v -> setStatus(8, READING));
    call.then(
        v -> {
          active(A).pinFirst(8, true, Bench.NOBODY, granted());
          call.pins.add(new Broken.Pin(A, 8, true, Bench.NOBODY));
        });
    run(call);
    reports(I69);
  }

  @Test
  void i70_two_calls_wait_for_each_other() {
    Broken other = new Broken(COPY).then(v -> {});
    run(bench.guest(B, 1).vcpu(), other);
    Broken call = new Broken(COPY);
    call.then(
        v -> {
          call.held = Lock.entry(A, 8);
          other.lock = Lock.entry(A, 8);
          other.held = Lock.entry(A, 9);
          call.lock = Lock.entry(A, 9);
        });
    run(call);
    reports(I70);
  }

  @Test
  void i71_an_element_without_end() {
    Broken call = new Broken(MAP);
    for (int i = 0; i < 130; i++) {
      call.then(v -> {});
    }
    run(call);
    reports(I71);
  }

  @Test
  void i71_an_entry_is_tried_seven_times() {
    Broken call = new Broken(COPY);
    call.held = Lock.entry(A, 8);
    for (int i = 0; i < 7; i++) {
      call.then(v -> {});
    }
    run(call);
    reports(I71);
  }

  @Test
  void i72_a_copy_pins_what_a_dying_domain_has_granted() {
    b.map(A, 8, RO, place(0));
    machine.beginDestroy(A);
    machine.stepDeath(A);
    Broken call = new Broken(COPY).locked(A, 8);
    call.then(
        v -> {
          active(A).increment(8, true);
          call.pins.add(pin(8, true));
        });
    run(call);
    reports(I72);
  }

  @Test
  void a_handle_in_hand_is_not_missing() {
    Broken call = new Broken(MAP);
    call.then(v -> call.inHand = maptrack().allocate(v));
    run(call);
    maptrack().free(call.inHand);
    call.inHand = Maptrack.NONE;
    watch.look();
    reports(new Invariant[0]);
  }
}
