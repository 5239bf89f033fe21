package org.xenarium.emulator.hypercall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.hypercall.HypercallRule.MULTI_01;
import static org.xenarium.emulator.hypercall.HypercallRule.MULTI_02;
import static org.xenarium.emulator.hypercall.HypercallRule.MULTI_03;
import static org.xenarium.emulator.hypercall.HypercallRule.MULTI_04;
import static org.xenarium.emulator.hypercall.HypercallRule.MULTI_05;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Calls;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.trace.Rule;

/** multicall, spec §2.5 and F20 of §10.3; everything here was measured on 4.17.7. */
public class MulticallTest extends Calls {
  private static final int EFAULT = -14;
  private static final int EINVAL = -22;
  private static final int ENOSYS = -38;

  /** xen_version's own number, and what it answers to command 0. */
  private static final int XEN_VERSION = 17;

  private static final long V4_23 = 4L << 16 | 23;

  /** Where entries begin; structs are in the first page, lists in the second. */
  private static final long ENTRIES = address(RAM + 2);

  /** What a result that nobody wrote reads as. */
  private static final long UNWRITTEN = 0x7777;

  private final Vcpu vcpu = guest.vcpu(0);

  private static long entry(int number) {
    return ENTRIES + 64L * number;
  }

  private void write(long at, long op, long... arguments) {
    store(guest, at, 8, op);
    store(guest, at + 8, 8, UNWRITTEN);
    for (int i = 0; i < 6; i++) {
      store(guest, at + 16 + 8L * i, 8, i < arguments.length ? arguments[i] : 0xa0 + i);
    }
  }

  private long result(long at) {
    return load(guest, at + 8, 8);
  }

  private void multicall(long at, long count, Rule ending) {
    long answer = machine.call(vcpu, Multicall.HYPERCALL, at, count, 0);
    assertThat(ended()).as("what decided the multicall").isEqualTo(ending);
    assertThat(answer).isEqualTo(ending.result());
  }

  /** Takes the page at {@code gfn} of the guest's RAM away, or the right to write there. */
  private void hide(long gfn) {
    guest.physmap().remove(gfn, mfn(guest, gfn));
  }

  private void protect(long gfn) {
    guest.physmap().set(gfn, mfn(guest, gfn), EntryType.RAM_RO);
  }

  @Test
  void MULTI_05_the_calls_are_made_in_order_and_only_the_results_are_written() {
    write(entry(0), XEN_VERSION, 0);
    write(entry(1), XEN_VERSION, 99, 1);
    multicall(ENTRIES, 2, MULTI_05);
    assertThat(result(entry(0))).isEqualTo(V4_23);
    assertThat(result(entry(1))).isEqualTo(ENOSYS);
    assertThat(load(guest, entry(1), 8)).isEqualTo(XEN_VERSION);
    assertThat(load(guest, entry(1) + 16, 8)).isEqualTo(99);
    assertThat(load(guest, entry(1) + 24, 8)).isEqualTo(1);
    assertThat(load(guest, entry(1) + 56, 8)).isEqualTo(0xa5);
  }

  @Test
  void MULTI_05_no_entries_are_a_success_wherever_the_array_is() {
    multicall(UNREADABLE, 0, MULTI_05);
    multicall(UNREADABLE, 1L << 32, MULTI_05);
    write(entry(0), XEN_VERSION, 0);
    write(entry(1), XEN_VERSION, 0);
    multicall(ENTRIES, 1L << 32 | 1, MULTI_05);
    assertThat(result(entry(1))).as("only 32 bits of the count are used").isEqualTo(UNWRITTEN);
  }

  @Test
  void MULTI_05_entries_need_no_alignment() {
    write(address(RAM + 3) - 9, XEN_VERSION, 0);
    multicall(address(RAM + 3) - 9, 1, MULTI_05);
    assertThat(result(address(RAM + 3) - 9)).isEqualTo(V4_23);
  }

  @Test
  void a_number_that_is_unknown_in_all_its_64_bits_answers_ENOSYS_and_the_next_call_is_made() {
    long[] unknown = {63, 64, 1L << 32 | XEN_VERSION, -1, 1L << 63 | XEN_VERSION, 0, 1000};
    for (int i = 0; i < unknown.length; i++) {
      write(entry(i), unknown[i], 0);
    }
    write(entry(unknown.length), XEN_VERSION, 0);
    multicall(ENTRIES, unknown.length + 1, MULTI_05);
    for (int i = 0; i < unknown.length; i++) {
      assertThat(result(entry(i))).as("0x%x", unknown[i]).isEqualTo(ENOSYS);
    }
    assertThat(result(entry(unknown.length))).isEqualTo(V4_23);
  }

  @Test
  void MULTI_01_a_multicall_in_a_multicall_is_refused_and_the_next_call_is_made() {
    long inner = address(RAM + 3);
    write(entry(0), Multicall.HYPERCALL, inner, 1);
    write(entry(1), XEN_VERSION, 0);
    write(inner, XEN_VERSION, 0);
    multicall(ENTRIES, 2, MULTI_05);
    assertThat(result(entry(0))).isEqualTo(EINVAL);
    assertThat(result(entry(1))).isEqualTo(V4_23);
    assertThat(result(inner)).isEqualTo(UNWRITTEN);
    assertThat(reached()).contains(MULTI_01);
  }

  @Test
  void MULTI_02_an_entry_that_cannot_be_read_ends_it_after_the_calls_before() {
    long at = address(RAM + 4) - 64 - 63;
    write(at, XEN_VERSION, 0);
    hide(RAM + 4);
    multicall(at, 2, MULTI_02);
    assertThat(result(at)).isEqualTo(V4_23);
    multicall(UNREADABLE, 1, MULTI_02);
    multicall(-1, 0xffff_ffffL, MULTI_02);
  }

  @Test
  void MULTI_03_a_call_whose_result_cannot_be_written_was_made_and_the_next_is_not() {
    writeCount();
    write(entry(0), MemoryAbi.HYPERCALL, MemoryAbi.DECREASE_RESERVATION, ARGUMENT);
    write(entry(1), MemoryAbi.HYPERCALL, MemoryAbi.DECREASE_RESERVATION, ARGUMENT);
    store(guest, LIST, 8, RAM + 9);
    store(guest, LIST + 8, 8, RAM + 10);
    protect(RAM + 2);
    multicall(ENTRIES, 2, MULTI_03);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES - 2);
    assertThat(result(entry(0))).isEqualTo(UNWRITTEN);
  }

  @Test
  void MULTI_03_a_result_across_pages_is_written_as_far_as_possible() {
    long at = address(RAM + 3) - 12;
    write(at, XEN_VERSION, 0);
    protect(RAM + 3);
    multicall(at, 1, MULTI_03);
    assertThat(load(guest, at + 8, 4)).isEqualTo(V4_23);
    assertThat(load(guest, at + 12, 4)).isEqualTo(UNWRITTEN >>> 32);
  }

  /** A struct of two extents, the list of which is in its place. */
  private void writeCount() {
    store(guest, ARGUMENT + MemoryAbi.RESERVATION_EXTENT_START, 8, LIST);
    store(guest, ARGUMENT + MemoryAbi.RESERVATION_NR_EXTENTS, 8, 2);
    store(guest, ARGUMENT + MemoryAbi.RESERVATION_DOMID, 2, DomId.SELF);
  }

  /** Two entries: one that gives back two pages, and a question. */
  private void writePreemptible(long at) {
    writeCount();
    write(at, MemoryAbi.HYPERCALL, MemoryAbi.DECREASE_RESERVATION, ARGUMENT);
    write(at + 64, XEN_VERSION, 0);
    store(guest, LIST, 8, RAM + 9);
    store(guest, LIST + 8, 8, RAM + 10);
  }

  /** Steps until the vCPU is at the HVC again or the call is over. */
  private void runEntry() {
    do {
      machine.step(vcpu);
    } while (vcpu.call() != null);
  }

  private void expectPreemption(long at, int count) {
    runEntry();
    assertThat(vcpu.atHypercall()).as("preempted").isTrue();
    assertThat(vcpu.number()).isEqualTo(Multicall.HYPERCALL);
    assertThat(vcpu.x(0)).isEqualTo(at);
    assertThat(vcpu.x(1)).isEqualTo(count);
  }

  private void expectEnd() {
    runEntry();
    assertThat(vcpu.atHypercall()).as("preempted").isFalse();
    assertThat(vcpu.x(0)).isZero();
  }

  @Test
  void it_can_be_preempted_before_each_entry_but_the_first() {
    write(entry(0), XEN_VERSION, 0);
    write(entry(1), XEN_VERSION, 0);
    vcpu.issue(Multicall.HYPERCALL, ENTRIES, 2, 0);
    vcpu.preemptAfter(0);
    expectPreemption(entry(1), 1);
    assertThat(result(entry(0))).isEqualTo(V4_23);
    assertThat(result(entry(1))).isEqualTo(UNWRITTEN);
    vcpu.preemptAfter(0);
    expectEnd();
    assertThat(result(entry(1))).isEqualTo(V4_23);
  }

  @Test
  void a_preempted_call_is_rewritten_in_its_entry_and_the_multicall_begins_again_there() {
    writePreemptible(entry(1));
    write(entry(0), XEN_VERSION, 0);
    vcpu.issue(Multicall.HYPERCALL, ENTRIES, 3, 0);
    vcpu.preemptAfter(1);
    expectPreemption(entry(1), 2);
    assertThat(load(guest, entry(1), 8)).isEqualTo(MemoryAbi.HYPERCALL);
    assertThat(result(entry(1))).as("no result yet").isEqualTo(UNWRITTEN);
    assertThat(load(guest, entry(1) + 16, 8)).isEqualTo(MemoryAbi.DECREASE_RESERVATION | 1 << MemoryAbi.CMD_BITS);
    assertThat(load(guest, entry(1) + 24, 8)).isEqualTo(ARGUMENT);
    for (int i = 2; i < 6; i++) {
      assertThat(load(guest, entry(1) + 16 + 8L * i, 8)).as("argument %d", i).isEqualTo(0xa0 + i);
    }
    expectEnd();
    assertThat(result(entry(1))).isEqualTo(2);
    assertThat(result(entry(2))).isEqualTo(V4_23);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES - 2);
  }

  @Test
  void what_the_guest_wrote_into_the_entry_meanwhile_is_overwritten_by_the_rest_and_counts_afterwards() {
    writePreemptible(ENTRIES);
    vcpu.issue(Multicall.HYPERCALL, ENTRIES, 2, 0);
    vcpu.preemptAfter(0);
    for (int step = 0; step < 4; step++) {
      machine.step(vcpu);
    }
    store(guest, ENTRIES, 8, XEN_VERSION);
    store(guest, ENTRIES + 8, 8, 1);
    expectPreemption(ENTRIES, 2);
    assertThat(load(guest, ENTRIES, 8)).isEqualTo(MemoryAbi.HYPERCALL);
    assertThat(result(ENTRIES)).isEqualTo(UNWRITTEN);
    write(ENTRIES, XEN_VERSION, 0);
    expectEnd();
    assertThat(result(ENTRIES)).isEqualTo(V4_23);
    assertThat(guest.totPages()).as("the second page was not asked for any more").isEqualTo(RAM_PAGES - 1);
  }

  @Test
  void MULTI_04_a_preempted_call_whose_entry_cannot_be_rewritten_ends_it() {
    long at = address(RAM + 3) - 16;
    writePreemptible(at);
    protect(RAM + 3);
    vcpu.preemptAfter(0);
    multicall(at, 2, MULTI_04);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES - 1);
    assertThat(result(at + 64)).isEqualTo(UNWRITTEN);
    assertThat(EFAULT).isEqualTo(MULTI_04.result());
  }

  @Test
  void MULTI_03_decides_before_the_rewriting_where_not_even_the_old_result_can_be_written() {
    long at = address(RAM + 3) - 15;
    writePreemptible(at);
    protect(RAM + 3);
    vcpu.preemptAfter(0);
    multicall(at, 2, MULTI_03);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES - 1);
  }

  @Test
  void a_call_can_change_the_entries_behind_it_and_between_the_steps_so_can_others() {
    write(entry(0), XEN_VERSION, 0);
    write(entry(1), XEN_VERSION, 99);
    vcpu.issue(Multicall.HYPERCALL, ENTRIES, 2, 0);
    while (result(entry(0)) == UNWRITTEN) {
      machine.step(vcpu);
    }
    write(entry(1), XEN_VERSION, 0);
    expectEnd();
    assertThat(result(entry(1))).isEqualTo(V4_23);
  }

  @Test
  void the_arguments_are_those_at_the_time_of_reading() {
    write(entry(0), XEN_VERSION, 0);
    vcpu.issue(Multicall.HYPERCALL, ENTRIES, 1, 0);
    machine.step(vcpu);
    machine.step(vcpu);
    write(entry(0), XEN_VERSION, 99);
    expectEnd();
    assertThat(result(entry(0))).isEqualTo(V4_23);
  }
}
