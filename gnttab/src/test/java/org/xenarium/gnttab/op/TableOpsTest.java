package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_VIRT_ADDR;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.abi.GntStatus.PERMISSION_DENIED;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.NOBODY;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.gnttab.abi.QuerySizeLayout;
import org.xenarium.gnttab.abi.SetupTableLayout;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** setup_table, query_size and get_status_frames, check by check (spec §3.8). */
class TableOpsTest extends OnBench {
  /** Where the tests keep frame lists: in an ordinary page. */
  private static final long LIST = OWN << 12;

  @Test
  void setup_table_needs_a_listed_domain() {
    for (int dom : new int[] {NOBODY, DomId.IO, DomId.INVALID}) {
      b.call(Struct.setupTable(dom, 1, LIST)).says(BAD_DOMAIN, GrantRule.SETUP_01);
    }
  }

  @Test
  void setup_table_of_others_is_for_control_domains() {
    b.call(Struct.setupTable(A, 1, LIST)).says(PERMISSION_DENIED, GrantRule.SETUP_02);
    b.call(Struct.setupTable(B, 1, LIST)).says(OKAY, GrantRule.SETUP_06);
    startFrom(Bench.setup().control(B).start());
    b.call(Struct.setupTable(A, 1, LIST)).says(OKAY, GrantRule.SETUP_06);
    assertThat(b.load(LIST, 8)).isEqualTo(TABLE);
  }

  @Test
  void setup_table_cannot_go_beyond_the_limit() {
    startFrom(Bench.setup().limits(B, 4, 1024).start());
    b.call(Struct.setupTable(DomId.SELF, 5, LIST)).says(GENERAL_ERROR, GrantRule.SETUP_03);
    b.call(Struct.setupTable(DomId.SELF, -1, LIST)).says(GENERAL_ERROR, GrantRule.SETUP_03);
    assertThat(bench.table(B).frameCount()).isEqualTo(1);
    b.call(Struct.setupTable(DomId.SELF, 4, LIST)).says(OKAY, GrantRule.SETUP_06);
    assertThat(bench.table(B).frameCount()).isEqualTo(4);
  }

  @Test
  void setup_table_fails_when_the_host_has_no_memory_for_the_frames() {
    exhaustHost(2);
    b.call(Struct.setupTable(DomId.SELF, 64, LIST)).says(GENERAL_ERROR, GrantRule.SETUP_04);
    assertThat(bench.table(B).frameCount()).isEqualTo(1);
    b.call(Struct.setupTable(DomId.SELF, 1, LIST)).says(OKAY, GrantRule.SETUP_06);
  }

  /** Lets B take all free frames of the host but {@code left}. */
  private void exhaustHost(int left) {
    while (bench.machine().world().memory().hasFree(left + 1)) {
      bench.machine().domain(B).allocateRam();
    }
  }

  @Test
  void setup_table_that_has_no_memory_gives_back_what_it_had_taken() {
    exhaustHost(2);
    b.call(Struct.setupTable(DomId.SELF, 64, LIST)).says(GENERAL_ERROR, GrantRule.SETUP_04);
    assertThat(bench.machine().world().memory().hasFree(2)).as("two frames are free, as before").isTrue();
    b.call(Struct.setupTable(DomId.SELF, 3, LIST)).says(OKAY, GrantRule.SETUP_06);
  }

  @Test
  void setup_table_lists_where_the_frames_lie_and_all_ones_for_those_that_lie_nowhere() {
    b.memory().addGrantFrame(1, TABLE + 7);
    b.call(Struct.setupTable(DomId.SELF, 3, LIST)).says(OKAY, GrantRule.SETUP_06);
    assertThat(b.load(LIST, 8)).isEqualTo(-1);
    assertThat(b.load(LIST + 8, 8)).isEqualTo(TABLE + 7);
    assertThat(b.load(LIST + 16, 8)).isEqualTo(-1);
    b.memory().removeFromPhysmap(TABLE + 7);
    b.call(Struct.setupTable(DomId.SELF, 2, LIST)).says(OKAY, GrantRule.SETUP_06);
    assertThat(b.load(LIST + 8, 8)).isEqualTo(-1);
  }

  @Test
  void setup_table_of_no_frames_lists_nothing_and_changes_nothing() {
    b.store(LIST, 8, 42);
    b.call(Struct.setupTable(DomId.SELF, 0, LIST)).says(OKAY, GrantRule.SETUP_06);
    assertThat(b.load(LIST, 8)).isEqualTo(42);
    b.call(Struct.setupTable(DomId.SELF, 0, PLACE)).says(OKAY, GrantRule.SETUP_06);
    assertThat(bench.table(B).frameCount()).isEqualTo(1);
  }

  @Test
  void setup_table_grows_with_zeroed_entries_and_keeps_those_there_are() {
    a.call(Struct.setupTable(DomId.SELF, 2, LIST)).says(OKAY, GrantRule.SETUP_06);
    a.memory().addGrantFrame(1, TABLE + 1);
    assertThat(bench.peek(a.domain(), TABLE + 1 << 12, 4096)).containsOnly(0);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  void setup_table_stops_at_the_first_entry_of_the_list_that_cannot_be_written() {
    long split = (Bench.RAM + Bench.PAGES << 12) - 8;
    b.call(Struct.setupTable(DomId.SELF, 3, split)).says(BAD_VIRT_ADDR, GrantRule.SETUP_05);
    assertThat(b.load(split, 8)).isEqualTo(-1);
    assertThat(bench.table(B).frameCount()).as("growth is kept").isEqualTo(3);
  }

  @Test
  void V24_setup_table_stops_there_and_went_on_before_4_18() {
    for (Release release : Release.values()) {
      startFrom(Bench.setup().release(release).start());
      long readonly = Bench.RAM + Bench.PAGES - 2;
      bench.protect(b, readonly);
      long split = (readonly + 1 << 12) - 8;
      b.store(split + 8, 8, 42);
      b.call(Struct.setupTable(DomId.SELF, 2, split)).says(BAD_VIRT_ADDR, GrantRule.SETUP_05);
      assertThat(b.load(split + 8, 8)).as("second entry in %s", release).isEqualTo(Difference.LIST_STOPS_AT_FAULT.isIn(release) ? 42 : -1);
    }
  }

  @Test
  void setup_table_writes_only_the_status_of_its_struct() {
    Struct struct = Struct.setupTable(DomId.SELF, 1, LIST);
    assertThat(b.call(struct).bytes()).isEqualTo(struct.setShort(SetupTableLayout.STATUS, OKAY).bytes());
  }

  @Test
  void setup_table_checks_domain_then_right_then_size() {
    b.call(Struct.setupTable(NOBODY, 65, PLACE)).says(BAD_DOMAIN, GrantRule.SETUP_01);
    b.call(Struct.setupTable(A, 65, PLACE)).says(PERMISSION_DENIED, GrantRule.SETUP_02);
    b.call(Struct.setupTable(B, 65, PLACE)).says(GENERAL_ERROR, GrantRule.SETUP_03);
    b.call(Struct.setupTable(B, 64, PLACE)).says(BAD_VIRT_ADDR, GrantRule.SETUP_05);
  }

  @Test
  void query_size_needs_a_listed_domain_and_the_right() {
    Struct unknown = Struct.querySize(NOBODY);
    Answer answer = b.call(unknown).says(BAD_DOMAIN, GrantRule.QUERY_01);
    assertThat(answer.bytes()).isEqualTo(unknown.setShort(QuerySizeLayout.STATUS, BAD_DOMAIN).bytes());
    b.call(Struct.querySize(A)).says(PERMISSION_DENIED, GrantRule.QUERY_02);
    startFrom(Bench.setup().third().control(C).start());
    bench.c().call(Struct.querySize(A)).says(OKAY, GrantRule.QUERY_03);
  }

  @Test
  void query_size_gives_frames_and_limit_and_keeps_the_padding() {
    startFrom(Bench.setup().limits(B, 7, 3).start());
    b.memory().addGrantFrame(2, TABLE);
    Struct struct = Struct.querySize(DomId.SELF).setShort(2, 0x1234).setShort(14, 0x5678);
    byte[] expected =
        Struct.querySize(DomId.SELF).setShort(2, 0x1234).setShort(14, 0x5678).setInt(4, 3).setInt(8, 7).setShort(12, 0).bytes();
    assertThat(b.call(struct).says(OKAY, GrantRule.QUERY_03).bytes()).isEqualTo(expected);
  }

  @Test
  void get_status_frames_succeeds_only_for_none() {
    b.call(Struct.statusFrames(NOBODY, 0, LIST)).says(BAD_DOMAIN, GrantRule.STATUS_01);
    b.call(Struct.statusFrames(A, 0, LIST)).says(PERMISSION_DENIED, GrantRule.STATUS_02);
    b.call(Struct.statusFrames(DomId.SELF, 1, LIST)).says(GENERAL_ERROR, GrantRule.STATUS_03);
    b.call(Struct.statusFrames(DomId.SELF, -1, LIST)).says(GENERAL_ERROR, GrantRule.STATUS_03);
    b.call(Struct.statusFrames(DomId.SELF, 0, PLACE)).says(OKAY, GrantRule.STATUS_04);
    b.call(Struct.statusFrames(B, 0, LIST)).says(OKAY, GrantRule.STATUS_04);
  }
}
