package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.memoryop.MemoryAbi.ADD_TO_PHYSMAP_BATCH;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_DEV_MMIO;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_GMFN;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_GMFN_RANGE;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_GRANT_TABLE;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_SHARED_INFO;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_11;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_16;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_19;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_13;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** add_to_physmap_batch, spec §6.5: the call and its elements. What one element does is AddToPhysmapTest's and ForeignTest's. */
public class AddToPhysmapBatchTest extends MemoryCalls {
  private static final Element FRAME_0 = new Element(0, HOLE);
  private static final Element FRAME_1 = new Element(1, HOLE + 1);
  private static final Element FRAME_2 = new Element(2, HOLE + 2);

  private static Answers fails(MemoryRule rule, int errno) {
    return new Answers(List.of(rule), errno);
  }

  @Test
  void BATCH_01_a_start_extent_of_more_than_16_bits_is_out_of_domain() {
    writeBatch(guest, SELF, SPACE_GRANT_TABLE, 0, FRAME_0);
    assertThat(addAll(guest, 0x1_0000)).isEqualTo(fails(MemoryRule.BATCH_01, EDOM));
    assertThat(memoryOp(guest, ADD_TO_PHYSMAP_BATCH, 0x1_0000, UNREADABLE)).isEqualTo(answer(MemoryRule.BATCH_01, EDOM));
  }

  @Test
  void BATCH_02_F17_an_unreadable_struct_faults_and_nothing_is_done() {
    assertThat(memoryOp(guest, ADD_TO_PHYSMAP_BATCH, 0, UNREADABLE)).isEqualTo(answer(MemoryRule.BATCH_02, EFAULT));
    assertThat(memoryOp(guest, ADD_TO_PHYSMAP_BATCH, 0, address(RAM + RAM_PAGES) - 31)).isEqualTo(answer(MemoryRule.BATCH_02, EFAULT));
  }

  @Test
  void BATCH_03_gmfn_range_is_for_the_single_form() {
    assertThat(addAll(guest, SELF, SPACE_GMFN_RANGE, 0, FRAME_0)).isEqualTo(fails(MemoryRule.BATCH_03, EOPNOTSUPP));
    assertThat(addAll(guest, NOBODY, SPACE_GMFN_RANGE, 0)).as("before the domain").isEqualTo(fails(MemoryRule.BATCH_03, EOPNOTSUPP));
  }

  @Test
  void BATCH_04_an_unknown_domain_is_not_found() {
    for (int domid : new int[] {NOBODY, 0x7ff1, 0x7ff2, 0xffff}) {
      assertThat(addAll(guest, domid, SPACE_DEV_MMIO, 0, FRAME_0)).isEqualTo(fails(MemoryRule.BATCH_04, ESRCH));
    }
  }

  @Test
  void BATCH_05_device_memory_is_for_the_hardware_domain_only() {
    assertThat(addAll(guest, SELF, SPACE_DEV_MMIO, 0, FRAME_0)).isEqualTo(fails(MemoryRule.BATCH_05, EACCES));
    assertThat(addAll(control, SELF, SPACE_DEV_MMIO, 0, FRAME_0)).isEqualTo(fails(MemoryRule.BATCH_05, EACCES));
    assertThat(addAll(guest, OTHER, SPACE_DEV_MMIO, 0)).as("before the privilege").isEqualTo(fails(MemoryRule.BATCH_05, EACCES));
  }

  @Test
  void BATCH_06_an_unprivileged_domain_may_not_act_on_another() {
    assertThat(addAll(guest, OTHER, SPACE_GRANT_TABLE, 0, FRAME_0)).isEqualTo(fails(MemoryRule.BATCH_06, EPERM));
    assertThat(addAll(guest, OTHER, SPACE_GRANT_TABLE, 0)).as("before the size").isEqualTo(fails(MemoryRule.BATCH_06, EPERM));
  }

  @Test
  void BATCH_07_a_start_extent_beyond_the_last_element_is_an_illegal_sequence() {
    writeBatch(guest, SELF, SPACE_GRANT_TABLE, 0, FRAME_0, FRAME_1);
    assertThat(addAll(guest, 2)).isEqualTo(fails(MemoryRule.BATCH_07, EILSEQ));
    assertThat(addAll(guest, 0xffff)).isEqualTo(fails(MemoryRule.BATCH_07, EILSEQ));
    assertThat(guest.physmap().next(0)).as("nothing is done").isEqualTo(RAM);
  }

  @Test
  void BATCH_08_no_elements_succeed() {
    assertThat(addAll(guest, SELF, SPACE_GRANT_TABLE, 0)).isEqualTo(fails(MemoryRule.BATCH_08, 0));
  }

  @Test
  void BATCH_09_the_reserved_field_is_0_for_device_memory() {
    var hardware = domain(DomainConfig.guest(3, MAX_PAGES).withHardware(true));
    assertThat(addAll(hardware, SELF, SPACE_DEV_MMIO, 1, FRAME_0)).isEqualTo(fails(MemoryRule.BATCH_09, EOPNOTSUPP));
    assertThat(addAll(hardware, SELF, SPACE_DEV_MMIO, 1)).as("after the size").isEqualTo(fails(MemoryRule.BATCH_08, 0));
    assertThat(addAll(guest, SELF, SPACE_GRANT_TABLE, 1, FRAME_0).result()).as("ignored elsewhere").isZero();
  }

  @Test
  void BATCH_10_F17_an_unreadable_idx_or_gpfn_ends_the_call_behind_the_elements_done() {
    for (int field : new int[] {MemoryAbi.BATCH_IDXS, MemoryAbi.BATCH_GPFNS}) {
      remove(guest, SELF, HOLE);
      writeBatch(guest, SELF, SPACE_GRANT_TABLE, 0, FRAME_0, FRAME_1);
      long end = address(RAM + RAM_PAGES) - 8;
      store(guest, end, 8, field == MemoryAbi.BATCH_IDXS ? FRAME_0.idx() : FRAME_0.gfn());
      store(guest, ARGUMENT + field, 8, end);
      assertThat(addAll(guest, 0)).isEqualTo(new Answers(List.of(ATP_19, MemoryRule.BATCH_10), EFAULT));
      assertThat(type(guest, HOLE)).as("element 0 is done").isEqualTo(EntryType.RAM_RW);
      assertThat(error(guest, 0)).isZero();
      assertThat(error(guest, 1)).isEqualTo(UNWRITTEN);
    }
  }

  @Test
  void BATCH_11_a_gpfn_of_all_ones_ends_the_call_without_an_error_for_its_element() {
    Answers answers = addAll(guest, SELF, SPACE_GRANT_TABLE, 0, FRAME_0, new Element(1, -1), FRAME_2);
    assertThat(answers).isEqualTo(new Answers(List.of(ATP_19, MemoryRule.BATCH_11), EINVAL));
    assertThat(error(guest, 1)).isEqualTo(UNWRITTEN);
    assertThat(lent(guest)).as("nothing was made for it").isEqualTo(1);
  }

  @Test
  void BATCH_12_F17_an_unwritable_error_ends_the_call_and_its_element_is_done() {
    writeBatch(guest, SELF, SPACE_GRANT_TABLE, 0, FRAME_0, FRAME_1, FRAME_2);
    store(guest, ARGUMENT + MemoryAbi.BATCH_ERRS, 8, address(RAM + RAM_PAGES) - 4);
    assertThat(addAll(guest, 0)).isEqualTo(new Answers(List.of(ATP_19, ATP_19, MemoryRule.BATCH_12), EFAULT));
    assertThat(type(guest, HOLE + 1)).isEqualTo(EntryType.RAM_RW);
    assertThat(guest.physmap().entry(HOLE + 2)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void BATCH_13_each_element_has_its_own_error_and_the_call_succeeds() {
    Answers answers = addAll(guest, SELF, SPACE_GRANT_TABLE, 0, FRAME_0, FRAME_0, FRAME_1);
    assertThat(answers).isEqualTo(new Answers(List.of(ATP_19, ATP_16, ATP_19, BATCH_13), 0));
    assertThat(new int[] {error(guest, 0), error(guest, 1), error(guest, 2)}).containsExactly(0, EBUSY, 0);
  }

  @Test
  void BATCH_13_it_succeeds_even_if_no_element_does() {
    Answers answers = addAll(guest, SELF, SPACE_GMFN, 0, FRAME_0, FRAME_1);
    assertThat(answers).isEqualTo(new Answers(List.of(ATP_11, ATP_11, BATCH_13), 0));
    assertThat(error(guest, 1)).isEqualTo(ENOSYS);
  }

  @Test
  void BATCH_13_a_start_extent_skips_the_elements_before_it() {
    writeBatch(guest, SELF, SPACE_GRANT_TABLE, 0, FRAME_0, FRAME_1);
    assertThat(addAll(guest, 1)).isEqualTo(new Answers(List.of(ATP_19, BATCH_13), 0));
    assertThat(guest.physmap().entry(HOLE)).isEqualTo(Physmap.HOLE);
    assertThat(error(guest, 0)).isEqualTo(UNWRITTEN);
  }

  @Test
  void BATCH_13_a_preempted_batch_goes_on_behind_the_elements_done() {
    writeBatch(guest, SELF, SPACE_GRANT_TABLE, 0, FRAME_0, FRAME_1, FRAME_2);
    Vcpu vcpu = guest.vcpu(0);
    vcpu.issue(MemoryAbi.HYPERCALL, ADD_TO_PHYSMAP_BATCH, ARGUMENT, 0);
    vcpu.preemptAfter(1);
    do {
      machine.step(vcpu);
    } while (vcpu.call() != null);
    assertThat(vcpu.atHypercall()).isTrue();
    assertThat(vcpu.x(0)).isEqualTo(ADD_TO_PHYSMAP_BATCH | 2 << 6);
    assertThat(vcpu.x(1)).isEqualTo(ARGUMENT);
    assertThat(guest.physmap().entry(HOLE + 2)).isEqualTo(Physmap.HOLE);
    assertThat(machine.finishCall(vcpu)).isZero();
    assertThat(type(guest, HOLE + 2)).isEqualTo(EntryType.RAM_RW);
  }

  @Test
  void every_element_is_read_added_and_answered_in_steps_of_its_own_and_added_under_the_table_s_write_lock() {
    writeBatch(guest, SELF, SPACE_GRANT_TABLE, 0, FRAME_0);
    Vcpu vcpu = guest.vcpu(0);
    vcpu.issue(MemoryAbi.HYPERCALL, ADD_TO_PHYSMAP_BATCH, ARGUMENT, 0);
    for (int i = 0; i < 3; i++) {
      machine.step(vcpu);
    }
    store(guest, GPFNS, 8, HOLE + 5);
    assertThat(vcpu.call().needs(vcpu)).isEqualTo(Lock.table(GUEST));
    assertThat(vcpu.call().refersTo(GUEST)).isTrue();
    machine.finishCall(vcpu);
    assertThat(type(guest, HOLE)).as("as it was read").isEqualTo(EntryType.RAM_RW);
  }

  @Test
  void a_control_domain_adds_pages_to_another() {
    assertThat(addAll(control, OTHER, SPACE_SHARED_INFO, 0, new Element(0, HOLE)).rules()).containsExactly(ATP_19, BATCH_13);
    assertThat(mfn(other, HOLE)).isEqualTo(other.sharedInfo());
  }
}
