package org.xenarium.emulator.guest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.state.Digest;

class HeapTest {
  private static final long BASE = 0x40000000L;
  private static final long PAGE = 4096;

  private final Heap heap = new Heap(BASE, 8);

  @Test
  void the_lowest_pages_that_fit_are_taken_and_bytes_are_rounded_up_to_pages() {
    assertThat(heap.allocate(1)).isEqualTo(BASE);
    assertThat(heap.allocate(2 * PAGE)).isEqualTo(BASE + PAGE);
    assertThat(heap.allocate(PAGE + 1)).isEqualTo(BASE + 3 * PAGE);
    assertThat(heap.freePages()).isEqualTo(3);
    assertThat(heap.free(BASE + PAGE)).isTrue();
    assertThat(heap.allocate(3 * PAGE)).isEqualTo(BASE + 5 * PAGE);
    assertThat(heap.allocate(0)).as("a block of no bytes").isEqualTo(BASE + PAGE);
  }

  @Test
  void what_does_not_fit_is_refused_and_nothing_changes() {
    assertThat(heap.allocate(9 * PAGE)).isEqualTo(Heap.NULL);
    assertThat(heap.allocate(-1)).isEqualTo(Heap.NULL);
    assertThat(heap.allocate(0xffff_ffffL * PAGE)).isEqualTo(Heap.NULL);
    assertThat(heap.freePages()).isEqualTo(8);
    assertThat(heap.allocate(8 * PAGE)).isEqualTo(BASE);
    assertThat(heap.allocate(1)).isEqualTo(Heap.NULL);
  }

  @Test
  void only_the_start_of_a_block_can_be_freed_and_only_once() {
    long block = heap.allocate(2 * PAGE);
    assertThat(heap.blockAt(block)).isEqualTo(2);
    for (long wrong : new long[] {block + PAGE, block + 8, block - PAGE, block + 2 * PAGE, BASE + 8 * PAGE, 0}) {
      assertThat(heap.free(wrong)).as("0x%x", wrong).isFalse();
      assertThat(heap.blockAt(wrong)).isZero();
    }
    assertThat(heap.free(block)).isTrue();
    assertThat(heap.free(block)).isFalse();
    assertThat(heap.freePages()).isEqualTo(8);
  }

  @Test
  void a_copy_is_independent_and_equal_heaps_have_equal_digests() {
    heap.allocate(1);
    Heap copy = heap.copy();
    assertThat(digest(copy)).isEqualTo(digest(heap));
    copy.free(BASE);
    assertThat(digest(copy)).isNotEqualTo(digest(heap)).isEqualTo(digest(new Heap(BASE, 8)));
    assertThat(heap.isAllocated(0)).isTrue();
  }

  private static long digest(Heap heap) {
    Digest digest = new Digest();
    heap.digest(digest);
    return digest.value();
  }
}
