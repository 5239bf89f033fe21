package org.xenarium.gnttab.invariant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.invariant.Invariant.I53;
import static org.xenarium.gnttab.invariant.Invariant.I54;
import static org.xenarium.gnttab.invariant.Invariant.I55;
import static org.xenarium.gnttab.invariant.Invariant.I56;
import static org.xenarium.gnttab.invariant.Invariant.I57;
import static org.xenarium.gnttab.invariant.Invariant.I58;
import static org.xenarium.gnttab.invariant.Invariant.I59;
import static org.xenarium.gnttab.invariant.Invariant.I60;
import static org.xenarium.gnttab.invariant.Invariant.I61;
import static org.xenarium.gnttab.invariant.Invariant.I62;
import static org.xenarium.gnttab.invariant.Invariant.I63;
import static org.xenarium.gnttab.invariant.Invariant.I64;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.SharedEntries;

/** I53 to I64 are reported when they do not hold. */
class TableAndCallsTest extends OnWatchedBench {
  @Test
  void i53_a_table_without_frames() {
    run(new Broken(COPY).then(v -> Reach.set(table(B), "frames", new long[0])));
    reports(I53);
  }

  @Test
  void i54_status_frames_in_version_1() {
    long frame = domain(B).allocateXenHeap();
    run(new Broken(COPY).then(v -> Reach.set(table(B), "statusFrames", new long[] {frame})));
    reports(I54);
  }

  @Test
  void i55_a_new_frame_is_not_zero() {
    run(
        new Broken(GnttabOp.SETUP_TABLE)
            .then(
                v -> {
                  table(B).grow(2);
                  memory().content().setLong(memory().address(table(B).frame(1)), 1);
                }));
    reports(I55);
  }

  @Test
  void i56_a_swap_changes_one_entry() {
    int header = SharedEntries.header(domain(A), table(A), 8);
    Broken call = new Broken(GnttabOp.SWAP_GRANT_REF);
    call.then(v -> SharedEntries.compareAndSet(domain(A), table(A), 8, header, header ^ 4));
    run(a.vcpu(), call);
    reports(I56);
  }

  /** With another of the same flags, so that no flag of a pinned entry goes. */
  @Test
  void i56_a_pinned_entry_is_swapped() {
    b.map(A, 8, RO, place(0));
    a.entry(30, 0x09, B, Bench.GRANTED + 5);
    Broken call = new Broken(GnttabOp.SWAP_GRANT_REF);
    call.then(v -> SharedEntries.swap(domain(A), table(A), 8, 30));
    run(a.vcpu(), call);
    reports(I56);
  }

  @Test
  void i57_set_version_changes_something() {
    run(new Broken(GnttabOp.SET_VERSION).then(v -> memory().setStoredGfn(table(B).frame(0), -1)));
    reports(I57);
  }

  @Test
  void i58_a_call_returns_a_positive_number() {
    run(new Broken(COPY).then(v -> v.setX(0, 5)).ends());
    reports(I58);
  }

  @Test
  void i59_an_answer_behind_the_element() {
    Broken call = new Broken(MAP);
    call.element = b.arguments();
    call.then(v -> GuestBuffers.write(v.domain(), call.element + 32, new byte[2], 0, 2));
    run(call);
    reports(I59);
  }

  @Test
  void i60_a_status_that_no_unmap_gives() {
    run(new Broken(UNMAP).then(v -> v.decided(0, GrantRule.COPY_06)));
    reports(I60);
  }

  @Test
  void which_statuses_an_operation_gives_by_i60() {
    assertThat(Calls.isPossible(GnttabOp.MAP_GRANT_REF, -13, 1, Release.V4_17)).isTrue();
    assertThat(Calls.isPossible(GnttabOp.MAP_GRANT_REF, -4, 1, Release.V4_17)).isFalse();
    assertThat(Calls.isPossible(GnttabOp.GET_STATUS_FRAMES, -5, 1, Release.V4_17)).isFalse();
    assertThat(Calls.isPossible(GnttabOp.GET_STATUS_FRAMES, -5, 2, Release.V4_17)).isTrue();
    assertThat(Calls.isPossible(GnttabOp.MAP_GRANT_REF, -7, 1, Release.V4_15)).isTrue();
    assertThat(Calls.isPossible(GnttabOp.MAP_GRANT_REF, -7, 1, Release.V4_17)).isFalse();
    assertThat(Calls.isPossible(GnttabOp.SWAP_GRANT_REF, 1, 1, Release.V4_17)).isFalse();
  }

  @Test
  void i61_a_map_answers_another_handle() {
    b.map(A, 8, RO, place(0));
    Broken call = new Broken(MAP);
    call.element = b.arguments();
    call.then(v -> call.inHand = maptrack().allocate(v));
    call.then(
        v -> {
          active(A).increment(8, true);
          maptrack().publish(call.inHand, A, 8, RO);
          call.inHand = Maptrack.NONE;
        });
    call.then(v -> v.decided(0, GrantRule.MAP_14));
    run(call);
    reports(I61);
  }

  @Test
  void i62_an_unmap_with_address_0_changes_the_physmap() {
    Broken call = new Broken(UNMAP);
    call.then(v -> v.domain().physmap().set(hole(0), mfn(B, Bench.GRANTED), EntryType.RAM_RW));
    call.then(v -> v.decided(0, GrantRule.UNMAP_09));
    run(call);
    reports(I62);
  }

  @Test
  void i63_under_silo_two_guests_share_a_page() {
    use(Bench.setup().policy(SecurityPolicy.SILO).vcpus(B, 2).start());
    Broken call = new Broken(MAP).locked(A, 8);
    call.then(v -> call.inHand = maptrack().allocate(v));
    call.then(v -> setStatus(8, READING));
    call.then(
        v -> {
          active(A).pinFirst(8, true, B, granted());
          maptrack().publish(call.inHand, A, 8, RO);
          call.inHand = Maptrack.NONE;
        });
    run(call);
    reports(I63);
  }

  @Test
  void i64_a_copy_of_nothing_pins() {
    b.map(A, 8, RO, place(0));
    Broken call = new Broken(COPY);
    call.then(
        v -> {
          active(A).increment(8, true);
          call.pins.add(pin(8, true));
        });
    call.then(v -> v.decided(0, GrantRule.COPY_01));
    run(call);
    reports(I64);
  }
}
