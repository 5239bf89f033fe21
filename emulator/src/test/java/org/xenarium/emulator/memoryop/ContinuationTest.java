package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.memoryop.MemoryAbi.DECREASE_RESERVATION;
import static org.xenarium.emulator.memoryop.MemoryAbi.HYPERCALL;
import static org.xenarium.emulator.memoryop.MemoryAbi.INCREASE_RESERVATION;
import static org.xenarium.emulator.memoryop.MemoryAbi.POPULATE_PHYSMAP;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** A reservation call that is preempted is left with its progress in x0 and taken up again, spec §2.5, §6.0 and §6.2. */
class ContinuationTest extends MemoryCalls {
  private final Vcpu vcpu = guest.vcpu(0);

  private void issue(int operation, long... gfns) {
    writeReservation(guest, SELF, LIST, gfns.length, 0, 0);
    writeList(guest, gfns);
    vcpu.issue(HYPERCALL, operation, ARGUMENT, 0);
  }

  /** Steps until the vCPU is at the HVC again or the call is over. */
  private void runEntry() {
    do {
      machine.step(vcpu);
    } while (vcpu.call() != null);
  }

  @Test
  void the_registers_say_what_was_done_and_the_vcpu_is_at_the_HVC_again() {
    for (int operation : new int[] {INCREASE_RESERVATION, DECREASE_RESERVATION, POPULATE_PHYSMAP}) {
      long first = operation == DECREASE_RESERVATION ? RAM + 4 : HOLE;
      issue(operation, first, first + 1, first + 2);
      vcpu.preemptAfter(1);
      runEntry();
      assertThat(vcpu.atHypercall()).isTrue();
      assertThat(vcpu.number()).isEqualTo(HYPERCALL);
      assertThat(vcpu.x(0)).isEqualTo(operation | 2 << 6);
      assertThat(vcpu.x(1)).isEqualTo(ARGUMENT);
      runEntry();
      assertThat(vcpu.atHypercall()).isFalse();
      assertThat(vcpu.x(0)).as("all extents count").isEqualTo(3);
    }
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES + 3);
  }

  @Test
  void between_the_entries_the_extents_done_are_there_and_no_other() {
    issue(POPULATE_PHYSMAP, HOLE, HOLE + 1);
    vcpu.preemptAfter(0);
    runEntry();
    assertThat(vcpu.x(0)).isEqualTo(POPULATE_PHYSMAP | 1 << 6);
    assertThat(type(guest, HOLE)).isEqualTo(EntryType.RAM_RW);
    assertThat(guest.physmap().entry(HOLE + 1)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void every_entry_does_at_least_one_extent() {
    issue(POPULATE_PHYSMAP, HOLE, HOLE + 1, HOLE + 2);
    for (int done = 1; done < 3; done++) {
      vcpu.preemptAfter(0);
      runEntry();
      assertThat(vcpu.x(0)).isEqualTo(POPULATE_PHYSMAP | (long) done << 6);
    }
    vcpu.preemptAfter(0);
    runEntry();
    assertThat(vcpu.x(0)).isEqualTo(3);
    assertThat(vcpu.atHypercall()).isFalse();
  }

  @Test
  void a_call_back_to_back_goes_through_its_continuations() {
    vcpu.preemptAfter(0);
    assertThat(populate(guest, HOLE, HOLE + 1, HOLE + 2)).isEqualTo(answer(MemoryRule.RES_16, 3));
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES + 3);
  }

  @Test
  void what_the_guest_changes_in_between_counts_for_the_rest() {
    issue(POPULATE_PHYSMAP, HOLE, HOLE + 1, HOLE + 2);
    vcpu.preemptAfter(0);
    runEntry();
    writeReservation(guest, SELF, LIST, 2, 0, 0);
    writeList(guest, HOLE + 8, HOLE + 9);
    assertThat(machine.finishCall(vcpu)).isEqualTo(2);
    assertThat(guest.physmap().next(HOLE + 1)).as("the second of the new list").isEqualTo(HOLE + 9);
    assertThat(guest.physmap().next(HOLE + 10)).isEqualTo(RAM);
  }

  @Test
  void a_struct_that_cannot_be_read_any_more_ends_the_call_with_what_was_done() {
    issue(POPULATE_PHYSMAP, HOLE, HOLE + 1, HOLE + 2);
    vcpu.preemptAfter(1);
    runEntry();
    guest.physmap().remove(RAM, mfn(guest, RAM));
    assertThat(machine.finishCall(vcpu)).isEqualTo(2);
  }

  @Test
  void the_list_is_read_extent_by_extent() {
    issue(POPULATE_PHYSMAP, HOLE, HOLE + 1);
    for (int step = 0; step < 3; step++) {
      machine.step(vcpu);
    }
    assertThat(type(guest, HOLE)).isEqualTo(EntryType.RAM_RW);
    store(guest, LIST + 8, 8, HOLE + 5);
    runEntry();
    assertThat(type(guest, HOLE + 5)).isEqualTo(EntryType.RAM_RW);
    assertThat(guest.physmap().entry(HOLE + 1)).isEqualTo(Physmap.HOLE);
  }
}
