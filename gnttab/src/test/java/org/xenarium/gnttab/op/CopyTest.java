package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_COPY_ARG;
import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_GNTREF;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.abi.GntStatus.PERMISSION_DENIED;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.NOBODY;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.End.frameOf;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.gnttab.abi.CopyLayout;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.End;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantOptions.Copying;

/** copy, the checks of an element and its effects (spec §3.5.1, §3.5.2). */
class CopyTest extends OnBench {
  @Test
  void no_bytes_are_always_copied() {
    b.copy(frameOf(NOBODY, HOLE).at(5000), grant(NOBODY, 512).at(5000), 0).says(OKAY, GrantRule.COPY_01);
  }

  @Test
  void V25_before_4_19_no_bytes_were_checked_like_any() {
    startFrom(Bench.setup().release(Release.V4_18).start());
    b.copy(frameOf(A, GRANTED), own(OWN), 0).says(PERMISSION_DENIED, GrantRule.COPY_02);
    b.copy(grant(A, 512), own(OWN), 0).says(BAD_GNTREF, GrantRule.CLAIM_01);
    b.copy(grant(A, 8), own(OWN), 0).says(OKAY, GrantRule.COPY_11);
  }

  @Test
  void what_a_copy_within_a_page_leaves_depends_on_the_hosts_routine_where_the_ranges_overlap() {
    for (Copying copying : Copying.values()) {
      startFrom(Bench.setup().options(options -> options.withCopying(copying)).start());
      for (int i = 0; i < 256; i++) {
        b.store((OWN << 12) + i, 1, i);
      }
      b.copy(own(OWN), own(OWN).at(8), 200).says(OKAY, GrantRule.COPY_11);
      long at = (OWN << 12) + 8;
      assertThat(b.load(at + 191, 1)).isEqualTo(191);
      assertThat(b.load(at + 192, 1)).as("of a source that was stored to before").isEqualTo(copying == Copying.ARM64 ? 184 : 192);
      assertThat(b.load(at + 199, 1)).isEqualTo(copying == Copying.ARM64 ? 191 : 199);
    }
  }

  @Test
  void frame_numbers_go_with_domid_self_only() {
    for (int domid : new int[] {A, B, NOBODY, DomId.IO, DomId.INVALID}) {
      b.copy(frameOf(domid, OWN), own(OWN + 1), 16).says(PERMISSION_DENIED, GrantRule.COPY_02);
      b.copy(own(OWN + 1), frameOf(domid, OWN), 16).says(PERMISSION_DENIED, GrantRule.COPY_02);
    }
  }

  @Test
  void domains_must_be_listed() {
    for (int domid : new int[] {NOBODY, DomId.IO, DomId.XEN, DomId.COW, DomId.INVALID}) {
      b.copy(grant(domid, 8), own(OWN), 16).says(BAD_DOMAIN, GrantRule.COPY_03);
      b.copy(own(OWN), grant(domid, 8), 16).says(BAD_DOMAIN, GrantRule.COPY_03);
    }
  }

  @Test
  void domid_self_and_the_own_number_both_name_the_own_table() {
    b.memory().addGrantFrame(0, Bench.TABLE);
    b.grant(8, B, GRANTED);
    b.copy(grant(DomId.SELF, 8), own(OWN), 16).says(OKAY, GrantRule.COPY_11);
    b.copy(grant(B, 8), own(OWN), 16).says(OKAY, GrantRule.COPY_11);
  }

  @Test
  void silo_compares_the_two_domains_of_the_element_and_not_the_caller() {
    startFrom(Bench.setup().policy(SecurityPolicy.SILO).third().control(C).start());
    a.grant(9, B, GRANTED + 1);
    b.copy(grant(A, 8), own(OWN), 16).says(PERMISSION_DENIED, GrantRule.COPY_05);
    b.copy(own(OWN), grant(A, 8), 16).says(PERMISSION_DENIED, GrantRule.COPY_05);
    b.copy(grant(A, 8), grant(A, 9), 16).says(OKAY, GrantRule.COPY_11);
    b.copy(own(OWN), own(OWN + 1), 16).says(OKAY, GrantRule.COPY_11);
    a.grant(8, C, GRANTED);
    bench.c().copy(grant(A, 8), own(OWN), 16).says(OKAY, GrantRule.COPY_11);
    bench.c().memory().addGrantFrame(0, Bench.TABLE);
    bench.c().grant(8, B, GRANTED);
    b.copy(own(OWN), grant(C, 8), 16).says(OKAY, GrantRule.COPY_11);
  }

  @Test
  void an_own_frame_must_be_an_own_page() {
    b.copy(own(HOLE), own(OWN), 16).says(BAD_PAGE, GrantRule.COPY_06);
    b.copy(own(OWN), own(-1), 16).says(BAD_PAGE, GrantRule.COPY_06);
    b.map(A, 8, RW, PLACE);
    b.copy(own(OWN), own(HOLE), 16).says(BAD_PAGE, GrantRule.COPY_06);
  }

  @Test
  void an_own_page_may_be_readonly_or_lent_or_seen_through_an_own_grant() {
    bench.protect(b, OWN);
    b.copy(own(OWN + 1), own(OWN), 16).says(OKAY, GrantRule.COPY_11);
    b.memory().addGrantFrame(0, Bench.TABLE);
    b.copy(own(Bench.TABLE), own(OWN + 1), 16).says(OKAY, GrantRule.COPY_11);
    b.grant(8, B, OWN);
    b.map(B, 8, RW, PLACE);
    b.copy(own(HOLE), own(OWN + 1), 16).says(OKAY, GrantRule.COPY_11);
  }

  @Test
  void neither_range_may_leave_its_page() {
    b.copy(own(OWN).at(4080), own(OWN + 1), 17).says(BAD_COPY_ARG, GrantRule.COPY_08);
    b.copy(own(OWN), own(OWN + 1).at(4080), 17).says(BAD_COPY_ARG, GrantRule.COPY_08);
    b.copy(own(OWN).at(0xffff), own(OWN + 1), 1).says(BAD_COPY_ARG, GrantRule.COPY_08);
    b.copy(own(OWN), own(OWN + 1), 4097).says(BAD_COPY_ARG, GrantRule.COPY_08);
    b.copy(own(OWN), own(OWN + 1), 4096).says(OKAY, GrantRule.COPY_11);
    b.copy(own(OWN).at(4080), own(OWN + 1).at(4080), 16).says(OKAY, GrantRule.COPY_11);
  }

  @Test
  void exactly_the_named_bytes_are_copied() {
    bench.poke(a.domain(), GRANTED << 12, Bench.page(0x11));
    bench.poke(b.domain(), OWN << 12, Bench.page(0x22));
    b.copy(grant(A, 8).at(100), own(OWN).at(200), 1000).says(OKAY, GrantRule.COPY_11);
    byte[] expected = Bench.page(0x22);
    System.arraycopy(Bench.page(0x11), 0, expected, 200, 1000);
    assertThat(bench.peek(b.domain(), OWN << 12, 4096)).isEqualTo(expected);
    assertThat(bench.peek(a.domain(), GRANTED << 12, 4096)).isEqualTo(Bench.page(0x11));
  }

  @Test
  void a_copy_can_go_from_one_domain_to_another_without_touching_the_caller() {
    a.grant(9, B, GRANTED + 1);
    a.store((GRANTED << 12) + 8, 8, 42);
    b.copy(grant(A, 8).at(8), grant(A, 9).at(16), 8).says(OKAY, GrantRule.COPY_11);
    assertThat(a.load((GRANTED + 1 << 12) + 16, 8)).isEqualTo(42);
  }

  @Test
  void only_the_status_is_written_back_and_unknown_flag_bits_are_ignored() {
    Struct struct = Struct.copy(own(OWN), own(OWN + 1), 16).setShort(CopyLayout.FLAGS, 0xfffc);
    assertThat(b.call(struct).says(OKAY, GrantRule.COPY_11).bytes()).isEqualTo(struct.setShort(CopyLayout.STATUS, OKAY).bytes());
  }

  @Test
  void the_high_half_of_the_word_of_a_reference_does_not_count() {
    End source = new End(true, A, 0xdead_beef_0000_0008L, 0);
    b.copy(source, own(OWN), 16).says(OKAY, GrantRule.COPY_11);
  }

  @Test
  void the_first_check_that_fails_answers() {
    startFrom(Bench.setup().policy(SecurityPolicy.SILO).start());
    b.copy(frameOf(NOBODY, HOLE), grant(NOBODY, 512), 5000).says(PERMISSION_DENIED, GrantRule.COPY_02);
    b.copy(grant(NOBODY, 512), frameOf(NOBODY, HOLE), 5000).says(BAD_DOMAIN, GrantRule.COPY_03);
    b.copy(grant(A, 512), frameOf(NOBODY, HOLE), 5000).says(PERMISSION_DENIED, GrantRule.COPY_02);
    b.copy(grant(A, 512), grant(NOBODY, 512), 5000).says(BAD_DOMAIN, GrantRule.COPY_03);
    b.copy(grant(A, 512), own(HOLE), 5000).says(PERMISSION_DENIED, GrantRule.COPY_05);
    startFrom(Bench.start());
    b.copy(grant(A, 512), own(HOLE), 5000).says(BAD_GNTREF, GrantRule.CLAIM_01);
    b.copy(grant(A, 8), own(HOLE), 5000).says(BAD_PAGE, GrantRule.COPY_06);
    b.copy(grant(A, 8), own(OWN), 5000).says(BAD_COPY_ARG, GrantRule.COPY_08);
  }

  @Test
  void V34_in_4_17_both_domains_were_looked_up_before_a_frame_number_was_refused() {
    startFrom(Bench.setup().policy(SecurityPolicy.SILO).release(Release.V4_17).start());
    b.copy(frameOf(NOBODY, HOLE), own(HOLE), 16).says(BAD_DOMAIN, GrantRule.COPY_03);
    b.copy(frameOf(A, HOLE), grant(NOBODY, 512), 16).says(BAD_DOMAIN, GrantRule.COPY_03);
    b.copy(frameOf(A, HOLE), own(OWN), 16).says(PERMISSION_DENIED, GrantRule.COPY_05);
    startFrom(Bench.setup().release(Release.V4_17).start());
    b.copy(frameOf(A, HOLE), own(HOLE), 16).says(PERMISSION_DENIED, GrantRule.COPY_02);
    b.copy(grant(A, 512), frameOf(A, HOLE), 16).says(BAD_GNTREF, GrantRule.CLAIM_01);
    b.copy(grant(A, 8), frameOf(A, HOLE), 16).says(PERMISSION_DENIED, GrantRule.COPY_02);
    assertThat(f()).isEqualTo(0x0001);
  }
}
