package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.xenarium.emulator.memoryop.MemoryAbi.CURRENT_RESERVATION;
import static org.xenarium.emulator.memoryop.MemoryAbi.MAXIMUM_GPFN;
import static org.xenarium.emulator.memoryop.MemoryAbi.MAXIMUM_RAM_PAGE;
import static org.xenarium.emulator.memoryop.MemoryAbi.MAXIMUM_RESERVATION;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_SHARED_INFO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.physmap.EntryType;

/** The four queries of spec §6.3, and what is no operation at all (§6.0). */
public class QueryTest extends MemoryCalls {
  private static final int[] OF_DOMAINS = {CURRENT_RESERVATION, MAXIMUM_RESERVATION, MAXIMUM_GPFN};

  @Test
  void MEM_01_an_unknown_operation_answers_ENOSYS() {
    for (int operation : new int[] {5, 8, 9, 10, 12, 13, 16, 29, 63}) {
      assertThat(memoryOp(guest, operation, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.MEM_01, ENOSYS));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 26, 27})
  void an_operation_that_exists_in_Xen_and_not_here_is_refused_by_name(int operation) {
    assertThatThrownBy(() -> memoryOp(guest, operation, 0, ARGUMENT))
        .isInstanceOf(NotEmulatedException.class)
        .hasMessage("memory_op " + operation + " is not emulated");
  }

  @Test
  void QRY_01_a_start_extent_is_invalid() {
    for (int operation : new int[] {MAXIMUM_RAM_PAGE, CURRENT_RESERVATION, MAXIMUM_RESERVATION, MAXIMUM_GPFN}) {
      assertThat(memoryOp(guest, operation, 1, UNREADABLE)).isEqualTo(answer(MemoryRule.QRY_01, EINVAL));
      assertThat(memoryOp(guest, operation, 1L << 57, UNREADABLE)).isEqualTo(answer(MemoryRule.QRY_01, EINVAL));
    }
  }

  @Test
  void QRY_02_F16_an_unreadable_argument_faults() {
    for (int operation : OF_DOMAINS) {
      assertThat(memoryOp(guest, operation, 0, UNREADABLE)).isEqualTo(answer(MemoryRule.QRY_02, EFAULT));
      assertThat(memoryOp(guest, operation, 0, address(RAM + RAM_PAGES) - 1)).isEqualTo(answer(MemoryRule.QRY_02, EFAULT));
    }
  }

  @Test
  void QRY_03_an_unknown_domain_is_not_found() {
    for (int operation : OF_DOMAINS) {
      assertThat(query(guest, operation, NOBODY)).isEqualTo(answer(MemoryRule.QRY_03, ESRCH));
      assertThat(query(guest, operation, 0x7ff1)).isEqualTo(answer(MemoryRule.QRY_03, ESRCH));
    }
  }

  @Test
  void QRY_04_an_unprivileged_domain_may_not_ask_about_another() {
    for (int operation : OF_DOMAINS) {
      assertThat(query(guest, operation, OTHER)).isEqualTo(answer(MemoryRule.QRY_04, EPERM));
    }
  }

  @Test
  void QRY_05_the_highest_host_frame_plus_1_needs_no_argument() {
    assertThat(memoryOp(guest, MAXIMUM_RAM_PAGE, 0, UNREADABLE)).isEqualTo(answer(MemoryRule.QRY_05, FIRST_MFN + FRAMES));
  }

  @Test
  void QRY_05_the_current_reservation_counts_RAM_and_not_what_Xen_has_lent() {
    assertThat(query(guest, CURRENT_RESERVATION, SELF)).isEqualTo(answer(MemoryRule.QRY_05, RAM_PAGES));
    add(guest, SELF, SPACE_SHARED_INFO, 0, HOLE);
    assertThat(query(guest, CURRENT_RESERVATION, GUEST)).isEqualTo(answer(MemoryRule.QRY_05, RAM_PAGES));
    decrease(guest, RAM + 5);
    assertThat(query(guest, CURRENT_RESERVATION, SELF)).isEqualTo(answer(MemoryRule.QRY_05, RAM_PAGES - 1));
    assertThat(query(control, CURRENT_RESERVATION, GUEST)).isEqualTo(answer(MemoryRule.QRY_05, RAM_PAGES - 1));
  }

  @Test
  void QRY_05_the_maximum_reservation_is_the_domain_s_limit() {
    assertThat(query(guest, MAXIMUM_RESERVATION, SELF)).isEqualTo(answer(MemoryRule.QRY_05, MAX_PAGES));
    assertThat(query(control, MAXIMUM_RESERVATION, SELF)).isEqualTo(answer(MemoryRule.QRY_05, 4000));
    assertThat(query(control, MAXIMUM_RESERVATION, OTHER)).isEqualTo(answer(MemoryRule.QRY_05, MAX_PAGES));
  }

  @Test
  void QRY_05_I37_the_highest_gfn_is_the_highest_ever_set() {
    assertThat(query(guest, MAXIMUM_GPFN, SELF)).isEqualTo(answer(MemoryRule.QRY_05, RAM + RAM_PAGES - 1));
    guest.physmap().set(RAM + 100, mfn(other, RAM), EntryType.GRANT_MAP_RO);
    guest.physmap().remove(RAM + 100, mfn(other, RAM));
    assertThat(query(guest, MAXIMUM_GPFN, SELF)).isEqualTo(answer(MemoryRule.QRY_05, RAM + 100));
  }

  @Test
  void nothing_is_written_back() {
    query(guest, CURRENT_RESERVATION, SELF);
    assertThat(load(guest, ARGUMENT, 8)).isEqualTo(0x5a5a5a5a5a5a0000L | SELF);
  }
}
