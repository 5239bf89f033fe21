package org.xenarium.emulator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.state.Digest;

/** A planned lack of pages in Xen's heap. */
class HeapShortageTest {
  private static final int DOMAIN = 1;

  private final MachineMemory memory = new MachineMemory(0x1000, 64, new Owners());

  private boolean lends() {
    return memory.allocateXenHeap(DOMAIN) != Mfn.NONE;
  }

  @Test
  void without_a_plan_the_heap_lends_as_long_as_the_host_has_memory() {
    for (int i = 0; i < 64; i++) {
      assertThat(lends()).isTrue();
    }
    assertThat(lends()).isFalse();
  }

  @Test
  void so_many_pages_are_lent_then_so_many_requests_refused_then_all_is_as_before() {
    memory.shortage().plan(2, 3);
    boolean[] lent = new boolean[7];
    for (int i = 0; i < lent.length; i++) {
      lent[i] = lends();
    }
    assertThat(lent).containsExactly(true, true, false, false, false, true, true);
  }

  @Test
  void a_shortage_may_last_for_ever() {
    memory.shortage().plan(1, HeapShortage.FOR_EVER);
    assertThat(lends()).isTrue();
    for (int i = 0; i < 1000; i++) {
      assertThat(lends()).isFalse();
    }
    memory.shortage().plan(0, 0);
    assertThat(lends()).as("until another plan ends it").isTrue();
  }

  @Test
  void RAM_is_not_of_that_heap() {
    memory.shortage().plan(0, HeapShortage.FOR_EVER);
    assertThat(memory.allocate(DOMAIN)).isNotEqualTo(Mfn.NONE);
  }

  @Test
  void a_plan_shows_in_the_digest_and_is_copied() {
    long before = digest(memory);
    memory.shortage().plan(1, 1);
    long planned = digest(memory);
    assertThat(planned).isNotEqualTo(before);
    MachineMemory copy = memory.copy(new Owners());
    assertThat(digest(copy)).isEqualTo(planned);
    copy.allocateXenHeap(DOMAIN);
    assertThat(copy.allocateXenHeap(DOMAIN)).isEqualTo(Mfn.NONE);
    assertThat(digest(memory)).as("of the copy alone").isEqualTo(planned);
    memory.shortage().plan(1, 2);
    assertThat(digest(memory)).isNotEqualTo(planned);
    memory.shortage().plan(5, 0);
    assertThat(digest(memory)).as("no shortage at all").isEqualTo(before);
  }

  @Test
  void numbers_are_not_negative() {
    assertThatThrownBy(() -> memory.shortage().plan(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> memory.shortage().plan(1, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static long digest(MachineMemory memory) {
    Digest digest = new Digest();
    memory.digest(digest);
    return digest.value();
  }
}
