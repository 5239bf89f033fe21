package org.xenarium.gnttab.invariant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.invariant.Invariant.I1;
import static org.xenarium.gnttab.invariant.Invariant.I2;
import static org.xenarium.gnttab.invariant.Invariant.I31;
import static org.xenarium.gnttab.invariant.Invariant.I32;
import static org.xenarium.gnttab.invariant.Invariant.I33;
import static org.xenarium.gnttab.invariant.Invariant.I34;
import static org.xenarium.gnttab.invariant.Invariant.I35;
import static org.xenarium.gnttab.invariant.Invariant.I36;
import static org.xenarium.gnttab.invariant.Invariant.I37;
import static org.xenarium.gnttab.invariant.Invariant.I38;
import static org.xenarium.gnttab.invariant.Invariant.I39;
import static org.xenarium.gnttab.invariant.Invariant.I40;
import static org.xenarium.gnttab.invariant.Invariant.I41;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.rule.GrantRule;

/** I31 to I41 are reported when they do not hold. */
class PhysmapInvariantsTest extends OnWatchedBench {
  private Physmap physmap() {
    return domain(B).physmap();
  }

  @Test
  void i31_a_grant_entry_without_a_handle() {
    physmap().set(hole(0), granted(), EntryType.GRANT_MAP_RO);
    watch.look();
    reports(I31);
  }

  @Test
  void i31_a_live_handle_without_an_entry() {
    b.map(A, 8, RO, place(0));
    physmap().remove(hole(0), granted());
    watch.audit();
    reports(I31);
  }

  @Test
  void i32_a_handle_whose_entry_has_another_access() {
    b.map(A, 8, RW, place(0));
    physmap().set(hole(0), granted(), EntryType.GRANT_MAP_RO);
    watch.audit();
    reports(I32);
  }

  @Test
  void i33_a_store_gets_through_a_read_only_mapping() {
    b.map(A, 8, RO, place(0));
    Vcpu vcpu = b.vcpu();
    vcpu.setGuest(new Broken(MAP).then(v -> memory().content().setByte(memory().address(granted()), 1)));
    machine.step(vcpu);
    reports(I33);
  }

  @Test
  void what_entry_types_may_allow_by_i33() {
    for (EntryType type : EntryType.values()) {
      assertThat(PhysmapInvariants.mayBe(type, type.writable(), type.executable())).as("%s", type).isTrue();
    }
    assertThat(PhysmapInvariants.mayBe(EntryType.GRANT_MAP_RO, true, false)).isFalse();
    assertThat(PhysmapInvariants.mayBe(EntryType.GRANT_MAP_RW, true, true)).isFalse();
    assertThat(PhysmapInvariants.mayBe(EntryType.MAP_FOREIGN_RW, true, true)).isFalse();
  }

  @Test
  void i34_a_read_only_handle_and_a_writable_entry() {
    b.map(A, 8, RO, place(0));
    keepBusy();
    physmap().set(hole(0), granted(), EntryType.GRANT_MAP_RW);
    watch.look();
    reports(I34);
  }

  @Test
  void i35_an_unmap_leaves_the_entry() {
    int handle = b.map(A, 8, RO, place(0)).handle();
    Broken call = new Broken(UNMAP).at(place(0));
    call.then(
        v -> {
          maptrack().retire(handle);
          call.inHand = handle;
          call.pins.add(pin(8, true));
        });
    run(call);
    reports(I35);
  }

  @Test
  void i36_a_failed_map_leaves_an_entry() {
    Broken call = new Broken(MAP).at(place(0));
    call.then(v -> physmap().set(hole(0), granted(), EntryType.GRANT_MAP_RO));
    call.then(v -> v.decided(0, GrantRule.MAP_12));
    run(call);
    reports(I36);
  }

  @Test
  void i37_the_highest_guest_frame_falls() {
    b.map(A, 8, RO, place(0));
    run(new Broken(COPY).then(v -> Reach.set(physmap(), "maxMapped", 0L)));
    reports(I37);
  }

  @Test
  void i38_a_grant_frame_at_two_guest_frames() {
    domain(A).physmap().set(hole(0), table(A).frame(0), EntryType.RAM_RW);
    watch.look();
    reports(I38);
  }

  @Test
  void i38_a_grant_frame_that_does_not_know_where_it_is() {
    memory().setStoredGfn(table(A).frame(0), hole(5));
    watch.look();
    reports(I38);
  }

  @Test
  void i39_a_copy_changes_the_physmap() {
    run(new Broken(COPY).then(v -> physmap().set(hole(0), mfn(B, Bench.GRANTED), EntryType.RAM_RW)));
    reports(I39);
  }

  /** A handle without a pin is I1 and I2 as well. */
  @Test
  void i40_a_mapping_outlives_its_pin() {
    b.map(A, 8, RO, place(0));
    table(A).unpin(8, true);
    SparseBytes maptrack = Reach.get(maptrack(), "bytes");
    maptrack.setLong(0, maptrack.getLong(0));
    watch.audit();
    reports(I1, I2, I40);
  }

  @Test
  void i41_a_page_of_somebody_elses_is_granted() {
    Broken call = new Broken(COPY).locked(A, 8);
    call.then(v -> setStatus(8, READING));
    call.then(
        v -> {
          active(A).pinFirst(8, true, B, mfn(C, Bench.GRANTED));
          call.pins.add(pin(8, true));
        });
    run(call);
    reports(I41);
  }

  @Test
  void i41_an_answer_is_written_into_a_page_of_somebody_elses() {
    byte[] answer = new byte[2];
    Broken call = new Broken(10);
    call.then(v -> memory().content().write(memory().address(granted()), answer, 0, 2));
    run(call);
    reports(I41);
  }
}
