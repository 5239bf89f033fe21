package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_HANDLE;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.REACH;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** unmap_grant_ref and unmap_and_replace, check by check (spec §3.4). */
class UnmapTest extends OnBench {
  private void map(int ref, int flags, long at) {
    b.map(A, ref, flags, at).says(OKAY, GrantRule.MAP_14);
  }

  private void expectStillMapped() {
    assertThat(bench.table(B).maptrack().isLive(0)).isTrue();
    assertThat(bench.writePins(A, 8)).isEqualTo(1);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.GRANT_MAP_RW);
    assertThat(f()).isEqualTo(0x0019);
  }

  @Test
  void a_handle_must_be_below_the_limit() {
    b.unmap(PLACE, 0).says(BAD_HANDLE, GrantRule.UNMAP_01);
    map(8, RW, PLACE);
    b.unmap(PLACE, 256).says(BAD_HANDLE, GrantRule.UNMAP_01);
    b.unmap(PLACE, -1).says(BAD_HANDLE, GrantRule.UNMAP_01);
    expectStillMapped();
  }

  @Test
  void a_handle_must_be_live() {
    map(8, RW, PLACE);
    b.unmap(PLACE, 1).says(BAD_HANDLE, GrantRule.UNMAP_02);
    b.unmap(PLACE, 255).says(BAD_HANDLE, GrantRule.UNMAP_02);
    b.unmap(PLACE, 0).says(OKAY, GrantRule.UNMAP_11);
    b.unmap(PLACE, 0).says(BAD_HANDLE, GrantRule.UNMAP_02);
  }

  @Test
  void handles_are_the_mapping_domains_own() {
    map(8, RW, PLACE);
    a.unmap(PLACE, 0).says(BAD_HANDLE, GrantRule.UNMAP_01);
    expectStillMapped();
  }

  @Test
  void success_gives_back_pin_reference_flags_entry_and_handle() {
    long references = bench.references(bench.mfn(A, GRANTED));
    map(8, RW, PLACE);
    assertThat(bench.references(bench.mfn(A, GRANTED))).isEqualTo(references + 1);
    b.unmap(PLACE, 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(bench.references(bench.mfn(A, GRANTED))).isEqualTo(references);
    assertThat(bench.writePins(A, 8)).isZero();
    assertThat(f()).isEqualTo(0x0001);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.HOLE);
    assertThat(bench.table(B).maptrack().tail(0)).isZero();
  }

  @Test
  void only_the_status_is_written_back() {
    map(8, RW, PLACE);
    Struct struct = Struct.unmap(PLACE, 0).setLong(UnmapLayout.DEV_BUS_ADDR, 0x1234567);
    assertThat(b.call(struct).bytes()).isEqualTo(struct.setShort(UnmapLayout.STATUS, OKAY).bytes());
  }

  @Test
  void the_device_address_is_ignored() {
    map(8, RW, PLACE);
    b.call(Struct.unmap(PLACE, 0).setLong(UnmapLayout.DEV_BUS_ADDR, 0xdead_beef_000L)).says(OKAY, GrantRule.UNMAP_11);
  }

  @Test
  void host_address_0_leaves_the_mapping_alone() {
    map(8, RW, PLACE);
    b.unmap(0, 0).says(OKAY, GrantRule.UNMAP_09);
    expectStillMapped();
  }

  @Test
  void another_frame_at_the_host_address_is_refused_and_nothing_changes() {
    a.grant(9, B, GRANTED + 1);
    map(8, RW, place(0));
    map(9, RW, place(1));
    b.unmap(place(1), 0).says(GENERAL_ERROR, GrantRule.UNMAP_08B);
    b.unmap(OWN << 12, 0).says(GENERAL_ERROR, GrantRule.UNMAP_08B);
    expectStillMapped();
    assertThat(bench.type(B, HOLE + 1)).isEqualTo(EntryType.GRANT_MAP_RW);
    assertThat(bench.type(B, OWN)).isEqualTo(EntryType.RAM_RW);
  }

  @Test
  void the_type_of_what_is_removed_does_not_matter_if_the_frame_is_the_same() {
    map(8, RW, place(0));
    map(8, RO, place(1));
    b.unmap(place(1), 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.GRANT_MAP_RW);
    assertThat(bench.type(B, HOLE + 1)).isEqualTo(EntryType.HOLE);
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
    assertThat(f()).as("accounting is by handle").isEqualTo(0x0009);
  }

  @Test
  void an_unmap_of_an_own_grant_can_take_the_ram_itself_away() {
    a.grant(9, A, GRANTED);
    a.map(A, 9, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    a.unmap(GRANTED << 12, 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(bench.type(A, GRANTED)).isEqualTo(EntryType.HOLE);
    assertThat(bench.type(A, HOLE)).isEqualTo(EntryType.GRANT_MAP_RW);
  }

  @Test
  void a_hole_at_the_host_address_ends_the_handle_and_leaves_the_mapping_where_it_is() {
    map(8, RW, place(0));
    b.unmap(place(1), 0).says(OKAY, GrantRule.UNMAP_10);
    assertThat(bench.writePins(A, 8)).isZero();
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.GRANT_MAP_RW);
  }

  @Test
  void a_host_address_beyond_the_physmap_is_refused_and_nothing_changes() {
    map(8, RW, PLACE);
    b.unmap(REACH << 12, 0).says(GENERAL_ERROR, GrantRule.UNMAP_08C);
    b.unmap(-1, 0).says(GENERAL_ERROR, GrantRule.UNMAP_08C);
    expectStillMapped();
  }

  @Test
  void the_handle_is_checked_before_the_address() {
    map(8, RW, PLACE);
    b.unmap(REACH << 12, 256).says(BAD_HANDLE, GrantRule.UNMAP_01);
    b.unmap(0, 1).says(BAD_HANDLE, GrantRule.UNMAP_02);
  }

  @Test
  void replacing_without_a_new_address_is_unmapping() {
    map(8, RW, PLACE);
    b.call(Struct.replace(PLACE, 0, 0)).says(OKAY, GrantRule.UNMAP_11);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  void replacing_with_a_new_address_is_refused_and_nothing_changes() {
    map(8, RW, PLACE);
    b.call(Struct.replace(PLACE, OWN << 12, 0)).says(GENERAL_ERROR, GrantRule.UNMAP_08A);
    b.call(Struct.replace(REACH << 12, 1, 0)).says(GENERAL_ERROR, GrantRule.UNMAP_08A);
    expectStillMapped();
    b.call(Struct.replace(PLACE, 1, 9)).says(BAD_HANDLE, GrantRule.UNMAP_02);
  }

  @Test
  void replacing_at_host_address_0_does_nothing_whatever_the_new_address() {
    map(8, RW, PLACE);
    b.call(Struct.replace(0, OWN << 12, 0)).says(OKAY, GrantRule.UNMAP_09);
    b.call(Struct.replace(0, 0, 0)).says(OKAY, GrantRule.UNMAP_09);
    expectStillMapped();
  }

  @Test
  void a_mapping_can_be_ended_after_its_granter_has_withdrawn_everything() {
    map(8, RW, PLACE);
    a.entry(8, 0, 0, 0);
    assertThat(a.memory().decrease(GRANTED)).isEqualTo(1);
    b.unmap(PLACE, 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(f()).isZero();
  }
}
