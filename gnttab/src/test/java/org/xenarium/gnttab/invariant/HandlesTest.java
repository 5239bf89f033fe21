package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I21;
import static org.xenarium.gnttab.invariant.Invariant.I22;
import static org.xenarium.gnttab.invariant.Invariant.I23;
import static org.xenarium.gnttab.invariant.Invariant.I24;
import static org.xenarium.gnttab.invariant.Invariant.I25;
import static org.xenarium.gnttab.invariant.Invariant.I26;
import static org.xenarium.gnttab.invariant.Invariant.I27;
import static org.xenarium.gnttab.invariant.Invariant.I28;
import static org.xenarium.gnttab.invariant.Invariant.I29;
import static org.xenarium.gnttab.invariant.Invariant.I30;
import static org.xenarium.gnttab.invariant.Invariant.I66;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.Maptrack;

/** I21 to I30 are reported when they do not hold. */
class HandlesTest extends OnWatchedBench {
  private SparseBytes bytes() {
    return Reach.get(maptrack(), "bytes");
  }

  private int[] heads() {
    return Reach.get(maptrack(), "heads");
  }

  /** What is live and free at once is counted twice, which is I22. */
  @Test
  void i21_a_free_handle_becomes_live_where_it_lies() {
    b.map(A, 8, RO, place(0));
    run(
        new Broken(MAP)
            .then(
                v -> {
                  active(A).increment(8, true);
                  maptrack().publish(maptrack().head(0), A, 8, RO);
                }));
    reports(I21, I22);
  }

  @Test
  void i22_a_handle_is_lost() {
    b.map(A, 8, RW, place(0));
    run(new Broken(MAP).then(v -> maptrack().allocate(v)));
    reports(I22);
  }

  @Test
  void i23_more_handles_than_frames() {
    b.map(A, 8, RW, place(0));
    run(new Broken(MAP).then(v -> Reach.set(maptrack(), "limit", maptrack().limit() + 1)));
    reports(I22, I23);
  }

  @Test
  void i24_an_empty_free_list() {
    b.map(A, 8, RW, place(0));
    run(new Broken(MAP).then(v -> heads()[0] = Maptrack.NONE));
    reports(I24);
  }

  /** As every list keeps an entry (I24), more live handles than that break the partition too. */
  @Test
  void i25_more_live_handles_than_the_lists_can_spare() {
    use(Bench.setup().vcpus(B, 2).limits(B, 1, 1).start());
    for (int i = 0; i < 255; i++) {
      b.map(A, i < 128 ? 8 : 9, RO, place(i));
    }
    heads()[1] = 255;
    int[] tails = Reach.get(maptrack(), "tails");
    tails[1] = 255;
    violations.addAll(Invariants.check(machine));
    reports(I25, I22);
  }

  @Test
  void i26_a_handle_goes_to_the_front_of_its_list() {
    b.map(A, 8, RW, place(0));
    Broken call = new Broken(MAP);
    call.then(v -> call.inHand = maptrack().allocate(v));
    call.then(
        v -> {
          bytes().setInt((long) call.inHand << 4, maptrack().head(0));
          heads()[0] = call.inHand;
          call.inHand = Maptrack.NONE;
        });
    run(call);
    reports(I26);
  }

  @Test
  void i27_a_live_handle_without_host_map() {
    b.map(A, 8, RO, place(0));
    Broken call = new Broken(MAP);
    call.then(v -> call.inHand = maptrack().allocate(v));
    call.then(
        v -> {
          active(A).increment(8, true);
          maptrack().publish(call.inHand, A, 8, 4);
          call.inHand = Maptrack.NONE;
        });
    run(call);
    reports(I27);
  }

  @Test
  void i28_a_copy_ends_a_handle() {
    int handle = b.map(A, 8, RO, place(0)).handle();
    Broken call = new Broken(COPY);
    call.then(
        v -> {
          maptrack().retire(handle);
          call.inHand = handle;
          call.pins.add(pin(8, true));
        });
    run(call);
    reports(I28);
  }

  @Test
  void i29_an_unmap_says_okay_and_has_ended_nothing() {
    b.map(A, 8, RW, place(0));
    run(new Broken(UNMAP).at(place(0)).then(v -> v.decided(0, GrantRule.UNMAP_11)));
    reports(I29);
  }

  /** Before the id is taken again the handle names nobody: I66. */
  @Test
  void i30_a_new_domain_gets_an_id_that_a_handle_names() {
    Broken call = new Broken(MAP);
    call.then(v -> call.inHand = maptrack().allocate(v));
    call.then(
        v -> {
          maptrack().publish(call.inHand, 5, 8, RO);
          call.inHand = Maptrack.NONE;
        });
    run(call);
    reports(I66);
    machine.createDomain(DomainConfig.guest(5, 10));
    watch.look();
    reports(I30, I66);
  }

  @Test
  void what_is_not_chosen_is_not_reported() {
    watch.stop();
    watch = watch(EnumSet.of(I23));
    i21_a_free_handle_becomes_live_where_it_lies_unseen();
    reports(new Invariant[0]);
  }

  private void i21_a_free_handle_becomes_live_where_it_lies_unseen() {
    b.map(A, 8, RO, place(0));
    run(new Broken(MAP).then(v -> maptrack().publish(maptrack().head(0), A, 8, RO)));
  }
}
