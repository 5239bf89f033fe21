package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PAGES;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.rule.GrantRule;

/** What a map does to whatever is at its host address (spec §3.3.5), and what the mapping lets a guest do (§3.3.6). */
class HostAddressTest extends OnBench {
  private Answer map(int ref, int flags, long at) {
    return b.map(A, ref, flags, at).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void a_hole_gets_a_new_entry_and_becomes_a_hole_again() {
    map(8, RW, PLACE);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.GRANT_MAP_RW);
    b.unmap(PLACE, 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.HOLE);
  }

  @Test
  void ram_loses_its_place_for_ever_and_stays_counted() {
    long lost = bench.mfn(B, OWN);
    map(8, RW, OWN << 12);
    assertThat(bench.mfn(B, OWN)).isEqualTo(bench.mfn(A, GRANTED));
    assertThat(b.memory().currentReservation()).isEqualTo(PAGES);
    b.unmap(OWN << 12, 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(bench.type(B, OWN)).isEqualTo(EntryType.HOLE);
    assertThat(b.memory().currentReservation()).isEqualTo(PAGES);
    assertThat(bench.references(lost)).isEqualTo(1);
    assertThat(b.memory().populate(0, OWN)).as("the limit is reached with the lost page").isZero();
  }

  @Test
  void a_grant_frame_loses_its_place_and_can_be_added_again() {
    assertThat(b.memory().addGrantFrame(0, TABLE)).isZero();
    map(8, RW, TABLE << 12);
    assertThat(b.memory().addGrantFrame(0, TABLE + 1)).isZero();
  }

  @Test
  void another_grant_mapping_is_replaced_and_its_handle_stays_live_and_pinned() {
    a.grant(9, B, GRANTED + 1);
    map(8, RW, PLACE);
    map(9, RW, PLACE);
    assertThat(bench.mfn(B, HOLE)).isEqualTo(bench.mfn(A, GRANTED + 1));
    assertThat(bench.table(B).maptrack().isLive(0)).isTrue();
    assertThat(f()).isEqualTo(0x0019);
    assertThat(bench.references(bench.mfn(A, GRANTED))).isEqualTo(2);
  }

  @Test
  void mapping_the_same_frame_again_changes_the_type_and_keeps_both_handles() {
    map(8, RO, PLACE);
    map(8, RW, PLACE);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.GRANT_MAP_RW);
    map(8, RO, PLACE);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.GRANT_MAP_RO);
    assertThat(bench.readPins(A, 8)).isEqualTo(2);
    assertThat(bench.writePins(A, 8)).isEqualTo(1);
  }

  @Test
  void the_address_need_not_be_aligned() {
    map(8, RW, PLACE + 0xabc);
    b.unmap(PLACE + 0x123, 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.HOLE);
  }

  @Test
  void guest_frame_0_can_be_mapped_and_unmapped_by_a_non_zero_address_in_it() {
    map(8, RW, 0);
    assertThat(bench.type(B, 0)).isEqualTo(EntryType.GRANT_MAP_RW);
    b.unmap(0, 0).says(OKAY, GrantRule.UNMAP_09);
    assertThat(bench.type(B, 0)).isEqualTo(EntryType.GRANT_MAP_RW);
    b.unmap(1, 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(bench.type(B, 0)).isEqualTo(EntryType.HOLE);
  }

  @Test
  void loads_succeed_through_both_kinds_of_mapping_and_stores_through_one() {
    map(8, RW, place(0));
    map(8, RO, place(1));
    assertThat(b.vcpu().access(place(0), false)).isEqualTo(Access.DONE);
    assertThat(b.vcpu().access(place(0), true)).isEqualTo(Access.DONE);
    assertThat(b.vcpu().access(place(1), false)).isEqualTo(Access.DONE);
    assertThat(b.vcpu().access(place(1), true)).isEqualTo(Access.STUCK);
    assertThat(b.vcpu().access(place(2), false)).isEqualTo(Access.ABORT);
  }
}
