package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_GNTREF;
import static org.xenarium.gnttab.abi.GntStatus.EAGAIN;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.PLACE;

import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** swap_grant_ref, check by check (spec §3.9). */
class SwapTest extends OnBench {
  private static final long ENTRIES = 0x3800_0000L;

  @Test
  void both_references_must_lie_in_the_own_table() {
    a.swap(512, 512).says(BAD_GNTREF, GrantRule.SWAP_01A);
    a.swap(-1, 8).says(BAD_GNTREF, GrantRule.SWAP_01A);
    a.swap(8, 512).says(BAD_GNTREF, GrantRule.SWAP_01B);
  }

  @Test
  void a_pinned_entry_can_be_swapped_with_itself_only() {
    a.grant(9, B, GRANTED);
    b.map(A, 9, RO, PLACE);
    a.swap(9, 9).says(OKAY, GrantRule.SWAP_02);
    a.swap(9, 8).says(EAGAIN, GrantRule.SWAP_03A);
    a.swap(8, 9).says(EAGAIN, GrantRule.SWAP_03B);
    b.map(A, 8, RO, PLACE);
    a.swap(8, 9).says(EAGAIN, GrantRule.SWAP_03A);
  }

  @Test
  void the_whole_entries_change_places_whatever_they_say() {
    a.entry(0, 0xabcd, 0x1234, 0x56789abcL);
    a.entry(511, 0, 0xffff, 0);
    a.swap(0, 511).says(OKAY, GrantRule.SWAP_04);
    assertThat(a.load(ENTRIES, 8)).isEqualTo(0xffff_0000L);
    assertThat(a.load(ENTRIES + 511 * 8, 8)).isEqualTo(0x56789abc_1234_abcdL);
  }

  @Test
  void a_swapped_entry_can_be_mapped_at_its_new_place() {
    a.swap(8, 20).says(OKAY, GrantRule.SWAP_04);
    b.map(A, 8, RW, PLACE).says(-1, GrantRule.MAP_08A);
    b.map(A, 20, RW, PLACE).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void each_element_of_a_batch_has_its_status() {
    a.batch(Struct.swap(8, 9), Struct.swap(8, 512), Struct.swap(9, 8), Struct.swap(9, 9)).says(0, -3, 0, 0);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  void references_are_checked_before_equality_and_equality_before_pins() {
    a.swap(600, 600).says(BAD_GNTREF, GrantRule.SWAP_01A);
    b.map(A, 8, RO, PLACE);
    a.swap(8, 600).says(BAD_GNTREF, GrantRule.SWAP_01B);
  }
}
