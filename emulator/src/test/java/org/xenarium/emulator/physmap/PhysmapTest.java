package org.xenarium.emulator.physmap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.memory.Owners;
import org.xenarium.emulator.state.Digest;

/** The primitive rules of spec §6.1. */
class PhysmapTest {
  private static final int DOMAIN = 1;
  private static final int OTHER = 2;
  private static final long REACH = 1L << 28;

  private final Owners owners = new Owners();
  private final MachineMemory memory = new MachineMemory(0x1000, 16, owners);
  private final Physmap physmap = new Physmap(DOMAIN, REACH, memory);
  private final long ram = memory.allocate(DOMAIN);
  private final long ram2 = memory.allocate(DOMAIN);
  private final long foreign = memory.allocate(OTHER);
  private final long heap = memory.allocateXenHeap(DOMAIN);

  @Test
  void a_new_physmap_is_all_holes() {
    assertThat(physmap.entry(0)).isEqualTo(Physmap.HOLE);
    assertThat(physmap.entry(REACH - 1)).isEqualTo(Physmap.HOLE);
    assertThat(physmap.next(0)).isEqualTo(-1);
    assertThat(physmap.maxMapped()).isZero();
    assertThat(physmap.reach()).isEqualTo(REACH);
  }

  @Test
  void an_entry_is_a_frame_and_a_type() {
    assertThat(physmap.set(5, ram, EntryType.RAM_RO)).isEqualTo(Change.DONE);
    assertThat(Physmap.mfn(physmap.entry(5))).isEqualTo(ram);
    assertThat(Physmap.type(physmap.entry(5))).isEqualTo(EntryType.RAM_RO);
    assertThat(physmap.entry(4)).isEqualTo(Physmap.HOLE);
    assertThat(physmap.entry(6)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void P1_a_set_replaces_RAM_without_a_word_and_the_page_stays_owned() {
    physmap.set(5, ram, EntryType.RAM_RW);
    assertThat(physmap.set(5, ram2, EntryType.RAM_RW)).isEqualTo(Change.DONE);
    assertThat(Physmap.mfn(physmap.entry(5))).isEqualTo(ram2);
    assertThat(memory.owner(ram)).isEqualTo(DOMAIN);
    assertThat(memory.references(ram)).isEqualTo(1);
  }

  @Test
  void P1_a_set_over_a_grant_mapping_drops_no_reference() {
    memory.get(foreign, OTHER);
    physmap.set(5, foreign, EntryType.GRANT_MAP_RW);
    physmap.set(5, ram, EntryType.RAM_RW);
    assertThat(memory.references(foreign)).as("the pin stays").isEqualTo(2);
  }

  @Test
  void P1_a_set_over_a_foreign_mapping_drops_its_page_reference() {
    mapForeign(5, EntryType.MAP_FOREIGN_RW);
    assertThat(memory.references(foreign)).isEqualTo(2);
    physmap.set(5, ram, EntryType.RAM_RW);
    assertThat(memory.references(foreign)).isEqualTo(1);
  }

  @Test
  void P1_a_set_of_the_same_foreign_page_again_counts_as_a_change_of_type_and_its_first_reference_is_never_dropped() {
    mapForeign(5, EntryType.MAP_FOREIGN_RO);
    mapForeign(5, EntryType.MAP_FOREIGN_RW);
    assertThat(memory.references(foreign)).isEqualTo(3);
    physmap.remove(5, foreign);
    assertThat(memory.references(foreign)).as("the owner's, and one that nobody holds").isEqualTo(2);
  }

  @Test
  void P1_a_grant_of_a_Xen_heap_page_mapped_over_that_page_leaves_its_stored_gfn() {
    physmap.set(5, heap, EntryType.RAM_RW);
    physmap.set(5, heap, EntryType.GRANT_MAP_RW);
    assertThat(memory.storedGfn(heap)).isEqualTo(5);
    physmap.remove(5, heap);
    assertThat(memory.storedGfn(heap)).as("though it lies there no more").isEqualTo(5);
  }

  @Test
  void P1_a_set_over_a_Xen_heap_page_makes_its_stored_gfn_none() {
    physmap.set(5, heap, EntryType.RAM_RW);
    assertThat(memory.storedGfn(heap)).isEqualTo(5);
    physmap.set(5, ram, EntryType.RAM_RW);
    assertThat(memory.storedGfn(heap)).isEqualTo(Mfn.NONE);
  }

  @Test
  void I38_a_Xen_heap_page_set_again_at_its_gfn_is_still_stored_there() {
    physmap.set(5, heap, EntryType.RAM_RW);
    physmap.set(5, heap, EntryType.RAM_RW);
    assertThat(memory.storedGfn(heap)).isEqualTo(5);
  }

  @Test
  void a_grant_mapping_of_a_Xen_heap_page_does_not_touch_its_stored_gfn() {
    physmap.set(5, heap, EntryType.RAM_RW);
    physmap.set(9, heap, EntryType.GRANT_MAP_RW);
    assertThat(memory.storedGfn(heap)).isEqualTo(5);
    physmap.remove(9, heap);
    assertThat(memory.storedGfn(heap)).isEqualTo(5);
  }

  @Test
  void ordinary_RAM_has_no_stored_gfn() {
    physmap.set(5, ram, EntryType.RAM_RW);
    assertThat(memory.storedGfn(ram)).isEqualTo(Mfn.NONE);
  }

  @Test
  void P2_beyond_the_reach_nothing_is_set() {
    for (long gfn : new long[] {REACH, REACH + 1, 1L << 40, Long.MIN_VALUE, -1}) {
      assertThat(physmap.set(gfn, ram, EntryType.RAM_RW)).isEqualTo(Change.OUT_OF_REACH);
      assertThat(physmap.remove(gfn, ram)).isEqualTo(Change.OUT_OF_REACH);
      assertThat(physmap.entry(gfn)).isEqualTo(Physmap.HOLE);
    }
    assertThat(physmap.set(REACH - 1, ram, EntryType.RAM_RW)).isEqualTo(Change.DONE);
    assertThat(physmap.maxMapped()).isEqualTo(REACH - 1);
  }

  @Test
  void P2_in_a_dying_domain_s_physmap_nothing_is_set_or_removed() {
    physmap.set(5, ram, EntryType.RAM_RW);
    physmap.close();
    assertThat(physmap.set(6, ram2, EntryType.RAM_RW)).isEqualTo(Change.DYING);
    assertThat(physmap.set(5, ram2, EntryType.RAM_RW)).isEqualTo(Change.DYING);
    assertThat(physmap.remove(5, ram)).isEqualTo(Change.DYING);
    assertThat(Physmap.mfn(physmap.entry(5))).isEqualTo(ram);
    assertThat(physmap.maxMapped()).isEqualTo(5);
  }

  @Test
  void the_errnos_of_changes_are_those_of_P2_and_P3() {
    assertThat(Change.DONE.errno()).isZero();
    assertThat(Change.OUT_OF_REACH.errno()).isEqualTo(-22);
    assertThat(Change.DYING.errno()).isEqualTo(-12);
    assertThat(Change.OTHER_FRAME.errno()).isEqualTo(-84);
  }

  @Test
  void P3_a_removed_entry_is_a_hole() {
    physmap.set(5, ram, EntryType.RAM_RW);
    assertThat(physmap.remove(5, ram)).isEqualTo(Change.DONE);
    assertThat(physmap.entry(5)).isEqualTo(Physmap.HOLE);
    assertThat(memory.references(ram)).as("the page stays owned").isEqualTo(1);
  }

  @Test
  void P3_RAM_of_another_frame_is_not_removed() {
    physmap.set(5, ram, EntryType.RAM_RW);
    assertThat(physmap.remove(5, ram2)).isEqualTo(Change.OTHER_FRAME);
    assertThat(Physmap.mfn(physmap.entry(5))).isEqualTo(ram);
    physmap.set(6, foreign, EntryType.GRANT_MAP_RO);
    assertThat(physmap.remove(6, ram)).isEqualTo(Change.OTHER_FRAME);
  }

  @Test
  void P3_MMIO_is_removed_whatever_frame_is_named() {
    physmap.set(5, 0x9000, EntryType.MMIO_DIRECT);
    assertThat(physmap.remove(5, ram)).isEqualTo(Change.DONE);
    assertThat(physmap.entry(5)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void P3_a_hole_stays_a_hole() {
    assertThat(physmap.remove(5, ram)).isEqualTo(Change.DONE);
    assertThat(physmap.entry(5)).isEqualTo(Physmap.HOLE);
    assertThat(physmap.maxMapped()).isZero();
  }

  @Test
  void P3_removing_a_foreign_mapping_drops_its_page_reference() {
    mapForeign(5, EntryType.MAP_FOREIGN_RO);
    physmap.remove(5, foreign);
    assertThat(memory.references(foreign)).isEqualTo(1);
  }

  @Test
  void P3_removing_a_Xen_heap_page_makes_its_stored_gfn_none() {
    physmap.set(5, heap, EntryType.RAM_RW);
    physmap.remove(5, heap);
    assertThat(memory.storedGfn(heap)).isEqualTo(Mfn.NONE);
    assertThat(memory.references(heap)).isEqualTo(1);
  }

  @Test
  void P4_the_lookup_references_own_pages_under_any_RAM_type() {
    for (EntryType type : new EntryType[] {EntryType.RAM_RW, EntryType.RAM_RO, EntryType.GRANT_MAP_RW, EntryType.GRANT_MAP_RO}) {
      physmap.set(5, ram, type);
      assertThat(physmap.lookupAndGet(5)).isEqualTo(ram);
      assertThat(memory.references(ram)).isEqualTo(2);
      assertThat(physmap.lookupOwnedAndGet(5)).isEqualTo(ram);
      assertThat(memory.references(ram)).isEqualTo(3);
      memory.put(ram);
      memory.put(ram);
    }
  }

  @Test
  void P4_the_lookup_references_the_page_behind_a_foreign_mapping() {
    mapForeign(5, EntryType.MAP_FOREIGN_RW);
    assertThat(physmap.lookupAndGet(5)).isEqualTo(foreign);
    assertThat(memory.references(foreign)).isEqualTo(3);
  }

  @Test
  void I41_a_foreign_mapping_cannot_be_granted_on_or_copied_by_frame() {
    mapForeign(5, EntryType.MAP_FOREIGN_RW);
    assertThat(physmap.lookupOwnedAndGet(5)).isEqualTo(Mfn.NONE);
    assertThat(memory.references(foreign)).isEqualTo(2);
  }

  @Test
  void P4_the_lookup_fails_at_a_grant_mapping_of_another_domain_s_page() {
    physmap.set(5, foreign, EntryType.GRANT_MAP_RW);
    assertThat(physmap.lookupAndGet(5)).isEqualTo(Mfn.NONE);
    assertThat(physmap.lookupOwnedAndGet(5)).isEqualTo(Mfn.NONE);
    assertThat(memory.references(foreign)).isEqualTo(1);
  }

  @Test
  void P4_the_lookup_fails_at_holes_MMIO_beyond_the_reach_and_where_no_frame_exists() {
    physmap.set(5, ram, EntryType.MMIO_DIRECT);
    physmap.set(6, 0x9000, EntryType.RAM_RW);
    physmap.set(7, 0x9000, EntryType.MAP_FOREIGN_RW);
    for (long gfn : new long[] {4, 5, 6, 7, REACH, -1}) {
      assertThat(physmap.lookupAndGet(gfn)).isEqualTo(Mfn.NONE);
      assertThat(physmap.lookupOwnedAndGet(gfn)).as("gfn %d", gfn).isEqualTo(Mfn.NONE);
    }
    assertThat(memory.references(ram)).isEqualTo(1);
  }

  @Test
  void P5_the_highest_mapped_gfn_only_grows() {
    physmap.set(50, ram, EntryType.RAM_RW);
    physmap.set(5, ram2, EntryType.RAM_RW);
    physmap.remove(50, ram);
    assertThat(physmap.maxMapped()).isEqualTo(50);
    physmap.set(60, foreign, EntryType.GRANT_MAP_RO);
    assertThat(physmap.maxMapped()).isEqualTo(60);
  }

  @Test
  void entries_are_visited_in_order_and_holes_passed_over() {
    for (long gfn : new long[] {0, 31, 32, 1000, REACH - 1}) {
      physmap.set(gfn, ram, EntryType.RAM_RW);
    }
    physmap.remove(32, ram);
    assertThat(physmap.next(0)).isZero();
    assertThat(physmap.next(1)).isEqualTo(31);
    assertThat(physmap.next(32)).isEqualTo(1000);
    assertThat(physmap.next(1001)).isEqualTo(REACH - 1);
    assertThat(physmap.next(REACH)).isEqualTo(-1);
  }

  @Test
  void the_tear_down_removes_one_entry_at_a_time_also_when_closed() {
    mapForeign(5, EntryType.MAP_FOREIGN_RW);
    physmap.set(7, heap, EntryType.RAM_RW);
    physmap.close();
    assertThat(physmap.tearDown(0)).isEqualTo(6);
    assertThat(memory.references(foreign)).isEqualTo(1);
    assertThat(memory.storedGfn(heap)).isEqualTo(7);
    assertThat(physmap.tearDown(6)).isEqualTo(8);
    assertThat(memory.storedGfn(heap)).isEqualTo(Mfn.NONE);
    assertThat(physmap.tearDown(8)).isEqualTo(-1);
    assertThat(physmap.next(0)).isEqualTo(-1);
  }

  @Test
  void a_copy_works_on_its_own_memory() {
    mapForeign(5, EntryType.MAP_FOREIGN_RW);
    MachineMemory otherMemory = memory.copy(new Owners());
    Physmap copy = physmap.copy(otherMemory);
    assertThat(digest(copy)).isEqualTo(digest(physmap));
    copy.remove(5, foreign);
    assertThat(otherMemory.references(foreign)).isEqualTo(1);
    assertThat(memory.references(foreign)).isEqualTo(2);
    assertThat(Physmap.mfn(physmap.entry(5))).isEqualTo(foreign);
    assertThat(digest(copy)).isNotEqualTo(digest(physmap));
  }

  @Test
  void the_digest_tells_the_highest_gfn_and_the_closing() {
    long empty = digest(physmap);
    physmap.set(5, ram, EntryType.RAM_RW);
    physmap.remove(5, ram);
    long grown = digest(physmap);
    physmap.close();
    assertThat(grown).isNotEqualTo(empty);
    assertThat(digest(physmap)).isNotEqualTo(grown);
  }

  private void mapForeign(long gfn, EntryType type) {
    assertThat(memory.get(foreign, OTHER)).isTrue();
    physmap.set(gfn, foreign, type);
  }

  private static long digest(Physmap physmap) {
    Digest digest = new Digest();
    physmap.digest(digest);
    return digest.value();
  }
}
