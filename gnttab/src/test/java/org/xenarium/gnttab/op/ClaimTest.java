package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_GNTREF;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.NOBODY;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.rule.GrantRule;

/** The acquire step of a copy by reference, check by check (spec §3.5.3). */
class ClaimTest extends OnBench {
  private Answer read() {
    return b.copy(grant(A, 8), own(OWN), 16);
  }

  private Answer write() {
    return b.copy(own(OWN), grant(A, 8), 16);
  }

  @Test
  void the_reference_must_lie_in_the_table() {
    b.copy(grant(A, 512), own(OWN), 16).says(BAD_GNTREF, GrantRule.CLAIM_01);
    b.copy(own(OWN), grant(A, -1), 16).says(BAD_GNTREF, GrantRule.CLAIM_01);
  }

  @Test
  void an_entry_pinned_for_another_domain_is_refused() {
    startFrom(Bench.setup().third().start());
    a.setDomid(8, C);
    bench.c().map(A, 8, RO, PLACE);
    a.setDomid(8, B);
    read().says(GENERAL_ERROR, GrantRule.CLAIM_02A);
  }

  @Test
  void a_full_counter_is_refused_and_the_other_one_is_not() {
    for (int i = 0; i < 128; i++) {
      b.map(A, 8, RO, place(i));
    }
    read().says(GENERAL_ERROR, GrantRule.CLAIM_02B);
    write().says(OKAY, GrantRule.COPY_11);
    assertThat(bench.readPins(A, 8)).isEqualTo(128);
    assertThat(f()).isEqualTo(0x0009);
  }

  @Test
  void the_type_must_be_permit_access() {
    for (int flags : new int[] {0x0000, 0x0002, 0x0003}) {
      a.setFlags(8, flags);
      read().says(GENERAL_ERROR, GrantRule.CLAIM_04A);
      assertThat(f()).isEqualTo(flags);
    }
  }

  @Test
  void a_sub_page_entry_of_version_1_can_be_copied_although_it_cannot_be_mapped() {
    a.setFlags(8, 0x0101);
    read().says(OKAY, GrantRule.COPY_11);
    assertThat(f()).isEqualTo(0x0101);
    b.map(A, 8, RO, PLACE).says(GENERAL_ERROR, GrantRule.MAP_08A);
  }

  @Test
  void the_entry_must_name_the_caller_by_its_number() {
    for (int domid : new int[] {A, C, NOBODY, DomId.SELF}) {
      a.setDomid(8, domid);
      read().says(GENERAL_ERROR, GrantRule.CLAIM_04B);
    }
    b.memory().addGrantFrame(0, TABLE);
    b.grant(8, DomId.SELF, GRANTED);
    b.copy(grant(DomId.SELF, 8), own(OWN), 16).says(GENERAL_ERROR, GrantRule.CLAIM_04B);
  }

  @Test
  void a_readonly_entry_can_be_read_and_not_written() {
    a.setFlags(8, 0x0005);
    write().says(GENERAL_ERROR, GrantRule.CLAIM_04C);
    read().says(OKAY, GrantRule.COPY_11);
    assertThat(f()).isEqualTo(0x0005);
  }

  @Test
  void the_granted_frame_must_be_the_granters_own_page() {
    a.setFrame(8, HOLE);
    read().says(BAD_PAGE, GrantRule.CLAIM_04E);
    write().says(BAD_PAGE, GrantRule.CLAIM_04E);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  void an_upgrade_whose_frame_has_not_changed_succeeds() {
    b.map(A, 8, RO, PLACE);
    write().says(OKAY, GrantRule.COPY_11);
    assertThat(f()).isEqualTo(0x0009);
    assertThat(bench.writePins(A, 8)).isZero();
  }

  @Test
  void an_upgrade_whose_frame_has_changed_is_refused() {
    b.map(A, 8, RO, PLACE);
    a.setFrame(8, GRANTED + 1);
    write().says(GENERAL_ERROR, GrantRule.CLAIM_04F);
    read().says(OKAY, GrantRule.COPY_11);
  }

  @Test
  void an_upgrade_of_a_readonly_entry_is_refused() {
    b.map(A, 8, RO, PLACE);
    a.setFlags(8, 0x000d);
    write().says(GENERAL_ERROR, GrantRule.CLAIM_04C);
    assertThat(f()).isEqualTo(0x000d);
  }

  @Test
  void a_pinned_page_of_a_dead_domain_can_be_mapped_again_and_not_copied() {
    b.map(A, 8, RW, place(0));
    bench.machine().destroyDomain(A);
    read().says(BAD_DOMAIN, GrantRule.CLAIM_05);
    write().says(BAD_DOMAIN, GrantRule.CLAIM_05);
    b.map(A, 8, RW, place(1)).says(OKAY, GrantRule.MAP_14);
    assertThat(bench.writePins(A, 8)).isEqualTo(2);
  }

  @Test
  void an_unpinned_entry_or_a_copy_upgrade_of_a_dead_domain_finds_no_page_and_a_map_upgrade_does_not_look() {
    a.grant(9, B, GRANTED + 1);
    b.map(A, 8, RO, place(0));
    bench.machine().destroyDomain(A);
    b.copy(grant(A, 9), own(OWN), 16).says(BAD_PAGE, GrantRule.CLAIM_04E);
    write().says(BAD_PAGE, GrantRule.CLAIM_04E);
    b.map(A, 9, RW, place(1)).says(BAD_PAGE, GrantRule.MAP_09);
    b.map(A, 8, RW, place(1)).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void the_first_check_that_fails_answers() {
    startFrom(Bench.setup().third().start());
    for (int i = 0; i < 128; i++) {
      b.map(A, 8, RW, place(i));
    }
    a.entry(8, 0x0004, NOBODY, HOLE);
    bench.c().copy(own(OWN), grant(A, 8), 16).says(GENERAL_ERROR, GrantRule.CLAIM_02A);
    write().says(GENERAL_ERROR, GrantRule.CLAIM_02B);
    a.entry(9, 0x0004, NOBODY, HOLE);
    b.copy(own(OWN), grant(A, 9), 16).says(GENERAL_ERROR, GrantRule.CLAIM_04A);
    a.setFlags(9, 0x0005);
    b.copy(own(OWN), grant(A, 9), 16).says(GENERAL_ERROR, GrantRule.CLAIM_04B);
    a.setDomid(9, B);
    b.copy(own(OWN), grant(A, 9), 16).says(GENERAL_ERROR, GrantRule.CLAIM_04C);
    a.setFlags(9, 0x0001);
    b.copy(own(OWN), grant(A, 9), 16).says(BAD_PAGE, GrantRule.CLAIM_04E);
  }
}
