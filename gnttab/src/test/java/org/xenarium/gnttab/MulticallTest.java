package org.xenarium.gnttab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.hypercall.HypercallRule;
import org.xenarium.emulator.hypercall.Multicall;
import org.xenarium.emulator.hypercall.MulticallLayout;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.Interleavings;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** Calls of grant_table_op in a multicall (spec §2.5): every step of theirs is a step of it, with the same locks and the same outcome. */
class MulticallTest extends OnBench {
  /** A page of entries; structs are in the argument pages. */
  private static final long ENTRIES = (OWN + 4) << 12;

  private static final long UNWRITTEN = 0x7777;

  private static long entry(int number) {
    return ENTRIES + 64L * number;
  }

  /** Writes an entry that calls grant_table_op for the structs, which lie at {@code at}. */
  private static void write(Guest guest, int number, long at, Struct... structs) {
    guest.write(at, structs);
    long[] words = {GnttabOp.HYPERCALL, UNWRITTEN, structs[0].op(), at, structs.length};
    for (int i = 0; i < words.length; i++) {
      guest.store(entry(number) + 8L * i, 8, words[i]);
    }
  }

  private static long result(Guest guest, int number) {
    return guest.load(entry(number) + MulticallLayout.RESULT, 8);
  }

  /** Where the structs of an entry are. */
  private static long structs(Guest guest, int number) {
    return guest.arguments() + 0x400L * number;
  }

  private void issue(Guest guest, int count) {
    guest.vcpu().issue(Multicall.HYPERCALL, ENTRIES, count, 0);
  }

  private int status(Guest guest, int number, int offset) {
    return (short) guest.load(structs(guest, number) + offset, 2);
  }

  @Test
  void a_map_a_copy_and_an_unmap_in_one_call() {
    write(b, 0, structs(b, 0), Struct.map(A, 8, RW, PLACE));
    write(b, 1, structs(b, 1), Struct.copy(grant(A, 8), own(OWN), 8));
    write(b, 2, structs(b, 2), Struct.unmap(PLACE, 0));
    write(b, 3, structs(b, 3), Struct.map(A, 9, RW, PLACE));
    a.store(GRANTED << 12, 8, 77);
    issue(b, 4);
    b.finish();
    assertThat(b.vcpu().x(0)).isZero();
    assertThat(b.load(OWN << 12, 8)).isEqualTo(77);
    assertThat(bench.pins()).isEmpty();
    assertThat(result(b, 3)).as("a status is no result").isZero();
    assertThat(status(b, 3, 18)).isEqualTo(GrantRule.MAP_08A.result());
    assertThat(bench.decisions().of(B, 0, 0).stream().map(decision -> decision.rule().id()))
        .containsSubsequence("MAP-14", "COPY-11", "UNMAP-11", "MAP-08A", "MULTI-05");
  }

  @Test
  void an_errno_of_a_call_is_its_result_and_does_not_end_the_multicall() {
    write(b, 0, PLACE, Struct.map(A, 8, RW, PLACE));
    write(b, 1, structs(b, 1), Struct.map(A, 8, RW, PLACE));
    issue(b, 2);
    b.finish();
    assertThat(b.vcpu().x(0)).isZero();
    assertThat(result(b, 0)).isEqualTo(GrantRule.MAP_F1.result());
    assertThat(result(b, 1)).isZero();
  }

  @Test
  void F20_an_entry_that_cannot_be_read_ends_it_and_the_calls_before_are_made() {
    write(b, 0, structs(b, 0), Struct.map(A, 8, RW, PLACE));
    issue(b, 65);
    bench.hide(b, (ENTRIES >> 12) + 1);
    b.finish();
    assertThat(b.vcpu().x(0)).isEqualTo(HypercallRule.MULTI_02.result());
    assertThat(result(b, 0)).isZero();
    assertThat(bench.writePins(A, 8)).isEqualTo(1);
    assertThat(bench.decisions().of(B, 0, 0).getLast().rule()).isEqualTo(HypercallRule.MULTI_02);
    assertThat(bench.decisions().of(B, 0, 0).getLast().element()).as("the entry").isEqualTo(64);
  }

  @Test
  void a_batch_preempted_within_is_rewritten_in_its_entry_and_goes_on_from_there() {
    write(b, 0, structs(b, 0), Struct.map(A, 8, RO, place(0)), Struct.map(A, 8, RO, place(1)), Struct.map(A, 8, RO, place(2)));
    write(b, 1, structs(b, 1), Struct.unmap(place(1), 1));
    b.store(entry(0) + MulticallLayout.argument(3), 8, 0x33);
    b.store(entry(0) + MulticallLayout.argument(5), 8, 0x55);
    issue(b, 2);
    b.vcpu().preemptAfter(1);
    do {
      b.step();
    } while (b.vcpu().call() != null);
    assertThat(bench.readPins(A, 8)).isEqualTo(2);
    assertThat(b.vcpu().atHypercall()).isTrue();
    assertThat(b.vcpu().number()).isEqualTo(Multicall.HYPERCALL);
    assertThat(b.vcpu().x(0)).isEqualTo(ENTRIES);
    assertThat(b.vcpu().x(1)).isEqualTo(2);
    long[] words = {20, UNWRITTEN, 0, structs(b, 0) + 64, 1, 0x33, 0, 0x55};
    for (int i = 0; i < words.length; i++) {
      assertThat(b.load(ENTRIES + 8L * i, 8)).as("word %d of the entry", i).isEqualTo(words[i]);
    }
    b.finish();
    assertThat(b.vcpu().x(0)).isZero();
    assertThat(result(b, 0)).isZero();
    assertThat(bench.readPins(A, 8)).isEqualTo(2);
    assertThat(b.load(entry(0) + MulticallLayout.argument(2), 8)).as("it stays rewritten").isEqualTo(1);
  }

  @Test
  void an_argument_that_no_call_has_is_written_back_as_it_was_read() {
    b.store(OWN << 12, 8, 0x1111);
    write(b, 0, structs(b, 0), Struct.copy(own(OWN), own(OWN + 1), 4096), Struct.copy(own(OWN), own(OWN + 1), 4096));
    b.store(entry(0) + MulticallLayout.argument(5), 8, 0x55);
    issue(b, 1);
    b.vcpu().preemptAfter(0);
    while (b.load(entry(0) + MulticallLayout.argument(2), 8) == 2) {
      b.step();
      // Whatever the hypervisor keeps of its own between two steps is not where this argument is.
      bench.machine().world().host().scratch[MulticallLayout.argument(5)] = 0x33;
    }
    assertThat(b.load(entry(0) + MulticallLayout.argument(5), 8)).isEqualTo(0x55);
  }

  @Test
  void wherever_it_is_preempted_it_ends_in_the_same_state_but_for_the_rewritten_arguments() {
    write(b, 0, structs(b, 0), Struct.map(A, 8, RO, place(0)), Struct.map(A, 8, RW, place(1)), Struct.swap(9, 9));
    write(b, 1, structs(b, 1), Struct.copy(grant(A, 8), own(OWN), 8), Struct.copy(own(OWN), grant(A, 8), 16));
    write(b, 2, structs(b, 2), Struct.unmap(place(1), 1), Struct.unmap(place(0), 0));
    issue(b, 3);
    Set<String> ends = new TreeSet<>();
    for (int point = 0; point < 8; point++) {
      Bench run = bench.copy();
      run.b().vcpu().preemptAfter(point);
      run.b().finish();
      assertThat(run.b().vcpu().x(0)).isZero();
      run.b().vcpu().preemptAfter(-1);
      ends.add(run.pins() + status(run.b(), 0, 50) + status(run.b(), 1, 76) + status(run.b(), 2, 44) + result(run.b(), 2));
    }
    assertThat(ends).hasSize(1);
  }

  @Test
  void a_call_within_waits_for_locks_and_holds_them() {
    startFrom(Bench.setup().vcpus(B, 2).start());
    Guest other = bench.guest(B, 1);
    write(b, 0, structs(b, 0), Struct.map(A, 8, RW, PLACE));
    issue(b, 1);
    other.issue(Struct.map(A, 8, RO, place(1)));
    other.stepTo("CAS");
    while (b.isEnabled()) {
      b.step();
    }
    assertThat(b.vcpu().call()).as("waits, since the other one holds the entry").isNotNull();
    assertThat(bench.pins()).isEmpty();
    other.stepTo("INSERT");
    assertThat(b.isEnabled()).as("the other one holds it no more").isTrue();
    b.step();
    other.finish();
    other.issue(Struct.map(A, 8, RO, place(2)));
    other.stepTo("PIN");
    assertThat(other.isEnabled()).as("the entry is held within the multicall").isFalse();
    b.finish();
    other.finish();
    assertThat(bench.readPins(A, 8)).isEqualTo(2);
    assertThat(bench.writePins(A, 8)).isEqualTo(1);
  }

  @Test
  void in_every_order_a_handle_is_unmapped_once_and_nobody_waits_for_ever() {
    startFrom(Bench.setup().vcpus(B, 2).start());
    Guest other = bench.guest(B, 1);
    b.map(A, 8, RW, PLACE);
    write(b, 0, structs(b, 0), Struct.unmap(PLACE, 0));
    write(b, 1, structs(b, 1), Struct.map(A, 8, RO, place(1)));
    issue(b, 2);
    other.issue(Struct.unmap(PLACE, 0));
    Set<Integer> first = new TreeSet<>();
    int states =
        Interleavings.ofAll(
            bench,
            end -> {
              int within = status(end.b(), 0, 20);
              int alone = end.guest(B, 1).reply(Struct.unmap(PLACE, 0)).get(0).status();
              assertThat(Set.of(within, alone)).as("one okay, one bad_handle (R9)").containsExactlyInAnyOrder(0, -4);
              assertThat(status(end.b(), 1, 18)).isZero();
              assertThat(end.readPins(A, 8)).isEqualTo(1);
              assertThat(end.writePins(A, 8)).isZero();
              first.add(within);
            },
            b,
            other);
    assertThat(first).as("either may be first").containsExactly(-4, 0);
    assertThat(states).isGreaterThan(50);
  }

  @Test
  void in_every_order_entries_that_another_vcpu_rewrites_are_read_before_or_after() {
    startFrom(Bench.setup().vcpus(B, 2).start());
    Guest other = bench.guest(B, 1);
    write(b, 0, structs(b, 0), Struct.map(A, 8, RO, PLACE));
    write(b, 1, structs(b, 1), Struct.map(A, 8, RW, place(1)));
    issue(b, 2);
    other.store(OWN << 12, 8, 1000);
    other.issue(Struct.copy(own(OWN), own(ENTRIES >> 12).at(64), 8));
    Set<Long> results = new TreeSet<>();
    Interleavings.ofAll(bench, end -> results.add(result(end.b(), 1) + end.writePins(A, 8)), b, other);
    assertThat(results).as("mapped, or an unknown number").containsExactly(-38L, 1L);
  }

  @Test
  void a_copy_of_the_machine_in_the_middle_goes_on_by_itself() {
    write(b, 0, structs(b, 0), Struct.map(A, 8, RO, place(0)), Struct.map(A, 8, RO, place(1)));
    issue(b, 1);
    for (int step = 0; step < 9; step++) {
      b.step();
    }
    long before = bench.machine().digest();
    Bench copy = bench.copyOnOtherHost();
    assertThat(copy.machine().digest()).isEqualTo(before);
    copy.b().step();
    assertThat(copy.machine().digest()).isNotEqualTo(before);
    assertThat(bench.machine().digest()).isEqualTo(before);
    copy.b().finish();
    b.finish();
    assertThat(copy.machine().digest()).isEqualTo(bench.machine().digest());
  }
}
