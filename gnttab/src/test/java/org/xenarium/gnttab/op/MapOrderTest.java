package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_GNTREF;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
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

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.rule.GrantRule;

/**
 * The checks of a map come in the order of spec §3.3.1: an element that is wrong in every way is put right one way at a time, and each time
 * the next check answers.
 */
class MapOrderTest extends OnBench {
  private static final long TOO_HIGH = REACH << 12;

  @Test
  void the_first_check_that_fails_answers() {
    startFrom(Bench.setup().policy(SecurityPolicy.SILO).limits(B, 64, 0).start());
    a.entry(8, 0x0004, C, HOLE);
    b.map(NOBODY, 512, 0x10001 & ~1, TOO_HIGH).says(BAD_GNTREF, GrantRule.MAP_01);
    b.map(NOBODY, 512, 0x10003, TOO_HIGH).says(GENERAL_ERROR, GrantRule.MAP_02);
    b.map(NOBODY, 512, 0x10002, TOO_HIGH).says(BAD_DOMAIN, GrantRule.MAP_03);
    b.map(A, 512, 0x10002, TOO_HIGH).says(PERMISSION_DENIED, GrantRule.MAP_04);

    startFrom(Bench.setup().limits(B, 64, 0).start());
    b.map(A, 512, 0x10002, TOO_HIGH).says(NO_SPACE, GrantRule.MAP_05);

    startFrom(Bench.start());
    a.entry(8, 0x0004, C, HOLE);
    b.map(A, 512, 0x10002, TOO_HIGH).says(BAD_GNTREF, GrantRule.MAP_06);
    b.map(A, 8, 0x10002, TOO_HIGH).says(GENERAL_ERROR, GrantRule.MAP_08A);
    a.setFlags(8, 0x0005);
    b.map(A, 8, 0x10002, TOO_HIGH).says(GENERAL_ERROR, GrantRule.MAP_08B);
    a.setDomid(8, B);
    b.map(A, 8, 0x10002, TOO_HIGH).says(GENERAL_ERROR, GrantRule.MAP_08C);
    a.setFlags(8, 0x0001);
    b.map(A, 8, 0x10002, TOO_HIGH).says(BAD_PAGE, GrantRule.MAP_09);
    a.setFrame(8, GRANTED);
    b.map(A, 8, 0x10002, TOO_HIGH).says(GENERAL_ERROR, GrantRule.MAP_12);
    b.map(A, 8, RW, TOO_HIGH).says(GENERAL_ERROR, GrantRule.MAP_13A);
    b.map(A, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void the_pin_of_another_domain_comes_before_a_full_counter_and_both_before_the_entry() {
    startFrom(Bench.setup().third().start());
    Guest c = bench.c();
    for (int i = 0; i < 128; i++) {
      b.map(A, 8, RW, place(i));
    }
    a.entry(8, 0x0000, NOBODY, HOLE);
    c.map(A, 8, RW, PLACE).says(GENERAL_ERROR, GrantRule.MAP_07A);
    b.map(A, 8, RW, PLACE).says(GENERAL_ERROR, GrantRule.MAP_07B);
    b.map(A, 8, RO, PLACE).says(OKAY, GrantRule.MAP_14);
  }

  @Test
  void checks_1_to_4_leave_the_handles_alone() {
    startFrom(Bench.setup().policy(SecurityPolicy.SILO).start());
    b.map(A, 8, 0, PLACE).says(BAD_GNTREF, GrantRule.MAP_01);
    b.map(A, 8, 3, PLACE).says(GENERAL_ERROR, GrantRule.MAP_02);
    b.map(NOBODY, 8, RW, PLACE).says(BAD_DOMAIN, GrantRule.MAP_03);
    b.map(A, 8, RW, PLACE).says(PERMISSION_DENIED, GrantRule.MAP_04);
    assertThat(bench.table(B).maptrack().limit()).isZero();
  }

  @Test
  void every_later_failure_sends_its_handle_to_the_end_of_the_list() {
    b.map(A, 512, RW, PLACE).says(BAD_GNTREF, GrantRule.MAP_06);
    a.setFlags(8, 0);
    b.map(A, 8, RW, PLACE).says(GENERAL_ERROR, GrantRule.MAP_08A);
    a.grant(8, C, HOLE);
    b.map(A, 8, RW, PLACE).says(GENERAL_ERROR, GrantRule.MAP_08B);
    a.entry(8, 0x0005, B, HOLE);
    b.map(A, 8, RW, PLACE).says(GENERAL_ERROR, GrantRule.MAP_08C);
    b.map(A, 8, RO, PLACE).says(BAD_PAGE, GrantRule.MAP_09);
    a.grant(8, B, GRANTED);
    b.map(A, 8, RW | 0x20, PLACE).says(GENERAL_ERROR, GrantRule.MAP_12);
    b.map(A, 8, RW, TOO_HIGH).says(GENERAL_ERROR, GrantRule.MAP_13A);
    assertThat(b.map(A, 8, RW, place(0)).handle()).isEqualTo(7);
    for (int i = 0; i < 247; i++) {
      assertThat(b.map(A, 9, RW, PLACE).status()).isEqualTo(GENERAL_ERROR);
    }
    assertThat(b.map(A, 8, RW, place(1)).handle()).as("8 to 254 and the sentinel 255 went round; 0 to 6 are behind them").isEqualTo(255);
    assertThat(b.map(A, 8, RW, place(2)).handle()).isZero();
  }
}
