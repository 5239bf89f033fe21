package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;

/** What changed with 4.15 (V15) and 4.17 (V20). */
public class MemoryOn414Test extends MemoryCalls {
  public MemoryOn414Test() {
    super(new Semantics(Release.V4_14, SecurityPolicy.DUMMY));
  }

  @Test
  void ACQ_01_V15_only_the_hardware_domain_may_call_acquire_resource() {
    assertThat(memoryOp(control, MemoryAbi.ACQUIRE_RESOURCE, 0, UNREADABLE))
        .as("before all else")
        .isEqualTo(answer(MemoryRule.ACQ_01, EACCES));
    Domain hardware = domain(DomainConfig.guest(3, MAX_PAGES).withPrivilege(true).withHardware(true));
    assertThat(acquire(hardware, OTHER, 0, HOLE)).isEqualTo(answer(MemoryRule.ACQ_18, 0));
  }

  @Test
  void ATP_19_V20_a_frame_that_lies_somewhere_moves_in_both_forms_and_shared_info_lies_twice() {
    add(guest, SELF, MemoryAbi.SPACE_GRANT_TABLE, 0, HOLE);
    assertThat(add(guest, SELF, MemoryAbi.SPACE_GRANT_TABLE, 0, HOLE + 1)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(guest.physmap().next(0)).isEqualTo(HOLE + 1);
    addAll(guest, SELF, MemoryAbi.SPACE_GRANT_TABLE, 0, new Element(0, HOLE + 2));
    assertThat(guest.physmap().next(0)).isEqualTo(HOLE + 2);
    addAll(guest, SELF, MemoryAbi.SPACE_SHARED_INFO, 0, new Element(0, HOLE + 4), new Element(0, HOLE + 5));
    assertThat(mfn(guest, HOLE + 4)).isEqualTo(mfn(guest, HOLE + 5)).isEqualTo(guest.sharedInfo());
  }
}
