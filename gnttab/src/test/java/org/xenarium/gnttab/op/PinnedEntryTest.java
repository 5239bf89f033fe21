package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.rule.GrantRule;

/** Pinned entries are not looked at again: the table of spec §3.7. */
class PinnedEntryTest extends OnBench {
  private static final long OTHER = GRANTED + 1;

  private Answer map(int flags, int place) {
    return b.map(A, 8, flags, place(place)).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void after_the_flags_are_zeroed_another_readonly_map_gets_the_old_frame() {
    map(RO, 0);
    a.setFlags(8, 0);
    assertThat(map(RO, 1).dev()).isEqualTo(bench.dev(A, GRANTED));
    assertThat(f()).as("the shared entry is not even marked").isZero();
  }

  @Test
  void after_the_frame_is_changed_further_maps_of_either_kind_get_the_old_one() {
    map(RO, 0);
    a.setFrame(8, OTHER);
    assertThat(map(RO, 1).dev()).isEqualTo(bench.dev(A, GRANTED));
    assertThat(map(RW, 2).dev()).isEqualTo(bench.dev(A, GRANTED));
  }

  @Test
  void after_the_frame_is_changed_a_copy_that_needs_an_upgrade_fails() {
    map(RO, 0);
    a.setFrame(8, OTHER);
    long other = bench.references(bench.mfn(A, OTHER));
    b.copy(own(OWN), grant(A, 8), 16).says(GENERAL_ERROR, GrantRule.CLAIM_04F);
    assertThat(f()).isEqualTo(0x0009);
    assertThat(bench.writePins(A, 8)).isZero();
    assertThat(bench.references(bench.mfn(A, OTHER))).isEqualTo(other);
  }

  @Test
  void after_the_frame_is_changed_to_a_hole_a_copy_that_needs_an_upgrade_finds_a_bad_page() {
    map(RO, 0);
    a.setFrame(8, HOLE);
    b.copy(own(OWN), grant(A, 8), 16).says(BAD_PAGE, GrantRule.CLAIM_04E);
    assertThat(f()).isEqualTo(0x0009);
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
  }

  @Test
  void after_the_entry_is_zeroed_a_writable_map_still_succeeds_and_marks_an_entry_of_no_type() {
    map(RO, 0);
    a.entry(8, 0, 0, 0);
    map(RW, 1);
    assertThat(f()).isEqualTo(0x0018);
  }

  @Test
  void a_readonly_bit_does_not_stop_a_further_writable_map() {
    map(RW, 0);
    a.setFlags(8, 0x001d);
    map(RW, 1);
    assertThat(bench.writePins(A, 8)).isEqualTo(2);
  }

  @Test
  void after_the_domid_is_changed_the_new_domain_is_refused_and_the_old_one_is_not() {
    startFrom(Bench.setup().third().start());
    map(RW, 0);
    a.setDomid(8, C);
    bench.c().map(A, 8, RO, place(0)).says(GENERAL_ERROR, GrantRule.MAP_07A);
    bench.c().copy(grant(A, 8), own(OWN), 8).says(GENERAL_ERROR, GrantRule.CLAIM_02A);
    map(RW, 1);
  }

  @Test
  void a_copy_from_a_pinned_entry_ignores_what_the_entry_says_now() {
    map(RO, 0);
    a.store(GRANTED << 12, 8, 0x0102030405060708L);
    a.entry(8, 0, 0, HOLE);
    b.copy(grant(A, 8), own(OWN), 8).says(OKAY, GrantRule.COPY_11);
    assertThat(b.load(OWN << 12, 8)).isEqualTo(0x0102030405060708L);
  }

  @Test
  void the_table_may_grow_under_a_pin() {
    map(RW, 0);
    a.memory().addGrantFrame(3, Bench.TABLE + 1);
    assertThat(bench.table(A).frameCount()).isEqualTo(4);
    assertThat(f()).isEqualTo(0x0019);
    map(RW, 1);
    b.unmap(place(0), 0).says(OKAY, GrantRule.UNMAP_11);
    b.unmap(place(1), 1).says(OKAY, GrantRule.UNMAP_11);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  void once_unpinned_the_entry_decides_again() {
    map(RO, 0);
    a.entry(8, 1, B, OTHER);
    b.unmap(place(0), 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(map(RO, 0).dev()).isEqualTo(bench.dev(A, OTHER));
  }
}
