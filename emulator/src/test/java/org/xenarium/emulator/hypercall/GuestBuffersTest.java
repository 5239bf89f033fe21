package org.xenarium.emulator.hypercall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xenarium.emulator.Calls;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.physmap.EntryType;

/** How the hypervisor reads and writes a caller's buffers, spec §2.3. */
class GuestBuffersTest extends Calls {
  private final byte[] buffer = new byte[8192];

  @Test
  void a_buffer_in_own_RAM_is_read_and_written() {
    store(guest, ARGUMENT + 100, 8, 0x0807060504030201L);
    assertThat(GuestBuffers.read(guest, ARGUMENT + 101, buffer, 3, 4)).isTrue();
    assertThat(Arrays.copyOf(buffer, 8)).containsExactly(0, 0, 0, 2, 3, 4, 5, 0);
    assertThat(GuestBuffers.write(guest, ARGUMENT + 200, buffer, 4, 2)).isTrue();
    assertThat(load(guest, ARGUMENT + 199, 8)).isEqualTo(0x040300L);
  }

  @Test
  void a_buffer_may_span_pages_whose_frames_are_no_neighbours() {
    long first = mfn(guest, RAM + 5);
    guest.physmap().set(RAM + 5, mfn(guest, RAM + 8), EntryType.RAM_RW);
    guest.physmap().set(RAM + 8, first, EntryType.RAM_RW);
    for (int i = 0; i < 6000; i++) {
      buffer[i] = (byte) (i % 251);
    }
    assertThat(GuestBuffers.write(guest, address(RAM + 4) + 4000, buffer, 0, 6000)).isTrue();
    byte[] read = new byte[8192];
    assertThat(GuestBuffers.read(guest, address(RAM + 4) + 4000, read, 0, 6000)).isTrue();
    assertThat(read).isEqualTo(buffer);
    assertThat(load(guest, address(RAM + 5), 1)).isEqualTo(96);
  }

  @Test
  void bytes_in_pages_before_the_one_that_fails_have_been_transferred() {
    long last = address(RAM + RAM_PAGES) - 4;
    Arrays.fill(buffer, (byte) 0x5a);
    store(guest, last, 4, 0x04030201);
    assertThat(GuestBuffers.read(guest, last, buffer, 0, 8)).isFalse();
    assertThat(Arrays.copyOf(buffer, 8)).containsExactly(1, 2, 3, 4, 0x5a, 0x5a, 0x5a, 0x5a);
    Arrays.fill(buffer, (byte) 0x5a);
    assertThat(GuestBuffers.write(guest, last, buffer, 0, 8)).isFalse();
    assertThat(load(guest, last, 4)).isEqualTo(0x5a5a5a5aL);
  }

  @Test
  void a_buffer_that_begins_in_a_hole_transfers_nothing() {
    store(guest, ARGUMENT, 4, 0x04030201);
    assertThat(GuestBuffers.read(guest, ARGUMENT - 4, buffer, 0, 8)).isFalse();
    assertThat(buffer).containsOnly(0);
    assertThat(GuestBuffers.write(guest, ARGUMENT - 4, buffer, 0, 8)).isFalse();
    assertThat(load(guest, ARGUMENT, 4)).isEqualTo(0x04030201);
  }

  @Test
  void nothing_is_looked_at_for_an_empty_buffer() {
    assertThat(GuestBuffers.read(guest, UNREADABLE, buffer, 0, 0)).isTrue();
    assertThat(GuestBuffers.write(guest, -1, buffer, 0, 0)).isTrue();
  }

  @Test
  void a_buffer_beyond_the_reach_of_the_physmap_fails() {
    for (long at : new long[] {address(REACH), -8, Long.MIN_VALUE, -4}) {
      assertAccess(guest, at, false, false);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RAM_RW", "GRANT_MAP_RW", "RAM_RO", "GRANT_MAP_RO"})
  void the_caller_s_own_page_can_be_read_under_any_RAM_type_and_written_where_the_type_allows_it(EntryType type) {
    guest.physmap().set(HOLE, mfn(guest, RAM + 9), type);
    assertAccess(guest, address(HOLE), true, type == EntryType.RAM_RW || type == EntryType.GRANT_MAP_RW);
  }

  @Test
  void a_page_that_Xen_has_lent_to_the_caller_can_hold_arguments() {
    guest.physmap().set(HOLE, guest.sharedInfo(), EntryType.RAM_RW);
    assertAccess(guest, address(HOLE), true, true);
  }

  @ParameterizedTest
  @EnumSource(names = {"GRANT_MAP_RW", "GRANT_MAP_RO", "MAP_FOREIGN_RW", "MAP_FOREIGN_RO", "RAM_RW"})
  void I41_a_page_of_another_domain_can_hold_no_arguments(EntryType type) {
    guest.physmap().set(HOLE, mfn(other, RAM), type);
    assertAccess(guest, address(HOLE), false, false);
  }

  @Test
  void a_page_can_hold_arguments_of_its_owner_only_also_for_a_control_domain() {
    control.physmap().set(HOLE, mfn(guest, RAM), EntryType.MAP_FOREIGN_RW);
    assertAccess(control, address(HOLE), false, false);
    assertAccess(control, ARGUMENT, true, true);
  }

  @Test
  void MMIO_can_hold_no_arguments_even_with_an_own_page_behind_it() {
    guest.physmap().set(HOLE, mfn(guest, RAM), EntryType.MMIO_DIRECT);
    guest.physmap().set(HOLE + 1, 0x22000, EntryType.MMIO_DIRECT);
    assertAccess(guest, address(HOLE), false, false);
    assertAccess(guest, address(HOLE + 1), false, false);
  }

  @Test
  void a_page_that_was_given_back_can_hold_no_arguments() {
    memory().putAllocation(mfn(guest, RAM + 9));
    assertAccess(guest, address(RAM + 9), false, false);
  }

  @Test
  void a_single_number_is_written_little_endian_or_refused() {
    assertThat(GuestBuffers.writeLong(guest, LIST + 4092, 0x0807060504030201L)).isTrue();
    assertThat(load(guest, LIST + 4092, 8)).isEqualTo(0x0807060504030201L);
    assertThat(GuestBuffers.writeLong(guest, UNREADABLE, 1)).isFalse();
  }

  @Test
  void fields_are_little_endian_and_the_narrow_ones_unsigned() {
    byte[] bytes = new byte[16];
    Bytes.setShort(bytes, 1, 0x1_fffe);
    Bytes.setInt(bytes, 3, 0xfedcba98);
    Bytes.setLong(bytes, 7, -2);
    assertThat(bytes).startsWith(0, 0xfe, 0xff, 0x98, 0xba, 0xdc, 0xfe, 0xfe, 0xff);
    assertThat(Bytes.getShort(bytes, 1)).isEqualTo(0xfffe);
    assertThat(Bytes.getInt(bytes, 3)).isEqualTo(0xfedcba98);
    assertThat(Bytes.getLong(bytes, 7)).isEqualTo(-2);
  }

  private void assertAccess(Domain caller, long address, boolean readable, boolean writable) {
    assertThat(GuestBuffers.read(caller, address, buffer, 0, 4)).as("read").isEqualTo(readable);
    assertThat(GuestBuffers.write(caller, address, buffer, 0, 4)).as("write").isEqualTo(writable);
  }
}
