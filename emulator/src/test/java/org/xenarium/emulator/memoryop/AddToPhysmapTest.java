package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.memoryop.MemoryAbi.ADD_TO_PHYSMAP;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_DEV_MMIO;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_GMFN;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_GMFN_FOREIGN;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_GRANT_TABLE;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_SHARED_INFO;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.LentFrames;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** add_to_physmap, spec §6.4 and §6.6. */
public class AddToPhysmapTest extends MemoryCalls {
  @Test
  void ATP_01_a_start_extent_of_more_than_16_bits_is_out_of_domain() {
    writeAdd(guest, SELF, 0, SPACE_SHARED_INFO, 0, HOLE);
    assertThat(memoryOp(guest, ADD_TO_PHYSMAP, 0x1_0000, ARGUMENT)).isEqualTo(answer(MemoryRule.ATP_01, EDOM));
    assertThat(memoryOp(guest, ADD_TO_PHYSMAP, 0x1_0000, UNREADABLE))
        .as("before the struct is read")
        .isEqualTo(answer(MemoryRule.ATP_01, EDOM));
    assertThat(memoryOp(guest, ADD_TO_PHYSMAP, 0xffff, ARGUMENT)).as("ignored").isEqualTo(answer(MemoryRule.ATP_19, 0));
  }

  @Test
  void ATP_02_F16_an_unreadable_struct_faults_and_nothing_is_done() {
    assertThat(memoryOp(guest, ADD_TO_PHYSMAP, 0, 0)).isEqualTo(answer(MemoryRule.ATP_02, EFAULT));
    assertThat(memoryOp(guest, ADD_TO_PHYSMAP, 0, address(RAM + RAM_PAGES) - 23)).isEqualTo(answer(MemoryRule.ATP_02, EFAULT));
  }

  @Test
  void ATP_03_gmfn_foreign_exists_in_the_batch_form_only() {
    assertThat(add(guest, SELF, SPACE_GMFN_FOREIGN, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_03, ENOSYS));
    assertThat(add(guest, NOBODY, SPACE_GMFN_FOREIGN, 0, HOLE)).as("before the domain").isEqualTo(answer(MemoryRule.ATP_03, ENOSYS));
  }

  @Test
  void ATP_04_an_unknown_domain_is_not_found_and_neither_is_a_reserved_one() {
    for (int domid : new int[] {NOBODY, 0x7ff1, 0x7ff2, 0x7ff4, 0xffff}) {
      assertThat(add(guest, domid, SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_04, ESRCH));
    }
    assertThat(add(guest, NOBODY, SPACE_DEV_MMIO, 0, HOLE)).as("before the space").isEqualTo(answer(MemoryRule.ATP_04, ESRCH));
  }

  @Test
  void ATP_05_device_memory_is_for_the_hardware_domain_only() {
    assertThat(add(guest, SELF, SPACE_DEV_MMIO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_05, EACCES));
    assertThat(add(guest, OTHER, SPACE_DEV_MMIO, 0, HOLE)).as("before the privilege").isEqualTo(answer(MemoryRule.ATP_05, EACCES));
  }

  @Test
  void ATP_06_an_unprivileged_domain_may_not_act_on_another() {
    assertThat(add(guest, OTHER, SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_06, EPERM));
    assertThat(add(guest, OTHER, SPACE_SHARED_INFO, 0, -1)).as("before the gpfn").isEqualTo(answer(MemoryRule.ATP_06, EPERM));
    assertThat(add(guest, 0, SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_06, EPERM));
  }

  @Test
  void ATP_07_a_gpfn_of_all_ones_is_invalid() {
    assertThat(add(guest, SELF, SPACE_SHARED_INFO, 0, -1)).isEqualTo(answer(MemoryRule.ATP_07, EINVAL));
    assertThat(addRange(guest, 0, 0, 0, -1)).as("of a range too").isEqualTo(answer(MemoryRule.ATP_07, EINVAL));
    assertThat(add(guest, SELF, SPACE_GMFN, 0, -1)).as("before the space").isEqualTo(answer(MemoryRule.ATP_07, EINVAL));
    assertThat(add(guest, SELF, SPACE_GRANT_TABLE, 2, -1)).isEqualTo(answer(MemoryRule.ATP_07, EINVAL));
    assertThat(lent(guest)).as("nothing has grown").isEqualTo(1);
  }

  @Test
  void ATP_08_a_range_shorter_than_the_start_extent_is_an_illegal_sequence() {
    assertThat(addRange(guest, 3, 2, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_08, EILSEQ));
  }

  @Test
  void ATP_09_a_range_that_wraps_overflows() {
    assertThat(addRange(guest, 0, 3, 0, -2)).isEqualTo(answer(MemoryRule.ATP_09, EOVERFLOW));
    assertThat(addRange(guest, 0, 3, -2, HOLE)).isEqualTo(answer(MemoryRule.ATP_09, EOVERFLOW));
    assertThat(addRange(guest, 0, 2, -3, -3)).as("to the last but one").isEqualTo(answer(MemoryRule.ATP_11, ENOSYS));
  }

  @Test
  void ATP_10_a_range_of_no_pages_succeeds() {
    assertThat(addRange(guest, 0, 0, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_10, 0));
    assertThat(addRange(guest, 5, 5, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_10, 0));
  }

  @Test
  void ATP_11_space_gmfn_does_not_exist_on_Arm_alone_or_in_a_range() {
    assertThat(add(guest, SELF, SPACE_GMFN, RAM, HOLE)).isEqualTo(answer(MemoryRule.ATP_11, ENOSYS));
    assertThat(addRange(guest, 0, 1, RAM, HOLE)).isEqualTo(answer(MemoryRule.ATP_11, ENOSYS));
    assertThat(addRange(guest, 2, 0xffff, RAM, HOLE)).isEqualTo(answer(MemoryRule.ATP_11, ENOSYS));
  }

  @Test
  void ATP_12_an_unknown_space_does_not_exist() {
    for (int space : new int[] {6, 7, 8, 1 << 16, -1}) {
      assertThat(add(guest, SELF, space, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_12, ENOSYS));
    }
  }

  @Test
  void ATP_13_there_is_one_shared_info_page() {
    assertThat(add(guest, SELF, SPACE_SHARED_INFO, 1, HOLE)).isEqualTo(answer(MemoryRule.ATP_13, EINVAL));
    assertThat(add(guest, SELF, SPACE_SHARED_INFO, 1L << 32, HOLE)).isEqualTo(answer(MemoryRule.ATP_13, EINVAL));
  }

  @Test
  void ATP_14_an_index_beyond_what_the_space_can_have_is_invalid() {
    assertThat(add(guest, SELF, SPACE_GRANT_TABLE, LentFrames.MOST, HOLE)).isEqualTo(answer(MemoryRule.ATP_14, EINVAL));
    assertThat(guest.physmap().entry(HOLE)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void ATP_19_shared_info_can_be_added_even_without_references() {
    giveSharedInfoBack();
    assertThat(add(guest, SELF, SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(memory().references(guest.sharedInfo())).isZero();
  }

  @Test
  void ATP_15_a_frame_that_is_made_for_a_dying_domain_is_busy() {
    beginDeath(other);
    assertThat(add(control, OTHER, SPACE_GRANT_TABLE, 1, HOLE)).isEqualTo(answer(MemoryRule.ATP_15, EBUSY));
    assertThat(lent(other)).isEqualTo(2);
  }

  @Test
  void ATP_16_I38_a_frame_that_is_in_the_physmap_is_busy_even_for_the_same_gfn() {
    assertThat(add(guest, SELF, SPACE_GRANT_TABLE, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(add(guest, SELF, SPACE_GRANT_TABLE, 0, HOLE + 1)).isEqualTo(answer(MemoryRule.ATP_16, EBUSY));
    assertThat(add(guest, SELF, SPACE_GRANT_TABLE, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_16, EBUSY));
    assertThat(guest.physmap().entry(HOLE + 1)).isEqualTo(Physmap.HOLE);
    assertThat(memory().references(mfn(guest, HOLE))).isEqualTo(1);
  }

  @Test
  void ATP_17_a_gpfn_beyond_the_reach_of_the_physmap_is_invalid() {
    assertThat(add(guest, SELF, SPACE_SHARED_INFO, 0, REACH)).isEqualTo(answer(MemoryRule.ATP_17, EINVAL));
    assertThat(memory().storedGfn(guest.sharedInfo())).isEqualTo(Mfn.NONE);
    assertThat(memory().references(guest.sharedInfo())).isEqualTo(1);
    assertThat(add(guest, SELF, SPACE_SHARED_INFO, 0, REACH - 1)).as("it can still be added").isEqualTo(answer(MemoryRule.ATP_19, 0));
  }

  @Test
  void ATP_18_I68_a_dying_domain_s_physmap_takes_no_page() {
    beginDeath(other);
    assertThat(add(control, OTHER, SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_18, ENOMEM));
    assertThat(memory().references(other.sharedInfo())).isEqualTo(1);
  }

  @Test
  void ATP_19_shared_info_is_mapped_writable_and_its_gfn_stored() {
    assertThat(add(guest, SELF, SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(mfn(guest, HOLE)).isEqualTo(guest.sharedInfo());
    assertThat(type(guest, HOLE)).isEqualTo(EntryType.RAM_RW);
    assertThat(memory().storedGfn(guest.sharedInfo())).isEqualTo(HOLE);
    assertThat(memory().references(guest.sharedInfo())).isEqualTo(1);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES);
  }

  @Test
  void ATP_19_a_domain_can_be_named_by_its_id_and_others_by_a_control_domain() {
    assertThat(add(guest, GUEST, SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(add(control, OTHER, SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(mfn(other, HOLE)).isEqualTo(other.sharedInfo());
    assertThat(control.physmap().entry(HOLE)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void ATP_19_the_space_grows_to_the_index_and_stays_so_even_if_nothing_is_mapped() {
    assertThat(add(guest, SELF, SPACE_GRANT_TABLE, 2, REACH)).isEqualTo(answer(MemoryRule.ATP_17, EINVAL));
    assertThat(lent(guest)).as("growth is permanent").isEqualTo(3);
    assertThat(add(guest, SELF, SPACE_GRANT_TABLE, 1, HOLE)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(lent(guest)).isEqualTo(3);
  }

  @Test
  void ATP_19_RAM_at_the_gpfn_is_lost_without_a_word() {
    long lost = mfn(guest, RAM + 5);
    assertThat(add(guest, SELF, SPACE_SHARED_INFO, 0, RAM + 5)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(mfn(guest, RAM + 5)).isEqualTo(guest.sharedInfo());
    assertThat(memory().owner(lost)).isEqualTo(GUEST);
    assertThat(guest.totPages()).isEqualTo(RAM_PAGES);
  }

  @Test
  void ATP_19_a_frame_is_moved_by_removing_it_first() {
    add(guest, SELF, SPACE_GRANT_TABLE, 0, HOLE);
    long frame = mfn(guest, HOLE);
    assertThat(remove(guest, SELF, HOLE)).isEqualTo(answer(MemoryRule.RFP_07, 0));
    assertThat(add(guest, SELF, SPACE_GRANT_TABLE, 0, HOLE + 9)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(mfn(guest, HOLE + 9)).isEqualTo(frame);
    assertThat(memory().storedGfn(frame)).isEqualTo(HOLE + 9);
  }

  @Test
  void ATP_19_a_frame_whose_entry_was_replaced_can_be_added_elsewhere() {
    add(guest, SELF, SPACE_GRANT_TABLE, 0, HOLE);
    assertThat(add(guest, SELF, SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(add(guest, SELF, SPACE_GRANT_TABLE, 0, HOLE + 1)).isEqualTo(answer(MemoryRule.ATP_19, 0));
  }

  @Test
  void nothing_is_written_back() {
    writeAdd(guest, SELF, 7, SPACE_SHARED_INFO, 0, HOLE);
    long[] before = argument();
    memoryOp(guest, ADD_TO_PHYSMAP, 0, ARGUMENT);
    assertThat(argument()).isEqualTo(before);
  }

  @Test
  void the_struct_is_read_in_one_step_and_the_rest_is_done_in_another_under_the_table_s_write_lock() {
    writeAdd(guest, SELF, 0, SPACE_GRANT_TABLE, 0, HOLE);
    Vcpu vcpu = guest.vcpu(0);
    vcpu.issue(MemoryAbi.HYPERCALL, ADD_TO_PHYSMAP, ARGUMENT, 0);
    machine.step(vcpu);
    assertThat(vcpu.call().needs(vcpu)).isEqualTo(Lock.NONE);
    machine.step(vcpu);
    assertThat(vcpu.call().needs(vcpu)).isEqualTo(Lock.table(GUEST));
    store(guest, ARGUMENT + MemoryAbi.ADD_GPFN, 8, HOLE + 1);
    machine.step(vcpu);
    assertThat(vcpu.call()).isNull();
    assertThat(vcpu.x(0)).isZero();
    assertThat(type(guest, HOLE)).as("what the struct said when it was read").isEqualTo(EntryType.RAM_RW);
    assertThat(guest.physmap().entry(HOLE + 1)).isEqualTo(Physmap.HOLE);
  }

  private long[] argument() {
    long[] words = new long[4];
    for (int i = 0; i < words.length; i++) {
      words[i] = load(guest, ARGUMENT + 8L * i, 8);
    }
    return words;
  }
}
