package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.xenarium.gnttab.abi.GntStatus.BAD_GNTREF;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.NO_DEVICE_SPACE;
import static org.xenarium.gnttab.abi.GntStatus.NO_SPACE;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.ENTRY;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.RAM;
import static org.xenarium.gnttab.kit.Bench.TABLE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Entry2;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Setup;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.rule.TableRule;
import org.xenarium.gnttab.table.GrantOptions;

/** Both sides of each difference between releases that a user of grant tables can see (spec §9.1). V24, V25, V34 and V32 have tests elsewhere. */
class ReleasesTest extends OnBench {
  private void start(Release release) {
    startFrom(Bench.setup().release(release).start());
  }

  @Test
  void V9_before_4_12_a_table_has_no_version_and_no_entries_until_it_is_first_used() {
    start(Release.V4_11);
    b.call(Struct.getVersion(DomId.SELF)).returns(0, GrantRule.GETVER_03);
    assertThat(bench.table(B).version()).isZero();
    a.map(B, 0, RO, PLACE).says(BAD_GNTREF, GrantRule.MAP_06);
    b.swap(0, 0).says(BAD_GNTREF, GrantRule.SWAP_01A);
    b.call(Struct.setupTable(DomId.SELF, 65, RAM << 12)).says(GENERAL_ERROR, GrantRule.SETUP_03);
    assertThat(bench.table(B).version()).isZero();
    b.call(Struct.setupTable(DomId.SELF, 0, RAM << 12)).says(OKAY, GrantRule.SETUP_06);
    assertThat(bench.table(B).version()).isEqualTo(1);
    assertThat(bench.table(A).version()).as("A has added a frame to its physmap").isEqualTo(1);
    start(Release.V4_12);
    assertThat(bench.table(B).version()).isEqualTo(1);
    a.map(B, 0, RO, PLACE).says(GENERAL_ERROR, GrantRule.MAP_08A);
  }

  @Test
  void V9_set_version_gives_an_unused_table_its_version() {
    for (int version = 1; version <= 2; version++) {
      startFrom(Bench.setup().release(Release.V4_11).options(options -> options.withMaxVersion(2)).start());
      b.call(Struct.setVersion(version)).returns(0, GrantRule.SETVER_10);
      assertThat(bench.table(B).version()).isEqualTo(version);
    }
  }

  @Test
  void V11_a_build_without_grant_tables_has_no_such_hypercall_and_no_such_frames() {
    startFrom(Bench.setup().options(GrantOptions::leftOut).start());
    b.raw(GnttabOp.MAP_GRANT_REF, PLACE, -1).returns(-38, GrantRule.GNT_10);
    assertThat(b.memory().addGrantFrame(0, TABLE)).isEqualTo(-Errno.EINVAL);
    Setup before = Bench.setup().release(Release.V4_12).options(GrantOptions::leftOut);
    assertThatThrownBy(before::start).hasMessage("Xen 4.12 cannot be built without grant tables (V11)");
  }

  @Test
  void V13_before_4_15_a_full_counter_kept_all_pins_away() {
    for (Release release : new Release[] {Release.V4_14, Release.V4_15}) {
      start(release);
      for (int i = 0; i < 128; i++) {
        b.map(A, ENTRY, RO, place(i)).says(OKAY, GrantRule.MAP_14);
      }
      b.map(A, ENTRY, RO, place(200)).says(GENERAL_ERROR, GrantRule.MAP_07B);
      Answer writable = b.map(A, ENTRY, RW, place(200));
      Answer copy = b.copy(own(OWN), grant(A, ENTRY), 8);
      if (release == Release.V4_14) {
        writable.says(GENERAL_ERROR, GrantRule.MAP_07B);
        copy.says(GENERAL_ERROR, GrantRule.CLAIM_02B);
      } else {
        writable.says(OKAY, GrantRule.MAP_14);
        copy.says(OKAY, GrantRule.COPY_11);
      }
    }
  }

  @Test
  void V16_before_4_16_a_map_without_a_free_handle_said_no_device_space() {
    startFrom(Bench.setup().release(Release.V4_15).limits(B, 64, 0).start());
    b.map(A, ENTRY, RW, PLACE).says(NO_DEVICE_SPACE, GrantRule.MAP_05B);
    startFrom(Bench.setup().release(Release.V4_16).limits(B, 64, 0).start());
    b.map(A, ENTRY, RW, PLACE).says(NO_SPACE, GrantRule.MAP_05);
  }

  @Test
  void V17_before_4_16_the_highest_version_was_one_for_all_domains() {
    Setup tooHigh = Bench.setup().maxVersion(B, 2);
    assertThatThrownBy(tooHigh::start).hasMessageContaining(TableRule.TABLE_03.facts().when());
    Setup before = Bench.setup().release(Release.V4_15).options(options -> options.withMaxVersion(2)).maxVersion(B, 1);
    assertThatThrownBy(before::start).hasMessageContaining(TableRule.TABLE_04.facts().when());
    startFrom(Bench.setup().release(Release.V4_16).options(options -> options.withMaxVersion(2)).maxVersion(B, 1).start());
    b.call(Struct.setVersion(2)).returns(-38, GrantRule.SETVER_03);
    a.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
  }

  @Test
  void V20_before_4_17_a_grant_frame_that_was_added_again_moved() {
    start(Release.V4_16);
    assertThat(a.memory().addGrantFrame(0, HOLE)).isZero();
    assertThat(bench.mfn(A, TABLE)).isEqualTo(-1);
    assertThat(bench.mfn(A, HOLE)).isEqualTo(bench.table(A).frame(0));
    assertThat(a.memory().addToPhysmap(MemoryAbi.SPACE_SHARED_INFO, 0, HOLE + 1)).isZero();
    assertThat(a.memory().addToPhysmap(MemoryAbi.SPACE_SHARED_INFO, 0, HOLE + 2)).isZero();
    assertThat(bench.mfn(A, HOLE + 1)).as("shared_info lies at both").isEqualTo(bench.mfn(A, HOLE + 2)).isNotEqualTo(-1);
    start(Release.V4_17);
    assertThat(a.memory().addGrantFrame(0, HOLE)).isEqualTo(-Errno.EBUSY);
    assertThat(bench.mfn(A, TABLE)).isEqualTo(bench.table(A).frame(0));
  }

  @Test
  void V21_before_4_17_an_unmap_removed_whatever_lay_at_the_host_address() {
    start(Release.V4_16);
    b.map(A, ENTRY, RW, PLACE);
    b.unmap(OWN << 12, 0).says(OKAY, GrantRule.UNMAP_12);
    assertThat(bench.mfn(B, OWN)).isEqualTo(-1);
    assertThat(f()).isEqualTo(0x0001);
    start(Release.V4_17);
    b.map(A, ENTRY, RW, PLACE);
    b.unmap(OWN << 12, 0).says(GENERAL_ERROR, GrantRule.UNMAP_08B);
    assertThat(bench.mfn(B, OWN)).isNotEqualTo(-1);
  }

  @Test
  void V22_before_4_17_transfer_answered_element_by_element_and_moved_nothing() {
    Struct page = Struct.transfer(OWN, A, ENTRY);
    Struct hole = Struct.transfer(HOLE, A, ENTRY);
    start(Release.V4_16);
    long before = bench.mfn(B, OWN);
    b.call(page).says(GENERAL_ERROR, GrantRule.TRANS_02);
    b.call(hole).says(BAD_PAGE, GrantRule.TRANS_01);
    b.batch(hole, page, hole).says(BAD_PAGE, GENERAL_ERROR, BAD_PAGE);
    assertThat(bench.mfn(B, OWN)).isEqualTo(before);
    b.raw(GnttabOp.TRANSFER, b.arguments(), 0).returns(0, GrantRule.GNT_08);
    b.raw(GnttabOp.TRANSFER, PLACE, 1).returns(-14, GrantRule.TRANS_F1);
    bench.protect(b, RAM + Bench.PAGES - 1);
    b.callAt((RAM + Bench.PAGES - 1) << 12, page).returns(-14, GrantRule.TRANS_F2);
    start(Release.V4_17);
    b.call(page).returns(-95, GrantRule.GNT_07);
    b.raw(GnttabOp.TRANSFER, b.arguments(), 0).returns(-95, GrantRule.GNT_07);
  }

  @Test
  void V22_a_transfer_can_be_preempted_between_elements() {
    Struct page = Struct.transfer(OWN, A, ENTRY);
    start(Release.V4_16);
    b.write(b.arguments(), page, page, page);
    b.vcpu().preemptAfter(1);
    b.callAt(b.arguments(), page, page, page).says(GENERAL_ERROR, GENERAL_ERROR, GENERAL_ERROR);
    assertThat(b.vcpu().preempts()).as("a preemption is still planned").isFalse();
  }

  @Test
  void V26_cache_flush_is_gone_from_x86_since_4_21_and_stays_on_arm() {
    startFrom(Bench.setup().release(Release.V4_20).profile(Profile.HVM).start());
    b.raw(GnttabOp.CACHE_FLUSH, b.arguments(), 0).returns(0, GrantRule.GNT_08);
    startFrom(Bench.setup().release(Release.V4_21).profile(Profile.HVM).start());
    b.raw(GnttabOp.CACHE_FLUSH, b.arguments(), 0).returns(-38, GrantRule.GNT_06);
    start(Release.V4_21);
    b.raw(GnttabOp.CACHE_FLUSH, b.arguments(), 0).returns(0, GrantRule.GNT_08);
  }

  @Test
  void on_x86_version_2_is_allowed_and_transfer_is_not_emulated() {
    startFrom(Bench.setup().profile(Profile.HVM).start());
    a.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
    assertThatThrownBy(() -> b.call(Struct.transfer(OWN, A, ENTRY))).isInstanceOf(NotEmulatedException.class);
    start(Release.V4_23_DEV);
    a.call(Struct.setVersion(2)).returns(-38, GrantRule.SETVER_03);
  }

  @Test
  void V31_before_4_17_a_copy_that_upgraded_a_pinned_entry_went_to_the_pinned_frame() {
    for (Release release : new Release[] {Release.V4_16, Release.V4_17}) {
      start(release);
      b.map(A, ENTRY, RO, PLACE).says(OKAY, GrantRule.MAP_14);
      a.setFrame(ENTRY, GRANTED + 1);
      b.store(OWN << 12, 8, 42);
      Answer copy = b.copy(own(OWN), grant(A, ENTRY), 8);
      if (release == Release.V4_16) {
        copy.says(OKAY, GrantRule.COPY_11);
        assertThat(a.load(GRANTED << 12, 8)).isEqualTo(42);
      } else {
        copy.says(GENERAL_ERROR, GrantRule.CLAIM_04F);
      }
      assertThat(a.load(GRANTED + 1 << 12, 8)).isZero();
      assertThat(bench.references(bench.mfn(A, GRANTED + 1))).as("references on the frame named now").isEqualTo(1);
      assertThat(f()).isEqualTo(0x0009);
    }
  }

  @Test
  void V31_a_whole_page_that_is_pinned_may_be_upgraded_after_the_entry_became_a_sub_page_one() {
    startFrom(Bench.setup().v2(A).start());
    Entry2.start(a);
    Entry2.full(a, ENTRY, 0, B, GRANTED);
    b.map(A, ENTRY, RO, PLACE).says(OKAY, GrantRule.MAP_14);
    Entry2.part(a, ENTRY, 0, B, 16, 64, GRANTED);
    b.copy(own(OWN), grant(A, ENTRY).at(256), 8).says(OKAY, GrantRule.COPY_11);
  }

  @Test
  void a_host_may_forbid_copies_through_transitive_entries() {
    startFrom(Bench.setup().v2(A).options(options -> options.withTransitive(false)).start());
    Entry2.start(a);
    Entry2.passOn(a, ENTRY, B, B, 9);
    b.copy(grant(A, ENTRY), own(OWN), 8).says(GENERAL_ERROR, GrantRule.CLAIM_T2B);
    assertThat(Entry2.status(a, ENTRY)).isZero();
  }
}
