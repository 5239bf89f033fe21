package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Reply;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** cache_flush, check by check, and the position of its search (spec §3.10). */
class CacheFlushTest extends OnBench {
  private static final int CLEAN = 1;
  private static final int FLUSH = 12;

  private Answer flush(long address, int offset, int length, int operation) {
    return b.call(Struct.flush(address, offset, length, operation));
  }

  private long ownPage() {
    return bench.dev(B, OWN);
  }

  /** A flush whose command carries a position to begin the search at. */
  private Answer from(int position, long address, int length) {
    b.write(b.arguments(), Struct.flush(address, 0, length, CLEAN));
    return b.raw(position << 12 | FLUSH, b.arguments(), 1);
  }

  @Test
  void the_range_must_lie_in_a_page_and_the_operation_be_known() {
    flush(ownPage(), 4096, 0, CLEAN).returns(-22, GrantRule.FLUSH_01);
    flush(ownPage(), 0, 4097, CLEAN).returns(-22, GrantRule.FLUSH_01);
    flush(ownPage(), 4095, 2, CLEAN).returns(-22, GrantRule.FLUSH_01);
    flush(ownPage(), 0, 64, 4).returns(-22, GrantRule.FLUSH_01);
    flush(ownPage(), 0, 64, 0x8000_0001).returns(-22, GrantRule.FLUSH_01);
    flush(ownPage(), 0, 0, 0x8000_0000).returns(-22, GrantRule.FLUSH_01);
  }

  @Test
  void nothing_to_flush_succeeds_for_any_address() {
    flush(-1, 0, 0, CLEAN).returns(0, GrantRule.FLUSH_02A);
    flush(-1, 100, 100, 0).returns(0, GrantRule.FLUSH_02A);
  }

  @Test
  void nothing_to_flush_with_a_position_in_the_command_is_out_of_sequence() {
    from(1, -1, 0).returns(-84, GrantRule.FLUSH_02B);
    from(0, -1, 0).returns(0, GrantRule.FLUSH_02A);
  }

  @Test
  void the_machine_frame_must_exist() {
    flush(0, 0, 64, CLEAN).returns(-22, GrantRule.FLUSH_03);
    flush(-1, 0, 64, CLEAN).returns(-22, GrantRule.FLUSH_03);
  }

  @Test
  void the_page_must_have_an_owner() {
    long freed = ownPage();
    assertThat(b.memory().decrease(OWN)).isEqualTo(1);
    flush(freed, 0, 64, CLEAN).returns(-1, GrantRule.FLUSH_04);
  }

  @Test
  void the_own_page_can_be_flushed_by_its_machine_address() {
    for (int operation : new int[] {1, 2, 3}) {
      flush(ownPage() + 123, 4095, 1, operation).returns(0, GrantRule.FLUSH_06);
    }
    flush(ownPage(), 0, 4096, CLEAN).returns(0, GrantRule.FLUSH_06);
  }

  @Test
  void anothers_page_can_be_flushed_while_it_is_mapped() {
    long page = bench.dev(A, GRANTED);
    flush(page, 0, 64, CLEAN).returns(-22, GrantRule.FLUSH_05);
    b.map(A, 8, RO, PLACE);
    flush(page, 0, 64, CLEAN).returns(0, GrantRule.FLUSH_06);
    flush(page + 4096, 0, 64, CLEAN).returns(-22, GrantRule.FLUSH_05);
    a.call(Struct.flush(page, 0, 64, CLEAN)).returns(0, GrantRule.FLUSH_06);
    b.unmap(PLACE, 0);
    flush(page, 0, 64, CLEAN).returns(-22, GrantRule.FLUSH_05);
  }

  @Test
  void a_page_pinned_by_somebody_else_does_not_count() {
    a.grant(9, A, GRANTED);
    a.map(A, 9, RO, PLACE);
    flush(bench.dev(A, GRANTED), 0, 64, CLEAN).returns(-22, GrantRule.FLUSH_05);
  }

  @Test
  void a_position_in_the_command_skips_the_references_below_it() {
    growAndMap(4096 + 17);
    long page = bench.dev(A, GRANTED);
    from(0, page, 64).returns(0, GrantRule.FLUSH_06);
    from(1, page, 64).returns(0, GrantRule.FLUSH_06);
    from(2, page, 64).returns(-22, GrantRule.FLUSH_05);
    from(0xfffff, page, 64).returns(-22, GrantRule.FLUSH_05);
  }

  /** Gives A a table of 16 frames and lets B map reference {@code ref}. */
  private void growAndMap(int ref) {
    a.call(Struct.setupTable(DomId.SELF, 16, OWN << 12));
    a.memory().addGrantFrame(ref / 512, TABLE + 1);
    long at = (TABLE + 1 << 12) + 8L * (ref % 512);
    a.store(at + 4, 4, GRANTED);
    a.store(at, 4, B << 16 | 1);
    assertThat(b.map(A, ref, RO, PLACE).status()).isZero();
  }

  @Test
  void the_search_can_be_preempted_after_each_4096_references_and_leaves_its_position_in_the_command() {
    growAndMap(4096 + 17);
    Struct struct = Struct.flush(bench.dev(A, GRANTED), 0, 64, CLEAN);
    b.vcpu().preemptAfter(0);
    b.issue(struct);
    do {
      b.step();
    } while (!b.vcpu().atHypercall());
    assertThat(b.vcpu().x(0)).isEqualTo(4096 | FLUSH);
    assertThat(b.vcpu().x(1)).isEqualTo(b.arguments());
    assertThat(b.vcpu().x(2)).isEqualTo(1);
    b.finish();
    b.reply(struct).get(0).returns(0, GrantRule.FLUSH_06);
  }

  @Test
  void a_search_that_continues_checks_the_element_again() {
    growAndMap(4096 + 17);
    Struct struct = Struct.flush(bench.dev(A, GRANTED), 0, 64, CLEAN);
    b.vcpu().preemptAfter(0);
    b.issue(struct);
    do {
      b.step();
    } while (!b.vcpu().atHypercall());
    b.write(b.arguments(), Struct.flush(0, 0, 0, CLEAN));
    b.finish();
    b.reply(struct).get(0).returns(-84, GrantRule.FLUSH_02B);
  }

  @Test
  void the_first_element_that_fails_ends_the_call_and_none_is_written_to() {
    Struct good = Struct.flush(ownPage(), 0, 64, CLEAN);
    Struct bad = Struct.flush(0, 0, 64, CLEAN);
    Reply reply = b.batch(good, Struct.flush(-1, 0, 0, 0), bad, good).returns(-22, GrantRule.FLUSH_03);
    assertThat(reply.rules()).containsExactly(GrantRule.FLUSH_06, GrantRule.FLUSH_02A, GrantRule.FLUSH_03, null);
    reply.answers().forEach(Answer::isUntouched);
  }

  @Test
  void the_checks_come_in_order() {
    flush(-1, 4096, 0, 4).returns(-22, GrantRule.FLUSH_01);
    flush(-1, 0, 0, CLEAN).returns(0, GrantRule.FLUSH_02A);
    flush(-1, 0, 64, CLEAN).returns(-22, GrantRule.FLUSH_03);
  }
}
