package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.memoryop.MemoryAbi.EXCHANGE;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.physmap.EntryType;

/** exchange, spec §6.8: always refused on Arm, for the right reason, with nr_exchanged written back. */
public class ExchangeTest extends MemoryCalls {
  private static final int NODE_0 = 1 << 8;
  private static final int NODE_1 = 2 << 8;
  private static final int EXACT = 1 << 17;

  private static Side pages(long extents, int order) {
    return new Side(LIST, extents, order, 0, SELF);
  }

  private static Side of(int domid) {
    return new Side(LIST, 1, 0, 0, domid);
  }

  private static Side with(int memFlags) {
    return new Side(LIST, 1, 0, memFlags, SELF);
  }

  private void expect(MemoryRule rule, int errno, Domain caller, Side in, Side out, long exchanged, long then) {
    assertThat(exchange(caller, in, out, exchanged)).isEqualTo(answer(rule, errno));
    assertThat(exchanged(caller)).isEqualTo(then);
  }

  private void expect(MemoryRule rule, int errno, Side in, Side out) {
    expect(rule, errno, guest, in, out, 0, 0);
  }

  @Test
  void XCHG_01_a_start_extent_is_invalid() {
    assertThat(memoryOp(guest, EXCHANGE, 1, UNREADABLE)).isEqualTo(answer(MemoryRule.XCHG_01, EINVAL));
  }

  @Test
  void XCHG_02_F18_an_unreadable_struct_faults() {
    assertThat(memoryOp(guest, EXCHANGE, 0, UNREADABLE)).isEqualTo(answer(MemoryRule.XCHG_02, EFAULT));
    assertThat(memoryOp(guest, EXCHANGE, 0, address(RAM + RAM_PAGES) - 71)).isEqualTo(answer(MemoryRule.XCHG_02, EFAULT));
  }

  @Test
  void XCHG_03_both_orders_have_the_caller_s_limit() {
    expect(MemoryRule.XCHG_03, EPERM, pages(1, 10), pages(1, 9));
    expect(MemoryRule.XCHG_03, EPERM, pages(1, 0), pages(1, -1));
    expect(MemoryRule.XCHG_03, EPERM, guest, pages(1, 10), of(NOBODY), 7, 7);
    writeList(control, RAM);
    expect(MemoryRule.XCHG_03, EPERM, control, pages(1, 19), pages(1, 19), 0, 0);
    expect(MemoryRule.XCHG_14, EOPNOTSUPP, control, pages(1, 18), pages(1, 18), 0, 0);
    Domain hardware = domain(DomainConfig.guest(3, MAX_PAGES).withHardware(true));
    writeList(hardware, RAM);
    expect(MemoryRule.XCHG_03, EPERM, hardware, pages(1, 11), pages(1, 11), 0, 0);
    expect(MemoryRule.XCHG_14, EOPNOTSUPP, hardware, pages(1, 10), pages(1, 10), 0, 0);
  }

  @Test
  void XCHG_04_no_more_can_be_exchanged_than_there_is() {
    expect(MemoryRule.XCHG_04, EINVAL, guest, pages(2, 0), pages(2, 0), 3, 3);
    expect(MemoryRule.XCHG_04, EINVAL, guest, pages(2, 0), of(OTHER), -1, -1);
  }

  @Test
  void XCHG_05_the_domains_are_compared_as_they_are_named() {
    expect(MemoryRule.XCHG_05, EINVAL, of(SELF), of(GUEST));
  }

  @Test
  void XCHG_06_the_pages_of_each_side_fit_64_bits() {
    expect(MemoryRule.XCHG_06, EINVAL, pages(1L << 63, 1), pages(0, 0));
    expect(MemoryRule.XCHG_06, EINVAL, pages(0, 0), pages(-1, 1));
  }

  @Test
  void XCHG_07_both_sides_have_as_many_pages() {
    expect(MemoryRule.XCHG_07, EINVAL, pages(2, 0), pages(1, 0));
    expect(MemoryRule.XCHG_07, EINVAL, pages(3, 1), pages(3, 0));
  }

  @Test
  void XCHG_08_when_all_is_exchanged_nothing_is_left_to_do_or_to_check() {
    expect(MemoryRule.XCHG_08, 0, guest, pages(2, 0), pages(2, 0), 2, 2);
    expect(MemoryRule.XCHG_08, 0, guest, new Side(LIST, 0, 0, 0, NOBODY), new Side(LIST, 0, 0, EXACT | NODE_1, NOBODY), 0, 0);
  }

  @Test
  void XCHG_09_a_guest_may_not_insist_on_a_node_and_others_only_on_the_one_there_is() {
    writeList(guest, RAM);
    expect(MemoryRule.XCHG_09, EINVAL, of(SELF), with(EXACT | NODE_0));
    expect(MemoryRule.XCHG_14, EOPNOTSUPP, of(SELF), with(NODE_1));
    expect(MemoryRule.XCHG_14, EOPNOTSUPP, with(EXACT | NODE_1), of(SELF));
    writeList(control, RAM);
    expect(MemoryRule.XCHG_09, EINVAL, control, of(SELF), with(NODE_1), 0, 0);
    expect(MemoryRule.XCHG_14, EOPNOTSUPP, control, of(SELF), with(EXACT | NODE_0), 0, 0);
  }

  @Test
  void XCHG_10_an_unknown_domain_is_not_found() {
    expect(MemoryRule.XCHG_10, ESRCH, of(NOBODY), of(NOBODY));
  }

  @Test
  void XCHG_11_an_unprivileged_domain_may_not_act_on_another() {
    expect(MemoryRule.XCHG_11, EPERM, of(OTHER), of(OTHER));
  }

  @Test
  void XCHG_12_F18_an_unreadable_input_list_faults() {
    Side unreadable = new Side(UNREADABLE, 1, 0, 0, SELF);
    expect(MemoryRule.XCHG_12, EFAULT, unreadable, of(SELF));
    writeList(guest, RAM);
    expect(MemoryRule.XCHG_14, EOPNOTSUPP, of(SELF), unreadable);
  }

  @Test
  void XCHG_13_a_hole_is_no_page() {
    writeList(guest, HOLE);
    expect(MemoryRule.XCHG_13, EINVAL, of(SELF), of(SELF));
  }

  @Test
  void XCHG_14_a_page_is_not_exchanged() {
    writeList(guest, RAM + 3);
    long mfn = mfn(guest, RAM + 3);
    expect(MemoryRule.XCHG_14, EOPNOTSUPP, of(SELF), of(SELF));
    assertThat(mfn(guest, RAM + 3)).isEqualTo(mfn);
  }

  @Test
  void XCHG_14_what_is_exchanged_is_rounded_down_to_whole_chunks() {
    writeList(guest, HOLE, HOLE, RAM, RAM, RAM, RAM);
    expect(MemoryRule.XCHG_14, EOPNOTSUPP, guest, pages(6, 0), pages(3, 1), 3, 2);
    expect(MemoryRule.XCHG_14, EOPNOTSUPP, guest, pages(6, 0), pages(3, 1), 5, 4);
    expect(MemoryRule.XCHG_13, EINVAL, guest, pages(6, 0), pages(3, 1), 1, 0);
    expect(MemoryRule.XCHG_13, EINVAL, guest, pages(3, 1), pages(6, 0), 1, 1);
  }

  @Test
  void XCHG_15_F18_a_struct_that_cannot_be_written_faults() {
    writeExchange(guest, of(NOBODY), of(NOBODY), 0);
    guest.physmap().set(RAM, mfn(guest, RAM), EntryType.RAM_RO);
    assertThat(memoryOp(guest, EXCHANGE, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.XCHG_15, EFAULT));
  }
}
