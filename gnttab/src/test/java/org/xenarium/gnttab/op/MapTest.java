package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_GNTREF;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.EAGAIN;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.NO_SPACE;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.abi.GntStatus.PERMISSION_DENIED;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.NOBODY;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.REACH;
import static org.xenarium.gnttab.kit.Bench.TABLE;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** map_grant_ref, check by check and effect by effect (spec §3.3). */
class MapTest extends OnBench {
  @Test
  void one_of_host_map_and_device_map_must_be_asked_for() {
    b.map(A, 8, 4, PLACE).says(BAD_GNTREF, GrantRule.MAP_01);
    b.map(A, 8, 0, PLACE).says(BAD_GNTREF, GrantRule.MAP_01);
    b.map(A, 8, 0xffff_fffc, PLACE).says(BAD_GNTREF, GrantRule.MAP_01);
  }

  @Test
  void device_application_and_pte_maps_do_not_exist() {
    b.map(A, 8, RW | 1, PLACE).says(GENERAL_ERROR, GrantRule.MAP_02);
    b.map(A, 8, 1, PLACE).says(GENERAL_ERROR, GrantRule.MAP_02);
    b.map(A, 8, RW | 8, PLACE).says(GENERAL_ERROR, GrantRule.MAP_02);
    b.map(A, 8, RW | 16, PLACE).says(GENERAL_ERROR, GrantRule.MAP_02);
  }

  @Test
  void the_granting_domain_must_be_listed_and_named_by_number() {
    int[] unlisted = {NOBODY, DomId.SELF, DomId.IO, DomId.XEN, DomId.COW, DomId.INVALID, 0xffff};
    for (int dom : unlisted) {
      b.map(dom, 8, RW, PLACE).says(BAD_DOMAIN, GrantRule.MAP_03);
    }
  }

  @Test
  void silo_lets_only_a_control_domain_or_the_granter_itself_map() {
    startFrom(Bench.setup().policy(SecurityPolicy.SILO).third().control(C).start());
    b.map(A, 8, RW, PLACE).says(PERMISSION_DENIED, GrantRule.MAP_04);
    a.grant(8, C, GRANTED);
    bench.c().map(A, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    bench.c().memory().addGrantFrame(0, TABLE);
    bench.c().grant(8, B, GRANTED);
    b.map(C, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    a.grant(9, A, GRANTED);
    a.map(A, 9, RW, PLACE).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void a_domain_without_maptrack_frames_has_no_space() {
    startFrom(Bench.setup().limits(B, 64, 0).start());
    b.map(A, 8, RW, PLACE).says(NO_SPACE, GrantRule.MAP_05);
  }

  @Test
  void the_reference_must_lie_in_the_granters_table_which_can_grow() {
    b.map(A, 512, RW, PLACE).says(BAD_GNTREF, GrantRule.MAP_06);
    b.map(A, -1, RW, PLACE).says(BAD_GNTREF, GrantRule.MAP_06);
    b.map(A, 0x8000_0008, RW, PLACE).says(BAD_GNTREF, GrantRule.MAP_06);
    a.memory().addGrantFrame(1, TABLE + 1);
    b.map(A, 512, RW, PLACE).says(GENERAL_ERROR, GrantRule.MAP_08A);
    a.grant(1023, B, GRANTED);
    b.map(A, 1023, RW, PLACE).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void an_entry_pinned_for_another_domain_is_refused_whatever_the_entry_says() {
    startFrom(Bench.setup().third().start());
    b.map(A, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    a.setDomid(8, C);
    bench.c().map(A, 8, RW, PLACE).says(GENERAL_ERROR, GrantRule.MAP_07A);
  }

  @Test
  void each_counter_counts_to_128() {
    for (int i = 0; i < 128; i++) {
      b.map(A, 8, RW, place(i)).says(OKAY, GrantRule.MAP_14);
    }
    b.map(A, 8, RW, place(128)).says(GENERAL_ERROR, GrantRule.MAP_07B);
    assertThat(bench.writePins(A, 8)).isEqualTo(128);
    b.map(A, 8, RO, place(128)).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void the_type_must_be_permit_access_without_sub_page() {
    for (int flags : new int[] {0x0000, 0x0002, 0x0003, 0x0101}) {
      a.setFlags(8, flags);
      b.map(A, 8, RO, PLACE).says(GENERAL_ERROR, GrantRule.MAP_08A);
      assertThat(f()).isEqualTo(flags);
    }
    a.setFlags(8, 0xfee1);
    b.map(A, 8, RO, PLACE).says(OKAY, GrantRule.MAP_14);
    assertThat(f()).isEqualTo(0xfee9);
  }

  @Test
  void the_entry_must_name_the_mapper_by_its_number() {
    for (int domid : new int[] {A, C, DomId.SELF, 0x8002}) {
      a.setDomid(8, domid);
      b.map(A, 8, RO, PLACE).says(GENERAL_ERROR, GrantRule.MAP_08B);
    }
  }

  @Test
  void a_readonly_entry_cannot_be_mapped_writable() {
    a.setFlags(8, 0x0005);
    b.map(A, 8, RW, PLACE).says(GENERAL_ERROR, GrantRule.MAP_08C);
    assertThat(f()).isEqualTo(0x0005);
  }

  @Test
  void a_readonly_bit_set_later_stops_a_write_upgrade_but_not_a_further_writable_map() {
    b.map(A, 8, RO, place(0)).says(OKAY, GrantRule.MAP_14);
    a.setFlags(8, 0x000d);
    b.map(A, 8, RW, place(1)).says(GENERAL_ERROR, GrantRule.MAP_08C);
    assertThat(f()).isEqualTo(0x000d);
    a.setFlags(8, 0x0009);
    b.map(A, 8, RW, place(1)).says(OKAY, GrantRule.MAP_14);
    a.setFlags(8, 0x001d);
    b.map(A, 8, RW, place(2)).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void the_granted_frame_must_be_the_granters_own_page() {
    a.setFrame(8, HOLE);
    b.map(A, 8, RW, PLACE).says(BAD_PAGE, GrantRule.MAP_09);
    a.setFrame(8, 0xffff_ffffL);
    b.map(A, 8, RW, PLACE).says(BAD_PAGE, GrantRule.MAP_09);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  void a_page_that_is_out_by_order_can_be_mapped_later() {
    bench.machine().world().faults().add(Fault.of(MapFault.PAGE_IS_OUT, A).at(GRANTED).times(1));
    b.map(A, 8, RW, PLACE).says(EAGAIN, GrantRule.MAP_15);
    assertThat(f()).as("nothing stays marked").isEqualTo(0x0001);
    b.map(A, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void a_mapping_of_anothers_page_cannot_be_granted_on() {
    b.memory().addGrantFrame(0, TABLE);
    b.grant(8, A, GRANTED);
    a.map(B, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    a.setFrame(8, HOLE);
    b.map(A, 8, RW, PLACE).says(BAD_PAGE, GrantRule.MAP_09);
  }

  @Test
  void a_mapping_of_an_own_page_can_be_granted_on() {
    a.grant(9, A, GRANTED);
    a.map(A, 9, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    a.setFrame(8, HOLE);
    Answer map = b.map(A, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    assertThat(map.dev()).isEqualTo(bench.dev(A, GRANTED));
  }

  @Test
  void pages_that_xen_lent_the_granter_can_be_granted_too() {
    a.setFrame(8, TABLE);
    assertThat(b.map(A, 8, RO, place(0)).says(OKAY, GrantRule.MAP_14).dev()).isEqualTo(bench.dev(A, TABLE));
    assertThat(b.load(place(0) + 8 * 8, 2)).as("its own flags").isEqualTo(0x0009);
    a.memory().addToPhysmap(MemoryAbi.SPACE_SHARED_INFO, 0, HOLE);
    a.grant(9, B, HOLE);
    b.map(A, 9, RO, place(1)).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void a_readonly_page_of_the_granter_can_be_granted_writable() {
    bench.protect(a, GRANTED);
    b.map(A, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.GRANT_MAP_RW);
  }

  @Test
  void unknown_flag_bits_are_found_after_pinning_and_everything_is_undone() {
    long references = bench.references(bench.mfn(A, GRANTED));
    for (int bit = 5; bit < 32; bit++) {
      b.map(A, 8, RW | 1 << bit, PLACE).says(GENERAL_ERROR, GrantRule.MAP_12);
    }
    assertThat(f()).isEqualTo(0x0001);
    assertThat(bench.writePins(A, 8)).isZero();
    assertThat(bench.references(bench.mfn(A, GRANTED))).isEqualTo(references);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.HOLE);
    assertThat(b.map(A, 8, RW, PLACE).handle()).as("each failure used a handle up").isEqualTo(27);
  }

  @Test
  void a_host_address_beyond_the_physmap_fails_and_everything_is_undone() {
    long highest = b.memory().maximumGpfn();
    b.map(A, 8, RW, REACH << 12).says(GENERAL_ERROR, GrantRule.MAP_13A);
    b.map(A, 8, RW, -1).says(GENERAL_ERROR, GrantRule.MAP_13A);
    assertThat(f()).isEqualTo(0x0001);
    assertThat(b.memory().maximumGpfn()).isEqualTo(highest);
    b.map(A, 8, RW, (REACH << 12) - 1).says(OKAY, GrantRule.MAP_14);
    assertThat(b.memory().maximumGpfn()).isEqualTo(REACH - 1);
  }

  @Test
  void success_gives_handle_machine_address_and_the_whole_element_back() {
    Struct struct = Struct.map(A, 8, RO, PLACE + 0x123);
    Answer map = b.call(struct).says(OKAY, GrantRule.MAP_14);
    byte[] expected =
        struct.setShort(MapLayout.STATUS, 0).setInt(MapLayout.HANDLE, 0).setLong(MapLayout.DEV_BUS_ADDR, bench.dev(A, GRANTED)).bytes();
    assertThat(map.bytes()).isEqualTo(expected);
    assertThat(bench.mfn(B, HOLE)).isEqualTo(bench.mfn(A, GRANTED));
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.GRANT_MAP_RO);
    assertThat(bench.table(B).maptrack().flags(0)).isEqualTo(RO);
  }

  @Test
  void failure_writes_the_status_and_keeps_the_callers_handle_and_address() {
    Struct struct = Struct.map(A, 512, RW, PLACE);
    assertThat(b.call(struct).bytes()).isEqualTo(struct.setShort(MapLayout.STATUS, BAD_GNTREF).bytes());
  }

  @Test
  void what_is_written_through_a_writable_mapping_is_the_granters_page() {
    b.map(A, 8, RW, PLACE);
    b.store(PLACE + 0xff8, 8, 0x1122334455667788L);
    assertThat(a.load((GRANTED << 12) + 0xff8, 8)).isEqualTo(0x1122334455667788L);
  }
}
