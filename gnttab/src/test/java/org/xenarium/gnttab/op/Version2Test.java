package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_VIRT_ADDR;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.NOBODY;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Shutdown;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.End;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** Grant table version 2 where it is allowed: changes of version, status words, sub-page and transitive copies (spec §3.3.2, §3.5.4, §4). */
class Version2Test extends OnBench {
  private static final int PERMIT = 1;
  private static final int TRANSITIVE = 3;
  private static final int READONLY = 4;
  private static final int SUB_PAGE = 0x100;

  /** Index of add_to_physmap that names the first status frame. */
  private static final int STATUS_FRAME = 1 << 31;

  private static final long STATUS_GFN = TABLE + 0x100;

  @BeforeEach
  void version_2_is_allowed() {
    startFrom(Bench.setup().third().v2(A).v2(C).vcpus(B, 2).start());
  }

  private void toVersion2() {
    a.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
  }

  /** Writes a version 2 entry of A: the word at 4 first, then the one at 8, then the header. */
  private void entry(int ref, int flags, int domid, int word4, long word8) {
    long at = (TABLE << 12) + 16L * ref;
    a.store(at + 4, 4, word4);
    a.store(at + 8, 8, word8);
    a.store(at, 4, flags | (domid << 16));
  }

  private static int window(int offset, int length) {
    return offset | (length << 16);
  }

  private int status(int ref) {
    return (int) a.load((STATUS_GFN << 12) + 2L * ref, 2);
  }

  private End from(int offset) {
    return grant(A, 8).at(offset);
  }

  @Test
  void set_version_keeps_reserved_entries_and_clears_all_others() {
    a.entry(3, PERMIT, B, GRANTED);
    b.map(A, 3, RO, PLACE);
    toVersion2();
    a.memory().addGrantFrame(STATUS_FRAME, STATUS_GFN);
    assertThat(a.load((TABLE << 12) + 16 * 3, 4)).isEqualTo(PERMIT | (B << 16));
    assertThat(a.load((TABLE << 12) + 16 * 3 + 8, 8)).isEqualTo(GRANTED);
    assertThat(status(3)).isEqualTo(8);
    assertThat(a.load((TABLE << 12) + 16 * 8, 8)).isZero();
    a.call(Struct.setVersion(1)).returns(0, GrantRule.SETVER_10);
    assertThat(a.flags(3)).isEqualTo(PERMIT | 8);
    assertThat(bench.readPins(A, 3)).isEqualTo(1);
  }

  @Test
  void SETVER_10_what_version_1_had_in_an_entry_is_in_none_of_version_2() {
    a.entry(40, PERMIT, B, GRANTED);
    toVersion2();
    assertThat(a.load((TABLE << 12) + 8 * 40, 8)).isZero();
  }

  @Test
  void SETVER_10_status_frames_go_back_to_the_host() {
    long before = usedFrames();
    toVersion2();
    assertThat(usedFrames()).isEqualTo(before + 1);
    a.call(Struct.setVersion(1)).returns(0, GrantRule.SETVER_10);
    assertThat(usedFrames()).isEqualTo(before);
  }

  private long usedFrames() {
    MachineMemory memory = bench.machine().world().memory();
    long count = 0;
    for (long mfn = memory.nextUsed(memory.firstMfn()); mfn != Mfn.NONE; mfn = memory.nextUsed(mfn + 1)) {
      count++;
    }
    return count;
  }

  /** A status frame has the words of eight frames of entries. */
  @Test
  void the_second_status_frame_comes_with_the_ninth_to_the_sixteenth_frame_of_entries() {
    toVersion2();
    assertThat(a.memory().addGrantFrame(STATUS_FRAME | 1, STATUS_GFN)).isZero();
    assertThat(bench.table(A).frameCount()).isEqualTo(16);
    assertThat(bench.table(A).statusFrameCount()).isEqualTo(2);
  }

  @Test
  void a_status_frame_beyond_the_table_is_refused_and_the_table_does_not_grow() {
    toVersion2();
    assertThat(bench.table(A).maxFrames()).isEqualTo(64);
    assertThat(a.memory().addGrantFrame(STATUS_FRAME | 8, STATUS_GFN)).isNegative();
    assertThat(bench.table(A).frameCount()).isEqualTo(1);
    assertThat(a.memory().addGrantFrame(STATUS_FRAME | 7, STATUS_GFN)).isZero();
    assertThat(bench.table(A).frameCount()).isEqualTo(64);
  }

  @Test
  void a_ninth_frame_of_entries_brings_a_second_status_frame() {
    toVersion2();
    a.memory().addGrantFrame(7, STATUS_GFN);
    assertThat(bench.table(A).statusFrameCount()).isEqualTo(1);
    a.memory().addGrantFrame(8, STATUS_GFN + 1);
    assertThat(bench.table(A).statusFrameCount()).isEqualTo(2);
  }

  @Test
  void resources_of_status_frames_are_those_of_the_table_in_version_2_alone() {
    assertThat(bench.table(A).acquire(1, 0, 1)).as("version 1").isEmpty();
    toVersion2();
    long[] both = bench.table(A).acquire(1, 0, 2);
    assertThat(both).containsExactly(bench.table(A).statusFrame(0), bench.table(A).statusFrame(1));
    assertThat(bench.table(A).acquire(1, 1, 1)).containsExactly(both[1]);
    assertThat(bench.table(A).acquire(1, 8, 1)).as("beyond the table").isEmpty();
    assertThat(bench.table(A).acquire(1, 0, 0)).as("no frames").isEmpty();
    assertThat(bench.table(A).acquire(0, 63, 1)).as("the last frame of entries").hasSize(1);
    assertThat(bench.table(A).acquire(0, 64, 1)).as("one beyond").isEmpty();
  }

  @Test
  void set_version_is_refused_while_an_entry_that_is_not_reserved_is_pinned() {
    b.map(A, 8, RO, PLACE);
    a.call(Struct.setVersion(2)).returns(-16, GrantRule.SETVER_05);
  }

  @Test
  void set_version_needs_memory_for_status_frames() {
    while (bench.machine().world().memory().hasFree(1)) {
      bench.machine().domain(B).allocateRam();
    }
    a.call(Struct.setVersion(2)).returns(-12, GrantRule.SETVER_06);
    assertThat(bench.table(A).version()).isEqualTo(1);
  }

  @Test
  void set_version_1_is_refused_while_a_reserved_entry_cannot_be_expressed() {
    toVersion2();
    entry(2, TRANSITIVE, B, C, 8);
    a.call(Struct.setVersion(1)).returns(-34, GrantRule.SETVER_08);
    entry(2, PERMIT, B, 0, 1L << 32);
    a.call(Struct.setVersion(1)).returns(-34, GrantRule.SETVER_08);
    assertThat(bench.table(A).version()).isEqualTo(2);
  }

  @Test
  void a_status_frame_that_is_still_referenced_crashes_the_domain() {
    toVersion2();
    a.memory().addGrantFrame(STATUS_FRAME, STATUS_GFN);
    entry(3, PERMIT, B, 0, STATUS_GFN);
    b.map(A, 3, RO, PLACE).says(OKAY, GrantRule.MAP_14);
    a.call(Struct.setVersion(1)).returns(-16, GrantRule.SETVER_09A);
    assertThat(a.domain().shutdownReason()).isEqualTo(Shutdown.CRASH);
    assertThat(a.domain().mayRun()).isFalse();
    assertThat(bench.isListed(A)).isTrue();
  }

  @Test
  void a_status_frame_whose_place_another_frame_has_taken_crashes_the_domain() {
    toVersion2();
    a.memory().addGrantFrame(STATUS_FRAME, STATUS_GFN);
    entry(3, PERMIT, A, 0, STATUS_GFN);
    a.map(A, 3, RO, STATUS_GFN << 12).says(OKAY, GrantRule.MAP_14);
    a.unmap(STATUS_GFN << 12, 0).says(OKAY, GrantRule.UNMAP_11);
    a.memory().addGrantFrame(1, STATUS_GFN);
    a.call(Struct.setVersion(1)).returns(-84, GrantRule.SETVER_09B);
    assertThat(a.domain().shutdownReason()).isEqualTo(Shutdown.CRASH);
  }

  @Test
  void status_frames_are_listed_and_a_list_that_cannot_be_written_is_a_status() {
    toVersion2();
    a.memory().addGrantFrame(STATUS_FRAME, STATUS_GFN);
    long list = a.arguments() + 0x800;
    a.call(Struct.statusFrames(DomId.SELF, 1, list)).says(OKAY, GrantRule.STATUS_04);
    assertThat(a.load(list, 8)).isEqualTo(STATUS_GFN);
    a.call(Struct.statusFrames(DomId.SELF, 1, PLACE)).says(BAD_VIRT_ADDR, GrantRule.STATUS_05);
    a.call(Struct.statusFrames(DomId.SELF, 2, list)).says(GENERAL_ERROR, GrantRule.STATUS_03);
  }

  @Test
  void a_map_marks_the_status_word_and_leaves_the_header_alone() {
    toVersion2();
    a.memory().addGrantFrame(STATUS_FRAME, STATUS_GFN);
    entry(8, PERMIT, B, 0, GRANTED);
    b.map(A, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    assertThat(status(8)).isEqualTo(0x18);
    assertThat(a.load((TABLE << 12) + 16 * 8, 2)).isEqualTo(PERMIT);
    b.unmap(PLACE, 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(status(8)).isZero();
  }

  @Test
  void an_entry_that_changes_while_it_is_marked_fails_and_the_mark_is_taken_back() {
    toVersion2();
    a.memory().addGrantFrame(STATUS_FRAME, STATUS_GFN);
    entry(8, PERMIT, B, 0, GRANTED);
    Struct map = Struct.map(A, 8, RW, PLACE);
    b.issue(map);
    b.stepTo("RECHECK");
    assertThat(status(8)).isEqualTo(0x18);
    a.store((TABLE << 12) + 16 * 8, 2, PERMIT | READONLY);
    b.finish();
    b.reply(map).get(0).says(GENERAL_ERROR, GrantRule.MAP_08E);
    assertThat(status(8)).isZero();

    bench.forgetDecisions();
    Struct copy = Struct.copy(from(0), own(OWN), 16);
    entry(8, PERMIT, B, 0, GRANTED);
    b.issue(copy);
    while (status(8) == 0) {
      b.step();
    }
    a.store((TABLE << 12) + 16 * 8, 2, 0);
    b.finish();
    b.reply(copy).get(0).says(GENERAL_ERROR, GrantRule.CLAIM_04G);
    assertThat(status(8)).isZero();
  }

  @Test
  void a_sub_page_grant_spans_its_window_only_and_blocks_maps_while_pinned() {
    toVersion2();
    entry(8, PERMIT | SUB_PAGE, B, window(64, 128), GRANTED);
    a.store((GRANTED << 12) + 64, 8, 0x1122334455667788L);
    b.copy(from(64), own(OWN), 128).says(OKAY, GrantRule.COPY_11);
    assertThat(b.load(OWN << 12, 8)).isEqualTo(0x1122334455667788L);
    b.copy(from(63), own(OWN), 8).says(GENERAL_ERROR, GrantRule.COPY_09);
    b.copy(from(64), own(OWN), 129).says(GENERAL_ERROR, GrantRule.COPY_09);
    b.copy(own(OWN), from(190), 4).says(GENERAL_ERROR, GrantRule.COPY_10);

    Struct copy = Struct.copy(from(64), own(OWN), 8);
    b.issue(copy);
    b.stepTo("COPY_OUT");
    a.store((TABLE << 12) + 16 * 8, 2, PERMIT);
    bench.guest(B, 1).map(A, 8, RO, PLACE).says(GENERAL_ERROR, GrantRule.MAP_07C);
    b.finish();
  }

  @Test
  void a_transitive_grant_passes_on_another_domain_s_and_both_are_pinned() {
    toVersion2();
    bench.c().memory().addGrantFrame(0, TABLE);
    bench.c().grant(9, A, GRANTED);
    bench.c().store(GRANTED << 12, 8, 77);
    entry(8, TRANSITIVE, B, C, 9);
    Struct copy = Struct.copy(from(0), own(OWN), 8);
    b.issue(copy);
    b.stepTo("COPY_OUT");
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
    assertThat(bench.readPins(C, 9)).isEqualTo(1);
    b.finish();
    b.reply(copy).get(0).says(OKAY, GrantRule.COPY_11);
    assertThat(b.load(OWN << 12, 8)).isEqualTo(77);
    assertThat(bench.pins()).isEmpty();
  }

  @Test
  void a_transitive_grant_goes_one_hop_to_another_domain_that_exists() {
    toVersion2();
    entry(8, TRANSITIVE, B, A, 9);
    b.copy(from(0), own(OWN), 8).says(GENERAL_ERROR, GrantRule.CLAIM_T3);
    entry(8, TRANSITIVE, B, NOBODY, 9);
    b.copy(from(0), own(OWN), 8).says(GENERAL_ERROR, GrantRule.CLAIM_T4);

    bench.c().memory().addGrantFrame(0, TABLE);
    bench.c().call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
    bench.c().store((TABLE << 12) + 16 * 9 + 4, 2, B);
    bench.c().store((TABLE << 12) + 16 * 9, 4, TRANSITIVE | (A << 16));
    entry(8, TRANSITIVE, B, C, 9);
    b.copy(from(0), own(OWN), 8).says(GENERAL_ERROR, GrantRule.CLAIM_T2);
    assertThat(bench.pins()).isEmpty();
  }
}
