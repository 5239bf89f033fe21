package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** What Xen sets and clears in the flags word of an entry: the tables of spec §3.6, row by row. */
class FlagsTest extends OnBench {
  private int mapped;

  /** Maps entry 8 at the next free place; the handle is the place's number. */
  private void map(int flags) {
    b.map(A, 8, flags, place(mapped++)).says(GntStatus.OKAY, GrantRule.MAP_14);
  }

  private void unmap(int handle) {
    b.unmap(place(handle), handle).says(GntStatus.OKAY, GrantRule.UNMAP_11);
  }

  @Test
  void a_readonly_map_sets_reading() {
    map(RO);
    assertThat(f()).isEqualTo(0x0009);
  }

  @Test
  void a_writable_map_sets_reading_and_writing() {
    map(RW);
    assertThat(f()).isEqualTo(0x0019);
  }

  @Test
  void when_the_last_writable_map_goes_writing_goes() {
    map(RW);
    map(RO);
    unmap(0);
    assertThat(f()).isEqualTo(0x0009);
  }

  @Test
  void while_a_writable_map_remains_both_bits_remain() {
    map(RW);
    map(RO);
    unmap(1);
    assertThat(f()).isEqualTo(0x0019);
  }

  @Test
  void an_upgrade_adds_writing_and_both_go_with_the_maps_in_any_order() {
    map(RO);
    map(RW);
    assertThat(f()).isEqualTo(0x0019);
    unmap(0);
    unmap(1);
    assertThat(f()).isEqualTo(0x0001);
    map(RO);
    map(RW);
    unmap(3);
    assertThat(f()).isEqualTo(0x0009);
    unmap(2);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  void the_last_readonly_unmap_leaves_a_writing_bit_alone_that_the_guest_has_set() {
    map(RO);
    a.setFlags(8, 0x0019);
    unmap(0);
    assertThat(f()).isEqualTo(0x0011);
  }

  @Test
  void the_last_writable_unmap_clears_both_bits_and_nothing_else() {
    map(RW);
    a.setFlags(8, 0xffff);
    unmap(0);
    assertThat(f()).isEqualTo(0xffe7);
  }

  @Test
  void an_unmap_sets_no_bit_that_the_guest_has_cleared() {
    map(RW);
    map(RO);
    a.setFlags(8, 0x0000);
    unmap(0);
    assertThat(f()).isZero();
    unmap(1);
    assertThat(f()).isZero();
  }

  @Test
  void a_readonly_request_that_fails_its_lookup_clears_reading_only() {
    a.entry(8, 0x0011, 2, HOLE);
    b.map(A, 8, RO, PLACE).says(GntStatus.BAD_PAGE, GrantRule.MAP_09);
    assertThat(f()).isEqualTo(0x0011);
  }

  @Test
  void a_writable_request_that_fails_its_lookup_clears_both_bits_even_those_that_were_set_before() {
    a.entry(8, 0x0019, 2, HOLE);
    b.map(A, 8, RW, PLACE).says(GntStatus.BAD_PAGE, GrantRule.MAP_09);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  void domid_and_frame_are_never_touched() {
    map(RW);
    unmap(0);
    assertThat(a.load(0x38000040L, 8)).isEqualTo(0x40010_0002_0001L);
  }

  @Test
  void a_failed_upgrade_leaves_the_readers_bit() {
    map(RO);
    b.map(A, 8, RW | 0x10000, place(5)).says(GntStatus.GENERAL_ERROR, GrantRule.MAP_12);
    assertThat(f()).isEqualTo(0x0009);
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
    assertThat(bench.writePins(A, 8)).isZero();
  }

  @Test
  void a_copy_marks_like_a_map_and_clears_like_an_unmap() {
    Struct[] read = {Struct.copy(grant(A, 8), own(OWN), 8)};
    b.issue(read);
    b.stepTo("COPY_OUT");
    assertThat(f()).isEqualTo(0x0009);
    b.finish();
    assertThat(f()).isEqualTo(0x0001);
    b.issue(Struct.copy(own(OWN), grant(A, 8), 8));
    b.stepTo("COPY_OUT");
    assertThat(f()).isEqualTo(0x0019);
    b.finish();
    assertThat(f()).isEqualTo(0x0001);
  }
}
