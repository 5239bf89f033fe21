package org.xenarium.emulator.memoryop;

import static org.xenarium.emulator.memoryop.MemoryRule.RFP_01;
import static org.xenarium.emulator.memoryop.MemoryRule.RFP_02;
import static org.xenarium.emulator.memoryop.MemoryRule.RFP_03;
import static org.xenarium.emulator.memoryop.MemoryRule.RFP_04;
import static org.xenarium.emulator.memoryop.MemoryRule.RFP_05;
import static org.xenarium.emulator.memoryop.MemoryRule.RFP_06;
import static org.xenarium.emulator.memoryop.MemoryRule.RFP_07;
import static org.xenarium.emulator.memoryop.MemoryRule.RFP_08;
import static org.xenarium.emulator.memoryop.MemoryRule.RFP_09;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.Change;
import org.xenarium.emulator.state.Digest;

/** remove_from_physmap (spec §6.7): copy-in, then the removal in one step. */
final class RemoveFromPhysmap extends Routine {
  private boolean read;
  private int domid;
  private long gfn;

  @Override
  public boolean step(Vcpu vcpu) {
    MemoryRule rule = read ? remove(vcpu) : copyIn(vcpu);
    if (rule == null) {
      return true;
    }
    vcpu.decided(0, rule);
    vcpu.setX(0, rule.result());
    return false;
  }

  private @Nullable MemoryRule copyIn(Vcpu vcpu) {
    byte[] scratch = vcpu.world().host().scratch;
    if (MemoryOp.startExtent(vcpu) != 0) {
      return RFP_01;
    }
    if (!GuestBuffers.read(vcpu.domain(), vcpu.x(1), scratch, 0, MemoryAbi.REMOVE_SIZE)) {
      return RFP_02;
    }
    domid = Bytes.getShort(scratch, MemoryAbi.REMOVE_DOMID);
    gfn = Bytes.getLong(scratch, MemoryAbi.REMOVE_GPFN);
    read = true;
    return null;
  }

  private MemoryRule remove(Vcpu vcpu) {
    Domain target = vcpu.world().domainOrSelf(domid, vcpu.domain());
    if (target == null) {
      return RFP_03;
    }
    if (!vcpu.domain().mayActOn(target)) {
      return RFP_04;
    }
    if (vcpu.world().strikes(MemoryFault.REMOVE_FROM_PHYSMAP, target.id(), gfn)) {
      return RFP_08;
    }
    long mfn = target.physmap().lookupAndGet(gfn);
    if (mfn == Mfn.NONE) {
      return RFP_05;
    }
    Change change = target.physmap().remove(gfn, mfn);
    vcpu.world().memory().put(mfn);
    return switch (change) {
      case DYING -> RFP_06;
      case NO_TABLE, NO_SPLIT -> RFP_09;
      case DONE, OUT_OF_REACH, OTHER_FRAME -> RFP_07;
    };
  }

  @Override
  public void digest(Digest digest) {
    digest.add(MemoryAbi.REMOVE_FROM_PHYSMAP).add(read).add(domid).add(gfn);
  }
}
