package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/** {@code k_aligned_alloc(4096, bytes)}, in one step: returns the address of a block, or 0. */
public final class AllocateBlock extends DriverCall {
  private final long bytes;

  public AllocateBlock(long bytes) {
    this.bytes = bytes;
  }

  @Override
  boolean advance(Vcpu vcpu) {
    long block = allocate(vcpu, bytes);
    return end(vcpu, block == 0 ? DriverRule.KERNEL_02 : DriverRule.KERNEL_01, block);
  }

  @Override
  public void digest(Digest digest) {
    digest.add(bytes);
  }
}
