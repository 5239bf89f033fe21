package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.NO_SPACE;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memory.HeapShortage;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** What grant operations answer when a pool of page tables or Xen's heap is exhausted (spec §6.1 P2, §3.2, §3.8, §4). */
class ScarcityTest extends OnBench {
  private static final int EINVAL = -22;

  /** Tables for everybody's RAM: one of level 2, one of level 3. */
  private static final int FOR_RAM = 2;

  private static final int FOR_GRANT_FRAMES = 2;

  /** RAM of B's that is one block of 2 MiB. */
  private static final long BLOCK = 0x60000;

  private static final long BLOCK_MFN = 0x42000;
  private static final int BLOCK_PAGES = 0x200;

  private void startWithPool(long pages) {
    startFrom(Bench.setup().pool(B, pages).start());
    b.domain().ownRam(BLOCK, BLOCK_MFN, BLOCK_PAGES);
  }

  private void plan(long pages, long refused) {
    bench.machine().world().memory().shortage().plan(pages, refused);
  }

  @Test
  void a_map_for_which_the_pool_has_no_table_fails_and_leaves_no_pin() {
    startWithPool(FOR_RAM);
    b.map(A, 8, RW, PLACE).says(GENERAL_ERROR, GrantRule.MAP_13C);
    assertThat(bench.readPins(A, 8)).isZero();
    assertThat(f()).isEqualTo(1);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.HOLE);
    assertThat(bench.references(bench.mfn(A, Bench.GRANTED))).isEqualTo(1);
  }

  @Test
  void a_map_beside_another_takes_no_table() {
    startWithPool(FOR_RAM + 1);
    b.map(A, 8, RO, PLACE).says(OKAY, GrantRule.MAP_14);
    b.map(A, 8, RO, PLACE + 0x1ff000).says(OKAY, GrantRule.MAP_14);
    b.map(A, 8, RO, PLACE + 0x200000).says(GENERAL_ERROR, GrantRule.MAP_13C);
    b.unmap(PLACE, 0).says(OKAY, GrantRule.UNMAP_11);
    b.unmap(PLACE + 0x1ff000, 1).says(OKAY, GrantRule.UNMAP_11);
    b.map(A, 8, RO, PLACE + 0x200000).says(GENERAL_ERROR, GrantRule.MAP_13C);
  }

  @Test
  void a_map_over_a_page_of_a_block_of_RAM_needs_a_table_to_split_it() {
    startWithPool(FOR_RAM);
    b.map(A, 8, RW, BLOCK + 5 << 12).says(GENERAL_ERROR, GrantRule.MAP_13D);
    assertThat(bench.mfn(B, BLOCK + 5)).isEqualTo(BLOCK_MFN + 5);
    startWithPool(FOR_RAM + 1);
    b.map(A, 8, RW, BLOCK + 5 << 12).says(OKAY, GrantRule.MAP_14);
    assertThat(bench.mfn(B, BLOCK + 6)).isEqualTo(BLOCK_MFN + 6);
  }

  @Test
  void an_unmap_that_would_have_to_split_a_block_fails_and_the_mapping_stays() {
    startWithPool(FOR_RAM + FOR_GRANT_FRAMES + 1);
    b.memory().addGrantFrame(0, TABLE);
    b.grant(9, B, BLOCK + 5);
    b.map(B, 9, RO, PLACE).says(OKAY, GrantRule.MAP_14);
    b.unmap(BLOCK + 5 << 12, 0).says(GENERAL_ERROR, GrantRule.UNMAP_08E);
    assertThat(bench.mfn(B, BLOCK + 5)).isEqualTo(BLOCK_MFN + 5);
    b.unmap(PLACE, 0).says(OKAY, GrantRule.UNMAP_11);
  }

  @Test
  void setup_table_fails_when_Xen_has_no_page_and_takes_back_those_that_it_got() {
    plan(3, HeapShortage.FOR_EVER);
    b.call(Struct.setupTable(DomId.SELF, 5, b.arguments() + 0x800)).says(GENERAL_ERROR, GrantRule.SETUP_04);
    assertThat(bench.table(B).frameCount()).isEqualTo(1);
    plan(0, 0);
    b.call(Struct.setupTable(DomId.SELF, 5, b.arguments() + 0x800)).says(OKAY, GrantRule.SETUP_06);
  }

  @Test
  void add_to_physmap_of_a_frame_for_which_Xen_has_no_page_is_invalid() {
    plan(0, 1);
    assertThat(b.memory().addGrantFrame(1, TABLE)).isEqualTo(EINVAL);
    assertThat(bench.table(B).frameCount()).isEqualTo(1);
    assertThat(b.memory().addGrantFrame(1, TABLE)).as("the shortage is over").isZero();
  }

  @Test
  void set_version_needs_pages_for_status_frames() {
    startFrom(Bench.setup().v2(A).start());
    plan(0, 1);
    a.call(Struct.setVersion(2)).returns(-12, GrantRule.SETVER_06);
    assertThat(bench.table(A).version()).isEqualTo(1);
    a.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
  }

  @Test
  void a_map_without_a_page_for_handles_has_no_space() {
    plan(0, 1);
    b.map(A, 8, RO, PLACE).says(NO_SPACE, GrantRule.MAP_05);
    b.map(A, 8, RO, PLACE).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void a_vCPU_without_a_page_for_handles_takes_those_of_another() {
    startFrom(Bench.setup().vcpus(B, 2).start());
    b.map(A, 8, RO, PLACE).says(OKAY, GrantRule.MAP_14);
    plan(0, HeapShortage.FOR_EVER);
    bench.guest(B, 1).map(A, 8, RO, PLACE + 0x1000).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void acquire_resource_gives_a_control_domain_the_frames_of_another_s_table() {
    startFrom(Bench.setup().control(B).start());
    assertThat(b.memory().acquireGrantFrames(A, 0, HOLE)).isZero();
    assertThat(bench.mfn(B, HOLE)).isEqualTo(bench.mfn(A, TABLE));
    assertThat(b.load(PLACE + 8 * 8, 2)).as("the flags of entry 8").isEqualTo(1);
    assertThat(b.memory().acquireGrantFrames(A, 2, HOLE + 1)).isZero();
    assertThat(bench.table(A).frameCount()).as("it grew").isEqualTo(3);
    assertThat(b.memory().acquireGrantFrames(A, 64, HOLE + 2)).isEqualTo(EINVAL);
    plan(0, 1);
    assertThat(b.memory().acquireGrantFrames(A, 3, HOLE + 2)).isEqualTo(EINVAL);
    assertThat(bench.table(A).frameCount()).isEqualTo(3);
  }
}
