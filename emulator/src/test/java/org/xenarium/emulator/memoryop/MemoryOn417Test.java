package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.xenarium.emulator.memoryop.MemoryAbi.ACQUIRE_RESOURCE;
import static org.xenarium.emulator.memoryop.MemoryAbi.RESOURCE_VMTRACE;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_GMFN_FOREIGN;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;

/** Where 4.17.7 was seen to answer otherwise than later releases do. */
public class MemoryOn417Test extends MemoryCalls {
  private static final int CONTROL = 0;
  private static final int NOTHING = 0;

  public MemoryOn417Test() {
    super(new Semantics(Release.V4_17, SecurityPolicy.DUMMY));
  }

  private int errorFor(int target, int foreign) {
    addAll(control, target, SPACE_GMFN_FOREIGN, foreign, new Element(RAM, HOLE));
    return error(control, 0);
  }

  @Test
  void FOREIGN_03_the_caller_by_its_id_is_not_found_and_DOMID_SELF_is_the_caller() {
    assertThat(errorFor(SELF, CONTROL)).isEqualTo(ESRCH);
    assertThat(errorFor(OTHER, CONTROL)).isEqualTo(ESRCH);
    assertThat(errorFor(SELF, DomId.SELF)).as("the target itself").isEqualTo(EINVAL);
    assertThat(errorFor(OTHER, DomId.SELF)).as("a guest may not have the control domain's pages").isEqualTo(EPERM);
    assertThat(errorFor(SELF, DomId.XEN)).isEqualTo(EINVAL);
    assertThat(errorFor(SELF, DomId.COW)).isEqualTo(ESRCH);
  }

  @Test
  void V33_DOMID_IO_brings_the_hypervisor_down_which_is_not_played() {
    assertThatThrownBy(() -> errorFor(SELF, DomId.IO)).isInstanceOf(NotEmulatedException.class).hasMessageContaining("DOMID_IO");
    addAll(guest, SELF, SPACE_GMFN_FOREIGN, DomId.IO, new Element(RAM, HOLE));
    assertThat(error(guest, 0)).as("guests are refused before").isEqualTo(EPERM);
  }

  @Test
  void ACQ_20_an_unknown_kind_of_resource_is_not_supported() {
    writeAcquire(control, OTHER, 3, 0, 1, 0, LIST);
    assertThat(memoryOp(control, ACQUIRE_RESOURCE, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.ACQ_20, EOPNOTSUPP));
    writeAcquire(control, OTHER, RESOURCE_VMTRACE, 0, 1, 0, LIST);
    assertThat(memoryOp(control, ACQUIRE_RESOURCE, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.ACQ_07, EINVAL));
  }

  @Test
  void ACQ_21_and_its_size_is_that_error_number() {
    writeAcquire(control, OTHER, 3, 0, 0, 0, NOTHING);
    assertThat(memoryOp(control, ACQUIRE_RESOURCE, 0, ARGUMENT)).isEqualTo(answer(MemoryRule.ACQ_21, 0));
    assertThat((int) load(control, ARGUMENT + MemoryAbi.ACQUIRE_NR_FRAMES, 4)).isEqualTo(EOPNOTSUPP);
  }
}
