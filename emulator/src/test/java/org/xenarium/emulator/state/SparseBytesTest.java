package org.xenarium.emulator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.state.SparseBytes.LEAF_SIZE;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SparseBytesTest {
  private final SparseBytes bytes = new SparseBytes();

  @Test
  void what_was_never_written_is_zero() {
    byte[] target = {1, 2, 3, 4};
    bytes.read(1L << 39, target, 1, 2);
    assertThat(target).containsExactly(1, 0, 0, 4);
    assertThat(bytes.getByte(0)).isZero();
    assertThat(bytes.getShort(2)).isZero();
    assertThat(bytes.getInt(4)).isZero();
    assertThat(bytes.getLong(8)).isZero();
    assertThat(bytes.digest()).isZero();
  }

  @Test
  void numbers_are_little_endian() {
    bytes.setLong(0, 0x8877665544332211L);
    assertThat(bytes.getByte(0)).isEqualTo((byte) 0x11);
    assertThat(bytes.getByte(7)).isEqualTo((byte) 0x88);
    assertThat(bytes.getShort(2)).isEqualTo(0x4433);
    assertThat(bytes.getInt(4)).isEqualTo(0x88776655);
    bytes.setShort(8, 0x1_beef);
    bytes.setByte(10, 0x1_7f);
    assertThat(bytes.getLong(8)).isEqualTo(0x7fbeefL);
  }

  @Test
  void short_numbers_are_read_unsigned() {
    bytes.setShort(0, -1);
    assertThat(bytes.getShort(0)).isEqualTo(0xffff);
  }

  @Test
  void numbers_need_not_be_aligned_within_a_leaf() {
    bytes.setLong(LEAF_SIZE - 8, 0x0102030405060708L);
    bytes.setInt(3, 0x0a0b0c0d);
    assertThat(bytes.getInt(LEAF_SIZE - 7)).isEqualTo(0x04050607);
    assertThat(bytes.getShort(5)).isEqualTo(0x0a0b);
  }

  @Test
  void a_write_may_span_leaves_and_a_part_of_the_array() {
    byte[] source = new byte[700];
    for (int i = 0; i < source.length; i++) {
      source[i] = (byte) i;
    }
    bytes.write(LEAF_SIZE - 10, source, 50, 600);
    byte[] target = new byte[700];
    bytes.read(LEAF_SIZE - 10, target, 50, 600);
    assertThat(List.of(target[49], target[650])).containsOnly((byte) 0);
    for (int i = 50; i < 650; i++) {
      assertThat(target[i]).isEqualTo(source[i]);
    }
    assertThat(bytes.getByte(LEAF_SIZE - 11)).isZero();
    assertThat(bytes.getByte(LEAF_SIZE + 590)).isZero();
  }

  @Test
  void addresses_up_to_2_to_the_60_are_kept_apart() {
    long[] addresses = {0, 1L << 13, 1L << 14, 1L << 20, 1L << 26, 1L << 39, (1L << 40) - 8, (1L << 60) - 8};
    for (long at : addresses) {
      bytes.setLong(at, at + 1);
    }
    for (long at : addresses) {
      assertThat(bytes.getLong(at)).isEqualTo(at + 1);
    }
    assertThat(stored(bytes)).containsExactly(0L, 1L << 13, 1L << 14, 1L << 20, 1L << 26, 1L << 39, (1L << 40) - 256, (1L << 60) - 256);
  }

  @Test
  void a_low_address_may_be_written_after_a_high_one() {
    bytes.setLong(1L << 39, 1);
    bytes.setLong(0, 2);
    assertThat(bytes.getLong(0)).isEqualTo(2);
    assertThat(bytes.getLong(1L << 39)).isEqualTo(1);
  }

  @Test
  void stored_leaves_are_visited_in_the_order_of_addresses() {
    for (long at : new long[] {1L << 39, 5000, 0, 300, 1L << 15}) {
      bytes.setByte(at, 1);
    }
    assertThat(stored(bytes)).containsExactly(0L, 256L, 4864L, 1L << 15, 1L << 39);
    assertThat(bytes.nextStored(10)).as("the leaf that holds the address itself").isZero();
    assertThat(bytes.nextStored(256 + 255)).isEqualTo(256);
    assertThat(bytes.nextStored((1L << 39) + 256)).isEqualTo(-1);
    assertThat(bytes.nextStored(1L << 59)).isEqualTo(-1);
    assertThat(new SparseBytes().nextStored(0)).isEqualTo(-1);
  }

  @Test
  void words_in_which_something_is_set_are_visited_in_the_order_of_addresses() {
    for (long at : new long[] {1L << 39, 5008, 16, 304, 8}) {
      bytes.setLong(at, at == 304 ? 1L << 40 : 1);
    }
    bytes.setLong(64, 0);
    assertThat(LongStream.iterate(bytes.next(0, 8, -1), at -> at >= 0, at -> bytes.next(at + 8, 8, -1)).boxed())
        .containsExactly(8L, 16L, 304L, 5008L, 1L << 39);
    assertThat(bytes.next(0, 16, -1)).as("every other word").isEqualTo(16);
    assertThat(bytes.next(24, 8, 0xffff_ffffL)).as("only some bits").isEqualTo(5008);
    assertThat(bytes.next(5016, 8, -1)).as("across nodes without leaves").isEqualTo(1L << 39);
    assertThat(bytes.next((1L << 39) + 8, 8, -1)).isEqualTo(-1);
    assertThat(bytes.next(1L << 59, 8, -1)).isEqualTo(-1);
  }

  @Test
  void zeroing_what_was_never_written_stores_nothing() {
    bytes.fill(100, 10_000, 0);
    bytes.move(1 << 20, 0, 4096);
    assertThat(bytes.nextStored(0)).isEqualTo(-1);
  }

  @Test
  void a_fill_touches_no_neighbour() {
    bytes.fill(250, 300, 0x1_ab);
    assertThat(bytes.getByte(249)).isZero();
    assertThat(bytes.getByte(250)).isEqualTo((byte) 0xab);
    assertThat(bytes.getByte(549)).isEqualTo((byte) 0xab);
    assertThat(bytes.getByte(550)).isZero();
  }

  @Test
  void a_move_upwards_over_itself_reads_before_it_overwrites() {
    for (int i = 0; i < 1000; i++) {
      bytes.setByte(i, i % 251 + 1);
    }
    bytes.move(0, 100, 900);
    for (int i = 0; i < 900; i++) {
      assertThat(bytes.getByte(100 + i)).isEqualTo((byte) (i % 251 + 1));
    }
  }

  @Test
  void a_move_downwards_over_itself_reads_before_it_overwrites() {
    for (int i = 0; i < 1000; i++) {
      bytes.setByte(i, i % 251 + 1);
    }
    bytes.move(100, 0, 900);
    for (int i = 0; i < 900; i++) {
      assertThat(bytes.getByte(i)).isEqualTo((byte) ((i + 100) % 251 + 1));
    }
  }

  @Test
  void a_move_from_what_was_never_written_zeroes() {
    bytes.setLong(0, -1);
    bytes.move(1 << 20, 2, 4);
    assertThat(bytes.getLong(0)).isEqualTo(0xffff_0000_0000_ffffL);
  }

  @Test
  void writing_to_one_side_of_a_copy_does_not_show_on_the_other() {
    bytes.setLong(0, 1);
    bytes.setLong(1 << 20, 2);
    SparseBytes copy = bytes.copy();
    bytes.setLong(0, 3);
    copy.setLong(1 << 20, 4);
    copy.setLong(1L << 30, 5);
    assertThat(List.of(bytes.getLong(0), bytes.getLong(1 << 20), bytes.getLong(1L << 30))).containsExactly(3L, 2L, 0L);
    assertThat(List.of(copy.getLong(0), copy.getLong(1 << 20), copy.getLong(1L << 30))).containsExactly(1L, 4L, 5L);
  }

  @Test
  void the_digest_is_that_of_the_content_whatever_its_history() {
    SparseBytes other = new SparseBytes();
    bytes.setLong(8, 1);
    bytes.setLong(1 << 20, 2);
    other.setLong(1L << 39, 9);
    other.setLong(1 << 20, 7);
    other.digest();
    other.setLong(1 << 20, 2);
    other.copy().setLong(8, 55);
    other.setLong(8, 1);
    other.setLong(1L << 39, 0);
    assertThat(other.digest()).isEqualTo(bytes.digest());
  }

  @Test
  void zeroed_again_is_as_never_written() {
    bytes.setLong(8, 1);
    assertThat(bytes.digest()).isNotZero();
    bytes.setLong(8, 0);
    assertThat(bytes.digest()).isZero();
  }

  @Test
  void the_same_bytes_elsewhere_have_another_digest() {
    SparseBytes other = new SparseBytes();
    bytes.setLong(0, 1);
    other.setLong(8, 1);
    assertThat(other.digest()).isNotEqualTo(bytes.digest());
  }

  @Test
  void the_digest_is_the_same_in_every_process() {
    bytes.setLong(8, 1);
    bytes.setInt(1 << 20, 0xcafe);
    bytes.setByte(1L << 39, 7);
    assertThat(bytes.digest()).isEqualTo(0xa53b9947154cddd0L);
  }

  static List<Long> stored(SparseBytes bytes) {
    List<Long> found = new ArrayList<>();
    for (long at = bytes.nextStored(0); at >= 0; at = bytes.nextStored(at + LEAF_SIZE)) {
      found.add(at);
    }
    return found;
  }
}
