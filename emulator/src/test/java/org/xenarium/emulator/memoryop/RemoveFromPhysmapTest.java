package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.memoryop.MemoryAbi.REMOVE_FROM_PHYSMAP;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_SHARED_INFO;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** remove_from_physmap, spec §6.7. */
public class RemoveFromPhysmapTest extends MemoryCalls {
  @Test
  void RFP_01_a_start_extent_is_invalid() {
    assertThat(memoryOp(guest, REMOVE_FROM_PHYSMAP, 1, UNREADABLE)).isEqualTo(answer(MemoryRule.RFP_01, EINVAL));
  }

  @Test
  void RFP_02_F16_an_unreadable_struct_faults() {
    assertThat(memoryOp(guest, REMOVE_FROM_PHYSMAP, 0, UNREADABLE)).isEqualTo(answer(MemoryRule.RFP_02, EFAULT));
    assertThat(memoryOp(guest, REMOVE_FROM_PHYSMAP, 0, address(RAM + RAM_PAGES) - 15)).isEqualTo(answer(MemoryRule.RFP_02, EFAULT));
  }

  @Test
  void RFP_03_an_unknown_domain_is_not_found() {
    assertThat(remove(guest, NOBODY, RAM)).isEqualTo(answer(MemoryRule.RFP_03, ESRCH));
    assertThat(remove(guest, 0x7ff1, RAM)).isEqualTo(answer(MemoryRule.RFP_03, ESRCH));
  }

  @Test
  void RFP_04_an_unprivileged_domain_may_not_act_on_another() {
    assertThat(remove(guest, OTHER, RAM)).isEqualTo(answer(MemoryRule.RFP_04, EPERM));
    assertThat(remove(guest, OTHER, HOLE)).as("before the entry").isEqualTo(answer(MemoryRule.RFP_04, EPERM));
  }

  @Test
  void RFP_05_a_hole_has_nothing_to_remove() {
    assertThat(remove(guest, SELF, HOLE)).isEqualTo(answer(MemoryRule.RFP_05, ENOENT));
    assertThat(remove(guest, SELF, -1)).isEqualTo(answer(MemoryRule.RFP_05, ENOENT));
    assertThat(remove(guest, SELF, REACH)).isEqualTo(answer(MemoryRule.RFP_05, ENOENT));
  }

  @Test
  void RFP_05_MMIO_is_not_removed() {
    guest.physmap().set(HOLE, mfn(guest, RAM), EntryType.MMIO_DIRECT);
    assertThat(remove(guest, SELF, HOLE)).isEqualTo(answer(MemoryRule.RFP_05, ENOENT));
    assertThat(type(guest, HOLE)).isEqualTo(EntryType.MMIO_DIRECT);
  }

  @Test
  void RFP_05_a_grant_mapping_of_another_domain_s_page_is_not_removed() {
    guest.physmap().set(HOLE, mfn(other, RAM), EntryType.GRANT_MAP_RW);
    assertThat(remove(guest, SELF, HOLE)).isEqualTo(answer(MemoryRule.RFP_05, ENOENT));
    assertThat(type(guest, HOLE)).isEqualTo(EntryType.GRANT_MAP_RW);
    assertThat(memory().references(mfn(other, RAM))).isEqualTo(1);
  }

  @Test
  void RFP_06_I68_nothing_is_removed_from_a_dying_domain_s_physmap() {
    beginDeath(other);
    assertThat(remove(control, OTHER, RAM)).isEqualTo(answer(MemoryRule.RFP_06, ENOMEM));
    assertThat(type(other, RAM)).isEqualTo(EntryType.RAM_RW);
    assertThat(memory().references(mfn(other, RAM))).isEqualTo(1);
  }

  @Test
  void RFP_07_I52_removed_RAM_stays_allocated_and_counted_but_is_lost() {
    long lost = mfn(guest, RAM + 5);
    assertThat(remove(guest, SELF, RAM + 5)).isEqualTo(answer(MemoryRule.RFP_07, 0));
    assertThat(guest.physmap().entry(RAM + 5)).isEqualTo(Physmap.HOLE);
    assertThat(memory().owner(lost)).isEqualTo(GUEST);
    assertThat(memory().isAllocated(lost)).isTrue();
    assertThat(memory().references(lost)).isEqualTo(1);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES);
  }

  @Test
  void RFP_07_a_removed_shared_info_page_has_no_stored_gfn_and_can_be_added_again() {
    add(guest, SELF, SPACE_SHARED_INFO, 0, HOLE);
    assertThat(remove(guest, GUEST, HOLE)).isEqualTo(answer(MemoryRule.RFP_07, 0));
    assertThat(memory().storedGfn(guest.sharedInfo())).isEqualTo(Mfn.NONE);
    assertThat(add(guest, SELF, SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_19, 0));
  }

  @Test
  void RFP_07_a_removed_foreign_mapping_drops_its_page_reference() {
    mapForeign(guest, HOLE, other, RAM, EntryType.MAP_FOREIGN_RO);
    assertThat(remove(guest, SELF, HOLE)).isEqualTo(answer(MemoryRule.RFP_07, 0));
    assertThat(memory().references(mfn(other, RAM))).isEqualTo(1);
    assertThat(guest.physmap().entry(HOLE)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void RFP_07_a_grant_mapping_of_an_own_page_is_removed_and_its_pin_stays() {
    long own = mfn(guest, RAM + 5);
    memory().get(own, GUEST);
    guest.physmap().set(HOLE, own, EntryType.GRANT_MAP_RW);
    assertThat(remove(guest, SELF, HOLE)).isEqualTo(answer(MemoryRule.RFP_07, 0));
    assertThat(guest.physmap().entry(HOLE)).isEqualTo(Physmap.HOLE);
    assertThat(memory().references(own)).isEqualTo(2);
  }

  @Test
  void RFP_07_a_control_domain_removes_from_others() {
    assertThat(remove(control, OTHER, RAM + 5)).isEqualTo(answer(MemoryRule.RFP_07, 0));
    assertThat(other.physmap().entry(RAM + 5)).isEqualTo(Physmap.HOLE);
    assertThat(type(control, RAM + 5)).isEqualTo(EntryType.RAM_RW);
  }

  @Test
  void RFP_08_a_removal_fails_when_that_was_ordered() {
    machine.world().faults().add(Fault.of(MemoryFault.REMOVE_FROM_PHYSMAP, guest.id()).at(RAM + 3).times(1));
    assertThat(remove(guest, SELF, RAM + 2)).as("another gfn").isEqualTo(answer(MemoryRule.RFP_07, 0));
    assertThat(remove(guest, SELF, RAM + 3)).isEqualTo(answer(MemoryRule.RFP_08, ENOMEM));
    assertThat(type(guest, RAM + 3)).isEqualTo(EntryType.RAM_RW);
    assertThat(remove(guest, SELF, RAM + 3)).as("afterwards").isEqualTo(answer(MemoryRule.RFP_07, 0));
  }
}
