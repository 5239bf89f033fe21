package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.memoryop.MemoryAbi.ACQUIRE_RESOURCE;
import static org.xenarium.emulator.memoryop.MemoryAbi.RESOURCE_GRANT_TABLE;
import static org.xenarium.emulator.memoryop.MemoryAbi.RESOURCE_IOREQ_SERVER;
import static org.xenarium.emulator.memoryop.MemoryAbi.RESOURCE_VMTRACE;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.LentFrames;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.HeapShortage;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** acquire_resource, spec §6.9. */
public class AcquireResourceTest extends MemoryCalls {
  private static final int NOTHING = 0;

  private Answer ask(Domain caller, int domid, int type, int id, int count, long first, long list) {
    writeAcquire(caller, domid, type, id, count, first, list);
    return memoryOp(caller, ACQUIRE_RESOURCE, 0, ARGUMENT);
  }

  private static int told(Domain caller) {
    return (int) load(caller, ARGUMENT + MemoryAbi.ACQUIRE_NR_FRAMES, 4);
  }

  private static long[] holes(int count) {
    return LongStream.range(HOLE, HOLE + count).toArray();
  }

  @Test
  void ACQ_02_F19_an_unreadable_struct_faults() {
    assertThat(memoryOp(control, ACQUIRE_RESOURCE, 0, UNREADABLE)).isEqualTo(answer(MemoryRule.ACQ_02, EFAULT));
  }

  @Test
  void ACQ_03_padding_is_0_and_frame_numbers_have_32_bits() {
    for (long first : new long[] {1L << 32, 0xffff_ffffL, -1}) {
      assertThat(ask(control, NOBODY, 0, 0, 1, first, NOTHING)).as("before the domain").isEqualTo(answer(MemoryRule.ACQ_03, EINVAL));
    }
    writeAcquire(control, OTHER, RESOURCE_GRANT_TABLE, 0, 0, 0, NOTHING);
    store(control, ARGUMENT + MemoryAbi.ACQUIRE_PAD, 4, 1);
    assertThat(memoryOp(control, ACQUIRE_RESOURCE, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.ACQ_03, EINVAL));
  }

  @Test
  void ACQ_04_an_unknown_domain_is_not_found_and_neither_is_DOMID_SELF() {
    for (int domid : new int[] {NOBODY, DomId.SELF, DomId.XEN, 0xffff}) {
      assertThat(ask(control, domid, 99, 0, 1, 0, LIST)).as("before the type").isEqualTo(answer(MemoryRule.ACQ_04, ESRCH));
    }
  }

  @Test
  void ACQ_05_nobody_acquires_what_is_his_own() {
    assertThat(ask(guest, GUEST, RESOURCE_GRANT_TABLE, 0, 1, 0, LIST)).isEqualTo(answer(MemoryRule.ACQ_05, EPERM));
    assertThat(ask(control, 0, RESOURCE_GRANT_TABLE, 0, 1, 0, LIST)).isEqualTo(answer(MemoryRule.ACQ_05, EPERM));
  }

  @Test
  void ACQ_06_only_a_control_domain_or_the_target_s_device_model_may() {
    assertThat(acquire(guest, OTHER, 0, HOLE)).isEqualTo(answer(MemoryRule.ACQ_06, EPERM));
    Domain model = domain(DomainConfig.guest(3, MAX_PAGES).withTarget(OTHER));
    assertThat(acquire(model, OTHER, 0, HOLE)).isEqualTo(answer(MemoryRule.ACQ_18, 0));
    assertThat(acquire(model, GUEST, 0, HOLE)).isEqualTo(answer(MemoryRule.ACQ_06, EPERM));
  }

  @Test
  void ACQ_07_an_unknown_type_or_id_has_no_frames() {
    for (int type : new int[] {RESOURCE_IOREQ_SERVER, RESOURCE_VMTRACE, 3, 9, 0xffff}) {
      assertThat(ask(control, OTHER, type, 0, 1, 0, LIST)).isEqualTo(answer(MemoryRule.ACQ_07, EINVAL));
      assertThat(ask(control, OTHER, type, 0, 0, 0, NOTHING)).isEqualTo(answer(MemoryRule.ACQ_07, EINVAL));
    }
    assertThat(ask(control, OTHER, RESOURCE_GRANT_TABLE, 1, 1, 0, LIST)).isEqualTo(answer(MemoryRule.ACQ_07, EINVAL));
  }

  @Test
  void ACQ_08_who_asks_for_the_size_asks_for_no_frames() {
    assertThat(ask(control, OTHER, RESOURCE_GRANT_TABLE, 0, 1, 0, NOTHING)).isEqualTo(answer(MemoryRule.ACQ_08, EINVAL));
    writeAcquire(control, OTHER, RESOURCE_GRANT_TABLE, 0, 0, 0, NOTHING);
    assertThat(memoryOp(control, ACQUIRE_RESOURCE, 1, ARGUMENT)).isEqualTo(answer(MemoryRule.ACQ_08, EINVAL));
  }

  @Test
  void ACQ_09_the_size_is_the_most_that_the_resource_can_have() {
    assertThat(ask(control, OTHER, RESOURCE_GRANT_TABLE, 0, 0, 70, NOTHING)).isEqualTo(answer(MemoryRule.ACQ_09, 0));
    assertThat(told(control)).isEqualTo(LentFrames.MOST);
    assertThat(lent(other)).isEqualTo(1);
  }

  @Test
  void ACQ_10_F19_a_size_that_cannot_be_written_faults() {
    writeAcquire(control, OTHER, RESOURCE_GRANT_TABLE, 0, 0, 0, NOTHING);
    control.physmap().set(RAM, mfn(control, RAM), EntryType.RAM_RO);
    assertThat(memoryOp(control, ACQUIRE_RESOURCE, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.ACQ_10, EFAULT));
  }

  @Test
  void ACQ_11_the_start_extent_is_below_the_number_of_frames_which_fits_a_continuation() {
    assertThat(ask(control, OTHER, RESOURCE_GRANT_TABLE, 0, 0, 0, LIST)).isEqualTo(answer(MemoryRule.ACQ_11, EINVAL));
    assertThat(ask(control, OTHER, RESOURCE_GRANT_TABLE, 0, 0x400_0000, 0, LIST)).isEqualTo(answer(MemoryRule.ACQ_11, EINVAL));
    writeAcquire(control, OTHER, RESOURCE_GRANT_TABLE, 0, 2, 0, LIST);
    assertThat(memoryOp(control, ACQUIRE_RESOURCE, 2, ARGUMENT)).isEqualTo(answer(MemoryRule.ACQ_11, EINVAL));
  }

  @Test
  void ACQ_12_frames_that_cannot_be_made_are_not_mapped_and_nothing_grows() {
    assertThat(acquire(control, OTHER, LentFrames.MOST - 1, HOLE, HOLE + 1)).isEqualTo(answer(MemoryRule.ACQ_12, EINVAL));
    assertThat(lent(other)).isEqualTo(1);
  }

  @Test
  void ACQ_12_neither_are_those_for_which_Xen_has_no_memory() {
    memory().shortage().plan(1, HeapShortage.FOR_EVER);
    assertThat(acquire(control, OTHER, 0, HOLE, HOLE + 1, HOLE + 2)).isEqualTo(answer(MemoryRule.ACQ_12, EINVAL));
    assertThat(acquire(control, OTHER, 0, HOLE, HOLE + 1)).isEqualTo(answer(MemoryRule.ACQ_18, 0));
  }

  @Test
  void ACQ_13_F19_an_unreadable_list_faults_and_growth_is_kept() {
    writeAcquire(control, OTHER, RESOURCE_GRANT_TABLE, 0, 3, 0, address(RAM + RAM_PAGES) - 16);
    assertThat(memoryOp(control, ACQUIRE_RESOURCE, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.ACQ_13, EFAULT));
    assertThat(lent(other)).isEqualTo(3);
    assertThat(control.physmap().entry(HOLE)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void ACQ_13_F19_chunks_before_the_one_with_the_fault_are_mapped() {
    long end = address(RAM + RAM_PAGES) - 32 * 8;
    writeAcquire(control, OTHER, RESOURCE_GRANT_TABLE, 0, 33, 0, end);
    for (int i = 0; i < 32; i++) {
      store(control, end + 8L * i, 8, HOLE + i);
    }
    assertThat(memoryOp(control, ACQUIRE_RESOURCE, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.ACQ_13, EFAULT));
    assertThat(type(control, HOLE + 31)).isEqualTo(EntryType.MAP_FOREIGN_RW);
  }

  @Test
  void ACQ_14_a_later_frame_that_cannot_be_mapped_is_an_input_output_error_and_the_earlier_ones_stay() {
    assertThat(acquire(control, OTHER, 0, HOLE, REACH, HOLE + 2)).isEqualTo(answer(MemoryRule.ACQ_14, EIO));
    assertThat(type(control, HOLE)).isEqualTo(EntryType.MAP_FOREIGN_RW);
    assertThat(control.physmap().entry(HOLE + 2)).isEqualTo(Physmap.HOLE);
    assertThat(lent(other)).as("growth is kept").isEqualTo(3);
  }

  @Test
  void ACQ_15_the_first_frame_s_failure_has_its_own_error() {
    assertThat(acquire(control, OTHER, 0, REACH, HOLE)).isEqualTo(answer(MemoryRule.ACQ_15, EINVAL));
    assertThat(memory().references(mfnOfFrame0())).isEqualTo(1);
  }

  private long mfnOfFrame0() {
    add(other, SELF, MemoryAbi.SPACE_GRANT_TABLE, 0, HOLE + 100);
    return mfn(other, HOLE + 100);
  }

  @Test
  void ACQ_18_the_frames_are_shared_with_their_owner_and_referenced() {
    assertThat(acquire(control, OTHER, 0, HOLE, HOLE + 1)).isEqualTo(answer(MemoryRule.ACQ_18, 0));
    assertThat(mfn(control, HOLE)).isEqualTo(mfnOfFrame0());
    assertThat(type(control, HOLE)).isEqualTo(EntryType.MAP_FOREIGN_RW);
    assertThat(memory().references(mfn(control, HOLE))).isEqualTo(2);
    assertThat(lent(other)).isEqualTo(2);
    remove(control, SELF, HOLE);
    assertThat(memory().references(mfnOfFrame0())).isEqualTo(1);
    assertThat(memory().storedGfn(mfn(other, HOLE + 100))).as("where the owner has it").isEqualTo(HOLE + 100);
  }

  @Test
  void ACQ_18_a_start_extent_skips_frames_and_their_gfns() {
    writeAcquire(control, OTHER, RESOURCE_GRANT_TABLE, 0, 3, 4, LIST);
    writeList(control, HOLE, HOLE + 1, HOLE + 2);
    assertThat(memoryOp(control, ACQUIRE_RESOURCE, 1, ARGUMENT)).isEqualTo(answer(MemoryRule.ACQ_18, 0));
    assertThat(control.physmap().next(0)).isEqualTo(HOLE + 1);
    assertThat(lent(other)).isEqualTo(7);
  }

  @Test
  void ACQ_18_a_preempted_call_goes_on_behind_whole_chunks() {
    writeAcquire(control, OTHER, RESOURCE_GRANT_TABLE, 0, 40, 0, LIST);
    writeList(control, holes(40));
    Vcpu vcpu = control.vcpu(0);
    vcpu.issue(MemoryAbi.HYPERCALL, ACQUIRE_RESOURCE, ARGUMENT, 0);
    vcpu.preemptAfter(0);
    do {
      machine.step(vcpu);
    } while (vcpu.call() != null);
    assertThat(vcpu.x(0)).isEqualTo(ACQUIRE_RESOURCE | 32 << 6);
    assertThat(control.physmap().entry(HOLE + 32)).isEqualTo(Physmap.HOLE);
    assertThat(machine.finishCall(vcpu)).isZero();
    assertThat(type(control, HOLE + 39)).isEqualTo(EntryType.MAP_FOREIGN_RW);
  }

  @Test
  void ACQ_19_a_frame_without_references_cannot_be_acquired() {
    long frame = mfnOfFrame0();
    decrease(other, HOLE + 100);
    assertThat(memory().references(frame)).isZero();
    assertThat(acquire(control, OTHER, 0, HOLE)).isEqualTo(answer(MemoryRule.ACQ_19, EINVAL));
  }

  @Test
  void a_chunk_is_mapped_under_the_table_s_write_lock() {
    writeAcquire(control, OTHER, RESOURCE_GRANT_TABLE, 0, 1, 0, LIST);
    writeList(control, HOLE);
    Vcpu vcpu = control.vcpu(0);
    vcpu.issue(MemoryAbi.HYPERCALL, ACQUIRE_RESOURCE, ARGUMENT, 0);
    machine.step(vcpu);
    machine.step(vcpu);
    assertThat(vcpu.call().needs(vcpu)).isEqualTo(Lock.table(OTHER));
    assertThat(vcpu.call().refersTo(OTHER)).isTrue();
    machine.finishCall(vcpu);
  }
}
