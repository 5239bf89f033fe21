package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/** {@code k_free(block)}, in one step: what {@link AllocAndGrant} or {@link AllocateBlock} allocated is free. Returns 0; null is no block. */
public final class FreeBlock extends DriverCall {
  private final long block;

  public FreeBlock(long block) {
    this.block = block;
  }

  @Override
  boolean advance(Vcpu vcpu) {
    if (block != 0) {
      free(vcpu, block);
    }
    return !vcpu.isHalted() && end(vcpu, DriverRule.KERNEL_03);
  }

  @Override
  public void digest(Digest digest) {
    digest.add(block);
  }
}
