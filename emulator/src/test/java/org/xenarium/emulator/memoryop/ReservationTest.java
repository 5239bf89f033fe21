package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.memoryop.MemoryAbi.DECREASE_RESERVATION;
import static org.xenarium.emulator.memoryop.MemoryAbi.INCREASE_RESERVATION;
import static org.xenarium.emulator.memoryop.MemoryAbi.POPULATE_PHYSMAP;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_SHARED_INFO;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.MemoryConfig;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** What increase_reservation, decrease_reservation and populate_physmap answer, spec §6.2: how many extents were done, never an errno. */
public class ReservationTest extends MemoryCalls {
  private static final int[] ALL = {INCREASE_RESERVATION, DECREASE_RESERVATION, POPULATE_PHYSMAP};
  private static final int ON_DEMAND = 1 << 16;
  private static final int EXACT_NODE_0 = 1 << 17 | 1 << 8;

  @Test
  void RES_01_an_unreadable_struct_is_the_end_at_the_start_extent() {
    for (int operation : ALL) {
      assertThat(memoryOp(guest, operation, 0, UNREADABLE)).isEqualTo(answer(MemoryRule.RES_01, 0));
      assertThat(memoryOp(guest, operation, 7, UNREADABLE)).isEqualTo(answer(MemoryRule.RES_01, 7));
      assertThat(memoryOp(guest, operation, 0, address(RAM + RAM_PAGES) - 31)).isEqualTo(answer(MemoryRule.RES_01, 0));
    }
  }

  @Test
  void RES_02_more_than_0x3FFFFFF_extents_are_too_many() {
    for (int operation : ALL) {
      for (long extents : new long[] {0x400_0000, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
        writeReservation(guest, SELF, LIST, extents, 0, 0);
        assertThat(memoryOp(guest, operation, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.RES_02, 0));
        assertThat(memoryOp(guest, operation, 7, ARGUMENT)).isEqualTo(answer(MemoryRule.RES_02, 7));
      }
    }
    writeReservation(guest, SELF, 0, 0x3ff_ffff, 0, 0);
    assertThat(memoryOp(guest, POPULATE_PHYSMAP, 0, ARGUMENT)).as("the most").isEqualTo(answer(MemoryRule.RES_08, 0));
  }

  @Test
  void RES_03_without_an_extent_to_do_nothing_is_done() {
    for (int operation : ALL) {
      assertThat(reserve(guest, operation, SELF, 0, 0)).isEqualTo(answer(MemoryRule.RES_03, 0));
      assertThat(reserve(guest, operation, NOBODY, 99, -1)).as("before all else").isEqualTo(answer(MemoryRule.RES_03, 0));
      writeReservation(guest, SELF, LIST, 2, 0, 0);
      assertThat(memoryOp(guest, operation, 2, ARGUMENT)).isEqualTo(answer(MemoryRule.RES_03, 2));
      assertThat(memoryOp(guest, operation, 3, ARGUMENT)).isEqualTo(answer(MemoryRule.RES_03, 3));
    }
  }

  @Test
  void RES_04_for_an_unknown_domain_nothing_is_done() {
    for (int operation : ALL) {
      assertThat(reserve(guest, operation, NOBODY, 0, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_04, 0));
      assertThat(reserve(guest, operation, 0x7ff1, 0, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_04, 0));
      assertThat(reserve(guest, operation, NOBODY, 99, 1, HOLE)).as("before flags and order").isEqualTo(answer(MemoryRule.RES_04, 0));
    }
  }

  @Test
  void RES_05_an_address_limit_within_a_page_cannot_be() {
    for (int operation : ALL) {
      for (int bits = 1; bits <= 12; bits++) {
        assertThat(reserve(guest, operation, SELF, 0, bits, HOLE)).isEqualTo(answer(MemoryRule.RES_05, 0));
      }
    }
    assertThat(reserve(guest, POPULATE_PHYSMAP, OTHER, 0, 12, HOLE)).as("before the privilege").isEqualTo(answer(MemoryRule.RES_05, 0));
  }

  @Test
  void RES_05_only_a_control_domain_can_insist_on_a_node() {
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 0, EXACT_NODE_0, HOLE)).isEqualTo(answer(MemoryRule.RES_05, 0));
    assertThat(reserve(control, POPULATE_PHYSMAP, SELF, 0, EXACT_NODE_0, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 0, 1 << 8, HOLE)).as("a wish").isEqualTo(answer(MemoryRule.RES_16, 1));
  }

  @Test
  void RES_06_an_unprivileged_domain_may_not_act_on_another() {
    for (int operation : ALL) {
      assertThat(reserve(guest, operation, OTHER, 0, 0, RAM + 5)).isEqualTo(answer(MemoryRule.RES_06, 0));
      assertThat(reserve(guest, operation, OTHER, 99, 0, RAM + 5)).as("before the order").isEqualTo(answer(MemoryRule.RES_06, 0));
    }
    assertThat(other.totPages()).isEqualTo(RAM_PAGES);
  }

  @Test
  void RES_07_a_guest_s_extents_are_of_order_9_at_most_and_a_control_domain_s_of_18() {
    for (int operation : ALL) {
      for (int order : new int[] {10, 18, 31, -1}) {
        assertThat(reserve(guest, operation, SELF, order, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_07, 0));
      }
      assertThat(reserve(control, operation, SELF, 19, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_07, 0));
      assertThat(reserve(guest, operation, SELF, 9, 0, HOLE).rule()).isNotEqualTo(MemoryRule.RES_07);
      assertThat(reserve(control, operation, SELF, 18, 0, HOLE).rule()).isNotEqualTo(MemoryRule.RES_07);
    }
  }

  @Test
  void RES_08_an_unreadable_list_ends_the_call_where_it_cannot_be_read() {
    long end = address(RAM + RAM_PAGES);
    writeReservation(guest, SELF, end - 16, 3, 0, 0);
    store(guest, end - 16, 8, HOLE);
    store(guest, end - 8, 8, HOLE + 1);
    assertThat(memoryOp(guest, POPULATE_PHYSMAP, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.RES_08, 2));
    assertThat(memoryOp(guest, DECREASE_RESERVATION, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.RES_08, 2));
    assertThat(guest.totPages()).as("nothing allocated for what could not be read").isEqualTo(RAM_PAGES);
  }

  @Test
  void RES_09_there_is_no_populate_on_demand_on_Arm() {
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 0, ON_DEMAND, HOLE)).isEqualTo(answer(MemoryRule.RES_09, 0));
    assertThat(guest.physmap().entry(HOLE)).isEqualTo(Physmap.HOLE);
    assertThat(reserve(guest, DECREASE_RESERVATION, SELF, 0, ON_DEMAND, RAM + 5)).isEqualTo(answer(MemoryRule.RES_16, 1));
  }

  @Test
  void RES_10_I47_a_domain_never_owns_more_pages_than_its_maximum() {
    int room = (int) MAX_PAGES - RAM_PAGES;
    assertThat(populate(guest, HOLE, HOLE + 1, HOLE + 2, HOLE + 3, HOLE + 4)).isEqualTo(answer(MemoryRule.RES_10, room));
    assertThat(guest.totPages()).isEqualTo(MAX_PAGES);
    assertThat(guest.physmap().entry(HOLE + 4)).isEqualTo(Physmap.HOLE);
    assertThat(reserve(guest, INCREASE_RESERVATION, SELF, 0, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_10, 0));
  }

  @Test
  void RES_10_an_extent_is_allocated_whole_or_not_at_all() {
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 3, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_10, 0));
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES);
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 2, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
  }

  @Test
  void RES_10_a_page_mapped_elsewhere_counts_until_the_last_mapping_goes() {
    mapForeign(other, HOLE, guest, RAM + 5, EntryType.MAP_FOREIGN_RW);
    populate(guest, HOLE, HOLE + 1, HOLE + 2, HOLE + 3);
    assertThat(decrease(guest, RAM + 5)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(guest.physmap().entry(RAM + 5)).isEqualTo(Physmap.HOLE);
    assertThat(populate(guest, RAM + 5)).isEqualTo(answer(MemoryRule.RES_10, 0));
    assertThat(remove(other, SELF, HOLE).result()).isZero();
    assertThat(populate(guest, RAM + 5)).isEqualTo(answer(MemoryRule.RES_16, 1));
  }

  @Test
  void RES_11_an_exhausted_host_has_no_page() {
    long free = free();
    writeReservation(control, SELF, LIST, 4000, 0, 0);
    assertThat(memoryOp(control, INCREASE_RESERVATION, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.RES_11, free));
    assertThat(free()).isZero();
    assertThat(populate(guest, HOLE)).isEqualTo(answer(MemoryRule.RES_11, 0));
  }

  @Test
  void RES_11_free_pages_that_do_not_lie_in_a_row_make_no_large_extent() {
    writeReservation(control, SELF, LIST, 4000, 0, 0);
    memoryOp(control, INCREASE_RESERVATION, 0, ARGUMENT);
    decrease(guest, RAM + 4, RAM + 6, RAM + 7, RAM + 9, RAM + 10);
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 1, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(mfn(guest, HOLE)).as("at an even number").isEqualTo(FIRST_MFN + RAM_PAGES + 6);
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 1, 0, HOLE + 2)).isEqualTo(answer(MemoryRule.RES_11, 0));
    assertThat(populate(guest, HOLE + 2, HOLE + 3, HOLE + 4)).isEqualTo(answer(MemoryRule.RES_16, 3));
  }

  @Test
  void RES_11_an_address_limit_below_all_host_memory_leaves_nothing() {
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 0, 24, HOLE)).isEqualTo(answer(MemoryRule.RES_11, 0));
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 0, 25, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 0, 64, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 0, 255, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
  }

  @Test
  void RES_12_a_dying_domain_s_reservation_does_not_change() {
    beginDeath(other);
    for (int operation : ALL) {
      assertThat(reserve(control, operation, OTHER, 0, 0, RAM + 5)).isEqualTo(answer(MemoryRule.RES_12, 0));
    }
    assertThat(other.totPages()).isEqualTo(RAM_PAGES);
    assertThat(memory().references(mfn(other, RAM + 5))).isEqualTo(1);
    assertThat(type(other, RAM + 5)).isEqualTo(EntryType.RAM_RW);
  }

  @Test
  void RES_13_I52_pages_that_cannot_be_mapped_are_lost_and_not_counted_in_the_result() {
    assertThat(populate(guest, HOLE, REACH, HOLE + 1)).isEqualTo(answer(MemoryRule.RES_13, 1));
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES + 2);
    assertThat(guest.physmap().entry(HOLE + 1)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void RES_13_an_extent_does_not_wrap_to_gfn_0() {
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 1, 0, -1)).isEqualTo(answer(MemoryRule.RES_13, 0));
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES + 2);
    assertThat(guest.physmap().entry(0)).as("allocated, but unmapped").isEqualTo(Physmap.HOLE);
  }

  @Test
  void RES_14_a_hole_cannot_be_given_back() {
    assertThat(decrease(guest, RAM + 4, RAM + 5, HOLE, RAM + 6)).isEqualTo(answer(MemoryRule.RES_14, 2));
    assertThat(decrease(guest, RAM + 4)).as("not twice").isEqualTo(answer(MemoryRule.RES_14, 0));
    assertThat(decrease(guest, -1)).isEqualTo(answer(MemoryRule.RES_14, 0));
    assertThat(decrease(guest, REACH)).isEqualTo(answer(MemoryRule.RES_14, 0));
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES - 2);
    assertThat(type(guest, RAM + 6)).isEqualTo(EntryType.RAM_RW);
  }

  @Test
  void RES_14_MMIO_has_no_page_to_give_back() {
    guest.physmap().set(HOLE, 0x22000, EntryType.MMIO_DIRECT);
    assertThat(decrease(guest, HOLE)).isEqualTo(answer(MemoryRule.RES_14, 0));
    assertThat(type(guest, HOLE)).isEqualTo(EntryType.MMIO_DIRECT);
  }

  @Test
  void RES_14_of_an_extent_that_fails_the_gfns_before_stay_removed() {
    guest.physmap().remove(RAM + 6, mfn(guest, RAM + 6));
    assertThat(reserve(guest, DECREASE_RESERVATION, SELF, 2, 0, RAM + 4)).isEqualTo(answer(MemoryRule.RES_14, 0));
    assertThat(guest.physmap().entry(RAM + 4)).isEqualTo(Physmap.HOLE);
    assertThat(guest.physmap().entry(RAM + 5)).isEqualTo(Physmap.HOLE);
    assertThat(type(guest, RAM + 7)).isEqualTo(EntryType.RAM_RW);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES - 2);
  }

  @Test
  void RES_15_a_mapping_of_another_domain_s_page_cannot_be_given_back() {
    mapForeign(guest, HOLE, other, RAM, EntryType.MAP_FOREIGN_RW);
    guest.physmap().set(HOLE + 1, mfn(other, RAM), EntryType.GRANT_MAP_RW);
    assertThat(decrease(guest, HOLE)).isEqualTo(answer(MemoryRule.RES_15, 0));
    assertThat(decrease(guest, HOLE + 1)).isEqualTo(answer(MemoryRule.RES_15, 0));
    assertThat(memory().references(mfn(other, RAM))).isEqualTo(2);
    assertThat(type(guest, HOLE + 1)).isEqualTo(EntryType.GRANT_MAP_RW);
  }

  @Test
  void RES_16_populate_gives_owned_writable_RAM_and_leaves_the_list_alone() {
    assertThat(populate(guest, HOLE, HOLE + 7)).isEqualTo(answer(MemoryRule.RES_16, 2));
    for (long gfn : new long[] {HOLE, HOLE + 7}) {
      assertThat(type(guest, gfn)).isEqualTo(EntryType.RAM_RW);
      assertThat(memory().owner(mfn(guest, gfn))).isEqualTo(GUEST);
      assertThat(memory().isAllocated(mfn(guest, gfn))).isTrue();
      assertThat(memory().references(mfn(guest, gfn))).isEqualTo(1);
    }
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES + 2);
    assertThat(load(guest, LIST, 8)).isEqualTo(HOLE);
    assertThat(load(guest, LIST + 8, 8)).isEqualTo(HOLE + 7);
  }

  @Test
  void RES_16_an_extent_of_order_2_is_4_pages_and_need_not_be_aligned() {
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 2, 0, HOLE + 3)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(guest.physmap().next(0)).isEqualTo(HOLE + 3);
    assertThat(guest.physmap().entry(HOLE + 7)).isEqualTo(Physmap.HOLE);
    assertThat(reserve(guest, DECREASE_RESERVATION, SELF, 2, 0, HOLE + 3)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(guest.physmap().next(0)).isEqualTo(RAM);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES);
  }

  @Test
  void RES_16_populate_over_RAM_loses_it() {
    long lost = mfn(guest, RAM + 5);
    assertThat(populate(guest, RAM + 5)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(mfn(guest, RAM + 5)).isNotEqualTo(lost);
    assertThat(memory().owner(lost)).isEqualTo(GUEST);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES + 1);
  }

  @Test
  void RES_16_populate_over_a_foreign_mapping_drops_its_reference() {
    mapForeign(guest, HOLE, other, RAM, EntryType.MAP_FOREIGN_RW);
    assertThat(populate(guest, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(memory().references(mfn(other, RAM))).isEqualTo(1);
  }

  @Test
  void RES_16_increase_allocates_and_maps_nothing_and_does_not_look_at_the_list() {
    writeReservation(guest, SELF, UNREADABLE, 2, 1, 0);
    assertThat(memoryOp(guest, INCREASE_RESERVATION, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.RES_16, 2));
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES + 4);
    assertThat(guest.physmap().next(0)).isEqualTo(RAM);
    assertThat(guest.physmap().next(RAM + RAM_PAGES)).isEqualTo(-1);
  }

  @Test
  void RES_16_a_page_given_back_is_free_and_comes_to_the_next_as_it_was() {
    long mfn = mfn(guest, RAM + 5);
    store(guest, address(RAM + 5), 8, 0x1234);
    assertThat(decrease(guest, RAM + 5)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(memory().owner(mfn)).isEqualTo(-1);
    assertThat(populate(other, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(mfn(other, HOLE)).isEqualTo(mfn);
    assertThat(load(other, address(HOLE), 8)).isEqualTo(0x1234);
  }

  @Test
  void RES_16_I49_a_page_mapped_elsewhere_keeps_owner_and_content_until_the_last_mapping_goes() {
    long mfn = mfn(guest, RAM + 5);
    store(guest, address(RAM + 5), 8, 0x1234);
    mapForeign(other, HOLE, guest, RAM + 5, EntryType.MAP_FOREIGN_RO);
    assertThat(decrease(guest, RAM + 5)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(memory().owner(mfn)).isEqualTo(GUEST);
    assertThat(load(other, address(HOLE), 8)).isEqualTo(0x1234);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES);
    remove(other, SELF, HOLE);
    assertThat(memory().owner(mfn)).isEqualTo(-1);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES - 1);
  }

  @Test
  void RES_16_decrease_does_not_look_at_the_type_so_shared_info_passes_and_is_not_reused() {
    long tot = guest.totPages();
    add(guest, SELF, SPACE_SHARED_INFO, 0, HOLE);
    assertThat(decrease(guest, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(guest.physmap().entry(HOLE)).isEqualTo(Physmap.HOLE);
    assertThat(memory().references(guest.sharedInfo())).isZero();
    assertThat(memory().owner(guest.sharedInfo())).isEqualTo(GUEST);
    assertThat(guest.totPages()).isEqualTo(tot);
  }

  @Test
  void RES_16_a_control_domain_acts_on_others_with_its_own_list() {
    assertThat(reserve(control, POPULATE_PHYSMAP, OTHER, 0, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(memory().owner(mfn(other, HOLE))).isEqualTo(OTHER);
    assertThat(reserve(control, DECREASE_RESERVATION, OTHER, 0, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(control.totPages()).isEqualTo(RAM_PAGES);
  }

  @Test
  void RES_16_a_start_extent_skips_the_extents_before_it_and_counts_them_as_done() {
    writeReservation(guest, SELF, LIST, 3, 0, 0);
    writeList(guest, HOLE, HOLE + 1, HOLE + 2);
    assertThat(memoryOp(guest, POPULATE_PHYSMAP, 2, ARGUMENT)).isEqualTo(answer(MemoryRule.RES_16, 3));
    assertThat(guest.physmap().next(0)).isEqualTo(HOLE + 2);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES + 1);
  }

  private long free() {
    long free = 0;
    while (memory().hasFree(free + 1)) {
      free++;
    }
    return free;
  }

  @Test
  void RES_17_populate_stops_at_the_extent_that_was_ordered_to_fail() {
    machine.world().faults().add(Fault.of(MemoryFault.POPULATE_PHYSMAP, guest.id()).after(2));
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 0, 0, HOLE, HOLE + 1, HOLE + 2)).isEqualTo(answer(MemoryRule.RES_17, 2));
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES + 2);
    assertThat(guest.physmap().entry(HOLE + 2)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void RES_16_RES_18_a_direct_mapped_domain_gets_its_own_frames_back_and_no_others() {
    Domain direct = machine.createDomain(DomainConfig.guest(9, 100).withMemory(MemoryConfig.ORDINARY.withDirectMapped(true)));
    long own = FIRST_MFN + FRAMES / 2;
    direct.ownRam(own, own, 4);
    store(direct, own + 1 << 12, 8, 77);
    writeReservationAt(direct, own);
    direct.physmap().remove(own + 1, own + 1);

    store(direct, (own << 12) + 64, 8, own + 1);
    assertThat(populateOne(direct, own)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(mfn(direct, own + 1)).isEqualTo(own + 1);
    assertThat(load(direct, own + 1 << 12, 8)).as("the page is the same").isEqualTo(77);
    assertThat(direct.totPages()).isEqualTo(4);

    for (long foreign : new long[] {own - 1, own + 4, FIRST_MFN, HOLE}) {
      store(direct, (own << 12) + 64, 8, foreign);
      assertThat(populateOne(direct, own)).isEqualTo(answer(MemoryRule.RES_18, 0));
    }
  }

  private static void writeReservationAt(Domain domain, long gfn) {
    store(domain, gfn << 12, 8, (gfn << 12) + 64);
    store(domain, (gfn << 12) + MemoryAbi.RESERVATION_NR_EXTENTS, 8, 1);
    store(domain, (gfn << 12) + MemoryAbi.RESERVATION_DOMID, 2, SELF);
  }

  private Answer populateOne(Domain domain, long gfn) {
    return ask(domain, MemoryAbi.HYPERCALL, POPULATE_PHYSMAP, gfn << 12);
  }

  @Test
  void a_direct_mapped_domain_keeps_the_pages_that_it_gives_back() {
    Domain direct = machine.createDomain(DomainConfig.guest(9, 100).withMemory(MemoryConfig.ORDINARY.withDirectMapped(true)));
    long own = FIRST_MFN + FRAMES / 2;
    direct.ownRam(own, own, 4);
    writeReservationAt(direct, own);
    store(direct, (own << 12) + 64, 8, own + 1);
    assertThat(ask(direct, MemoryAbi.HYPERCALL, DECREASE_RESERVATION, own << 12)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(direct.physmap().entry(own + 1)).isEqualTo(Physmap.HOLE);
    assertThat(direct.totPages()).isEqualTo(4);
    assertThat(populateOne(direct, own)).isEqualTo(answer(MemoryRule.RES_16, 1));
  }
}
