package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.PLACE;

import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** What is decided before any operation: count, command, argument order (spec §2.1, §2.2). */
class DispatchTest extends OnBench {
  private static final int[] BATCHED = {0, 1, 5, 7, 11, 12};
  private static final int[] SINGLE = {2, 6, 9};

  @Test
  void a_negative_count_comes_before_everything() {
    for (int command : new int[] {0, 3, 4, 8, 12, 13, 0x1000, -1}) {
      b.raw(command, PLACE, -1).returns(-22, GrantRule.GNT_04);
      b.raw(command, PLACE, 0x8000_0000L).returns(-22, GrantRule.GNT_04);
    }
  }

  @Test
  void stray_command_bits_come_before_the_operation_and_are_allowed_in_cache_flush() {
    for (int operation : new int[] {0, 1, 2, 3, 4, 5, 11, 13, 0xfff}) {
      b.raw(0x1000 | operation, PLACE, 1).returns(-22, GrantRule.GNT_05);
      b.raw(0x8000_0000 | operation, PLACE, 0).returns(-22, GrantRule.GNT_05);
    }
    b.raw(0x1000 | 12, PLACE, 0).returns(0, GrantRule.GNT_08);
  }

  @Test
  void dump_table_and_everything_from_13_on_is_unknown() {
    for (int command : new int[] {3, 13, 14, 0xfff}) {
      b.raw(command, PLACE, 1).returns(-38, GrantRule.GNT_06);
      b.raw(command, PLACE, 0).returns(-38, GrantRule.GNT_06);
    }
  }

  @Test
  void nothing_can_be_transferred() {
    b.raw(4, PLACE, 0).returns(-95, GrantRule.GNT_07);
    b.raw(4, PLACE, 1).returns(-95, GrantRule.GNT_07);
  }

  @Test
  void a_batch_of_nothing_is_done_wherever_it_points() {
    for (int command : BATCHED) {
      b.raw(command, PLACE, 0).returns(0, GrantRule.GNT_08);
      b.raw(command, -1, 0).returns(0, GrantRule.GNT_08);
    }
  }

  @Test
  void a_single_struct_is_one_struct() {
    for (int command : SINGLE) {
      b.raw(command, PLACE, 0).returns(-22, GrantRule.GNT_09);
      b.raw(command, PLACE, 2).returns(-22, GrantRule.GNT_09);
    }
  }

  @Test
  void the_versions_do_not_look_at_the_count() {
    for (long count : new long[] {0, 2, 0x7fff_ffff}) {
      b.write(b.arguments(), Struct.setVersion(1));
      b.raw(8, b.arguments(), count).returns(0, GrantRule.SETVER_04);
      b.write(b.arguments(), Struct.getVersion(2));
      b.raw(10, b.arguments(), count).returns(0, GrantRule.GETVER_03);
    }
  }

  @Test
  void only_the_low_halves_of_command_and_count_are_used() {
    Struct struct = Struct.map(A, 8, RW, PLACE);
    b.write(b.arguments(), struct);
    long rc = bench.machine().call(b.vcpu(), 20, 0xabcd_0000_0000L, b.arguments(), 0x1_0000_0001L);
    assertThat(rc).isZero();
    assertThat(b.reply(struct).get(0).says(GntStatus.OKAY, GrantRule.MAP_14).handle()).isZero();
  }

  @Test
  void an_element_that_fails_does_not_stop_the_batch() {
    b.batch(Struct.map(A, 512, RW, PLACE), Struct.map(A, 8, RW, PLACE), Struct.map(A, 8, 0, PLACE)).says(-3, 0, -3);
    b.batch(Struct.unmap(PLACE, 9), Struct.unmap(PLACE, 1)).says(-4, 0);
  }
}
