package org.xenarium.emulator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.state.Digest;

/** Frames, spec §0 "Page" and §11.6. */
class MachineMemoryTest {
  private static final long FIRST = 0x1000;
  private static final int FRAMES = 8;
  private static final int DOMAIN = 1;
  private static final int OTHER = 2;

  private final Owners owners = new Owners();
  private final MachineMemory memory = new MachineMemory(FIRST, FRAMES, owners);

  @Test
  void all_frames_are_free_and_zero_at_the_start() {
    for (long mfn = FIRST; mfn < FIRST + FRAMES; mfn++) {
      assertThat(memory.isValid(mfn)).isTrue();
      assertThat(memory.owner(mfn)).isEqualTo(-1);
      assertThat(memory.references(mfn)).isZero();
      assertThat(memory.isAllocated(mfn)).isFalse();
      assertThat(memory.storedGfn(mfn)).isEqualTo(Mfn.NONE);
      assertThat(memory.content().getLong(memory.address(mfn))).isZero();
    }
    assertThat(memory.hasFree(FRAMES)).isTrue();
    assertThat(memory.hasFree(FRAMES + 1)).isFalse();
  }

  @Test
  void frames_that_do_not_exist_have_no_owner_and_give_no_reference() {
    for (long mfn : new long[] {FIRST - 1, FIRST + FRAMES, -1, Long.MIN_VALUE, 0}) {
      assertThat(memory.isValid(mfn)).isFalse();
      assertThat(memory.owner(mfn)).isEqualTo(-1);
      assertThat(memory.references(mfn)).isZero();
      assertThat(memory.isAllocated(mfn)).isFalse();
      assertThat(memory.isXenHeap(mfn)).isFalse();
      assertThat(memory.get(mfn, DOMAIN)).isFalse();
      assertThat(memory.get(mfn, -1)).isFalse();
    }
  }

  @Test
  void an_allocated_frame_has_an_owner_the_allocation_bit_and_one_reference() {
    long mfn = memory.allocate(DOMAIN);
    assertThat(mfn).isEqualTo(FIRST);
    assertThat(memory.owner(mfn)).isEqualTo(DOMAIN);
    assertThat(memory.isAllocated(mfn)).isTrue();
    assertThat(memory.isXenHeap(mfn)).isFalse();
    assertThat(memory.references(mfn)).isEqualTo(1);
  }

  @Test
  void domain_0_owns_frames_like_any_other() {
    long mfn = memory.allocate(0);
    assertThat(memory.owner(mfn)).isZero();
    assertThat(memory.get(mfn, 0)).isTrue();
  }

  @Test
  void the_lowest_free_frame_is_given_first() {
    List<Long> given = allocateAll();
    assertThat(given).containsExactly(FIRST, FIRST + 1, FIRST + 2, FIRST + 3, FIRST + 4, FIRST + 5, FIRST + 6, FIRST + 7);
    memory.putAllocation(FIRST + 5);
    memory.putAllocation(FIRST + 2);
    assertThat(allocateAll()).containsExactly(FIRST + 2, FIRST + 5);
  }

  @Test
  void the_frame_to_be_given_next_can_be_told_without_taking_it() {
    assertThat(memory.firstFree()).isEqualTo(FIRST);
    memory.allocateAt(FIRST, DOMAIN);
    assertThat(memory.firstFree()).isEqualTo(FIRST + 1);
    assertThat(memory.owner(FIRST + 1)).isEqualTo(-1);
    assertThat(memory.allocate(DOMAIN)).isEqualTo(FIRST + 1);
    allocateAll();
    assertThat(memory.firstFree()).isEqualTo(Mfn.NONE);
  }

  @Test
  void nothing_is_given_when_nothing_is_free() {
    allocateAll();
    assertThat(memory.allocate(OTHER)).isEqualTo(Mfn.NONE);
    assertThat(memory.allocateXenHeap(OTHER)).isEqualTo(Mfn.NONE);
    assertThat(memory.hasFree(1)).isFalse();
    assertThat(memory.hasFree(0)).isTrue();
  }

  @Test
  void a_frame_can_be_asked_for_by_number_if_it_is_free() {
    memory.allocateAt(FIRST + 3, DOMAIN);
    assertThat(memory.owner(FIRST + 3)).isEqualTo(DOMAIN);
    assertThatThrownBy(() -> memory.allocateAt(FIRST + 3, OTHER)).hasMessageContaining("0x1003");
    assertThatThrownBy(() -> memory.allocateAt(FIRST + FRAMES, OTHER)).isInstanceOf(IllegalArgumentException.class);
    assertThat(allocateAll()).doesNotContain(FIRST + 3).hasSize(FRAMES - 1);
  }

  @Test
  void frames_in_a_row_begin_at_a_multiple_of_their_number() {
    memory.allocateAt(FIRST + 1, OTHER);
    assertThat(memory.allocate(DOMAIN, 2, Long.MAX_VALUE)).isEqualTo(FIRST + 4);
    assertThat(memory.allocate(DOMAIN, 1, Long.MAX_VALUE)).isEqualTo(FIRST + 2);
    assertThat(memory.owner(FIRST + 7)).isEqualTo(DOMAIN);
    assertThat(memory.references(FIRST + 7)).isEqualTo(1);
    assertThat(memory.isAllocated(FIRST + 7)).isTrue();
    assertThat(memory.allocate(DOMAIN, 0, Long.MAX_VALUE)).isEqualTo(FIRST);
  }

  @Test
  void frames_in_a_row_do_not_begin_at_the_first_free_one_unless_that_is_such_a_multiple() {
    memory.allocateAt(FIRST, OTHER);
    assertThat(memory.allocate(DOMAIN, 1, Long.MAX_VALUE)).isEqualTo(FIRST + 2);
    assertThat(memory.allocate(DOMAIN)).isEqualTo(FIRST + 1);
  }

  @Test
  void frames_in_a_row_end_below_a_limit() {
    assertThat(memory.allocate(DOMAIN, 2, FIRST + 3)).isEqualTo(Mfn.NONE);
    assertThat(memory.allocate(DOMAIN, 2, FIRST + 4)).isEqualTo(FIRST);
    assertThat(memory.allocate(DOMAIN, 2, FIRST + 4)).isEqualTo(Mfn.NONE);
    assertThat(memory.allocate(DOMAIN, 18, Long.MAX_VALUE)).as("more than there is").isEqualTo(Mfn.NONE);
  }

  @Test
  void a_static_frame_is_nobody_s_when_its_last_reference_goes_and_nobody_else_s_ever() {
    memory.allocateAt(FIRST + 3, DOMAIN);
    memory.makeStatic(FIRST + 3);
    memory.putAllocation(FIRST + 3);
    assertThat(memory.owner(FIRST + 3)).isEqualTo(-1);
    assertThat(memory.references(FIRST + 3)).isZero();
    assertThatThrownBy(() -> memory.allocateAt(FIRST + 3, OTHER)).hasMessageContaining("0x1003");
    assertThat(allocateAll()).doesNotContain(FIRST + 3).hasSize(FRAMES - 1);
    memory.giveStatic(FIRST + 3, DOMAIN);
    assertThat(memory.get(FIRST + 3, DOMAIN)).isTrue();
    assertThat(memory.isAllocated(FIRST + 3)).isTrue();
  }

  @Test
  void only_the_owner_s_name_gives_a_reference() {
    long mfn = memory.allocate(DOMAIN);
    assertThat(memory.get(mfn, OTHER)).isFalse();
    assertThat(memory.get(mfn, DOMAIN)).isTrue();
    assertThat(memory.references(mfn)).isEqualTo(2);
  }

  @Test
  void I43_a_frame_is_free_when_the_last_reference_goes_and_not_before() {
    long mfn = memory.allocate(DOMAIN);
    memory.get(mfn, DOMAIN);
    assertThat(memory.putAllocation(mfn)).isTrue();
    assertThat(memory.owner(mfn)).isEqualTo(DOMAIN);
    assertThat(owners.freed).isEmpty();
    memory.put(mfn);
    assertThat(memory.owner(mfn)).isEqualTo(-1);
    assertThat(memory.references(mfn)).isZero();
    assertThat(owners.freed).containsExactly("ram of 1");
  }

  @Test
  void the_allocation_reference_can_be_dropped_once() {
    long mfn = memory.allocate(DOMAIN);
    memory.get(mfn, DOMAIN);
    memory.putAllocation(mfn);
    assertThat(memory.putAllocation(mfn)).isFalse();
    assertThat(memory.references(mfn)).isEqualTo(1);
    assertThat(memory.putAllocation(FIRST + 7)).isFalse();
  }

  @Test
  void a_freed_frame_keeps_its_content_until_and_after_it_is_given_away() {
    long mfn = memory.allocate(DOMAIN);
    memory.content().setLong(memory.address(mfn), 42);
    memory.putAllocation(mfn);
    assertThat(memory.content().getLong(memory.address(mfn))).isEqualTo(42);
    assertThat(memory.allocate(OTHER)).isEqualTo(mfn);
    assertThat(memory.content().getLong(memory.address(mfn))).isEqualTo(42);
  }

  @Test
  void a_frame_that_a_dying_domain_loses_is_scrubbed() {
    long mfn = memory.allocate(DOMAIN);
    long neighbour = memory.allocate(OTHER);
    memory.content().setLong(memory.address(mfn) + 4088, 42);
    memory.content().setLong(memory.address(neighbour), 43);
    owners.dying.add(DOMAIN);
    memory.putAllocation(mfn);
    assertThat(memory.content().getLong(memory.address(mfn) + 4088)).isZero();
    assertThat(memory.content().getLong(memory.address(neighbour))).isEqualTo(43);
  }

  @Test
  void frames_of_the_Xen_heap_come_zeroed_from_the_top() {
    memory.content().setLong(memory.address(FIRST + 7), 42);
    assertThat(memory.allocateXenHeap(DOMAIN)).isEqualTo(FIRST + 7);
    assertThat(memory.content().getLong(memory.address(FIRST + 7))).isZero();
    assertThat(memory.isXenHeap(FIRST + 7)).isTrue();
    assertThat(memory.references(FIRST + 7)).isEqualTo(1);
    memory.allocateAt(FIRST + 6, OTHER);
    assertThat(memory.allocateXenHeap(DOMAIN)).isEqualTo(FIRST + 5);
  }

  @Test
  void a_Xen_heap_frame_without_references_is_not_reused_while_its_domain_lives() {
    long mfn = memory.allocateXenHeap(DOMAIN);
    memory.content().setLong(memory.address(mfn), 42);
    memory.putAllocation(mfn);
    assertThat(owners.freed).containsExactly("xen heap of 1");
    assertThat(memory.references(mfn)).isZero();
    assertThat(memory.owner(mfn)).isEqualTo(DOMAIN);
    assertThat(memory.get(mfn, DOMAIN)).as("add_to_physmap of it answers -EBUSY").isFalse();
    assertThat(memory.content().getLong(memory.address(mfn))).as("Xen goes on using it").isEqualTo(42);
    assertThat(allocateAll()).doesNotContain(mfn).hasSize(FRAMES - 1);
  }

  @Test
  void a_Xen_heap_frame_that_nobody_has_seen_is_taken_back_without_a_word() {
    long mfn = memory.allocateXenHeap(DOMAIN);
    memory.takeBack(mfn);
    assertThat(memory.owner(mfn)).isEqualTo(-1);
    assertThat(memory.references(mfn)).isZero();
    assertThat(memory.isXenHeap(mfn)).isFalse();
    assertThat(owners.freed).isEmpty();
    assertThat(memory.allocateXenHeap(OTHER)).isEqualTo(mfn);
  }

  @Test
  void the_frames_of_a_domain_that_has_disappeared_are_taken_back_zeroed() {
    long lent = memory.allocateXenHeap(DOMAIN);
    long others = memory.allocateXenHeap(OTHER);
    memory.setStoredGfn(lent, 5);
    memory.content().setLong(memory.address(lent), 42);
    memory.putAllocation(lent);
    memory.reclaim(DOMAIN);
    assertThat(memory.owner(lent)).isEqualTo(-1);
    assertThat(memory.isXenHeap(lent)).isFalse();
    assertThat(memory.storedGfn(lent)).isEqualTo(Mfn.NONE);
    assertThat(memory.content().getLong(memory.address(lent))).isZero();
    assertThat(memory.owner(others)).isEqualTo(OTHER);
    assertThat(memory.allocateXenHeap(OTHER)).isEqualTo(lent);
  }

  @Test
  void a_Xen_heap_frame_remembers_one_gfn_or_none() {
    long mfn = memory.allocateXenHeap(DOMAIN);
    assertThat(memory.storedGfn(mfn)).isEqualTo(Mfn.NONE);
    memory.setStoredGfn(mfn, 0);
    assertThat(memory.storedGfn(mfn)).isZero();
    memory.setStoredGfn(mfn, Mfn.NONE);
    assertThat(memory.storedGfn(mfn)).isEqualTo(Mfn.NONE);
  }

  @Test
  void the_frames_of_a_domain_are_visited_in_order() {
    memory.allocateAt(FIRST + 4, DOMAIN);
    memory.allocateAt(FIRST + 1, DOMAIN);
    memory.allocateAt(FIRST + 2, OTHER);
    long heap = memory.allocateXenHeap(DOMAIN);
    List<Long> visited = new ArrayList<>();
    for (long mfn = memory.nextOwned(DOMAIN, FIRST); mfn != Mfn.NONE; mfn = memory.nextOwned(DOMAIN, mfn + 1)) {
      visited.add(mfn);
    }
    assertThat(visited).containsExactly(FIRST + 1, FIRST + 4, heap);
    assertThat(memory.nextOwned(3, FIRST)).isEqualTo(Mfn.NONE);
  }

  @Test
  void a_copy_is_independent_and_reports_to_its_own_owners() {
    long mfn = memory.allocate(DOMAIN);
    memory.content().setLong(memory.address(mfn), 1);
    Owners others = new Owners();
    MachineMemory copy = memory.copy(others);
    assertThat(digest(copy)).isEqualTo(digest(memory));
    copy.content().setLong(copy.address(mfn), 2);
    copy.putAllocation(mfn);
    assertThat(owners.freed).isEmpty();
    assertThat(others.freed).containsExactly("ram of 1");
    assertThat(memory.owner(mfn)).isEqualTo(DOMAIN);
    assertThat(memory.content().getLong(memory.address(mfn))).isEqualTo(1);
    assertThat(copy.allocate(OTHER)).isEqualTo(memory.allocate(OTHER) - 1);
  }

  @Test
  void the_digest_tells_owners_references_and_content_apart() {
    long empty = digest(memory);
    long mfn = memory.allocate(DOMAIN);
    long owned = digest(memory);
    memory.get(mfn, DOMAIN);
    long referenced = digest(memory);
    memory.content().setByte(memory.address(mfn), 1);
    long written = digest(memory);
    assertThat(List.of(empty, owned, referenced, written)).doesNotHaveDuplicates();
    memory.content().setByte(memory.address(mfn), 0);
    memory.put(mfn);
    memory.put(mfn);
    assertThat(digest(memory)).as("free and zero again").isEqualTo(empty);
  }

  private List<Long> allocateAll() {
    List<Long> given = new ArrayList<>();
    for (long mfn = memory.allocate(DOMAIN); mfn != Mfn.NONE; mfn = memory.allocate(DOMAIN)) {
      given.add(mfn);
    }
    return given;
  }

  private static long digest(MachineMemory memory) {
    Digest digest = new Digest();
    memory.digest(digest);
    return digest.value();
  }
}
