package org.xenarium.emulator.memoryop;

import static org.xenarium.emulator.memoryop.MemoryRule.ATP_01;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_02;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_03;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_04;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_05;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_06;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_07;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_08;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_09;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_10;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_11;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.state.Digest;

/** add_to_physmap (spec §6.4): copy-in, then everything else in one step, under the write lock of the table that may grow. */
final class AddToPhysmap extends Routine {
  /** No domain: space gmfn_foreign, which needs one, is for the batch form only. */
  private static final int NO_FOREIGN = 0;

  private final PageAdder adder;
  private boolean read;
  private int domid;
  private int size;
  private int space;
  private long idx;
  private long gfn;

  AddToPhysmap(PageAdder adder) {
    this.adder = adder;
  }

  @Override
  public long needs(Vcpu vcpu) {
    Domain target = read && adder.locks(space) ? vcpu.world().domainOrSelf(domid, vcpu.domain()) : null;
    return target == null ? Lock.NONE : Lock.table(target.incarnation());
  }

  @Override
  public boolean step(Vcpu vcpu) {
    MemoryRule rule = read ? add(vcpu) : copyIn(vcpu);
    if (rule == null) {
      return true;
    }
    vcpu.decided(0, rule);
    vcpu.setX(0, rule.result());
    return false;
  }

  private @Nullable MemoryRule copyIn(Vcpu vcpu) {
    byte[] scratch = vcpu.world().host().scratch;
    if (MemoryOp.startExtent(vcpu) > 0xffff) {
      return ATP_01;
    }
    if (!GuestBuffers.read(vcpu.domain(), vcpu.x(1), scratch, 0, MemoryAbi.ADD_SIZE)) {
      return ATP_02;
    }
    domid = Bytes.getShort(scratch, MemoryAbi.ADD_DOMID);
    size = Bytes.getShort(scratch, MemoryAbi.ADD_COUNT);
    space = Bytes.getInt(scratch, MemoryAbi.ADD_SPACE);
    idx = Bytes.getLong(scratch, MemoryAbi.ADD_IDX);
    gfn = Bytes.getLong(scratch, MemoryAbi.ADD_GPFN);
    read = true;
    return space == MemoryAbi.SPACE_GMFN_FOREIGN ? ATP_03 : null;
  }

  private MemoryRule add(Vcpu vcpu) {
    Domain target = vcpu.world().domainOrSelf(domid, vcpu.domain());
    if (target == null) {
      return ATP_04;
    }
    if (!PageAdder.mayUse(vcpu.domain(), target, space)) {
      return ATP_05;
    }
    if (!vcpu.domain().mayActOn(target)) {
      return ATP_06;
    }
    if (gfn == -1) {
      return ATP_07;
    }
    if (space == MemoryAbi.SPACE_GMFN_RANGE) {
      return addRange(MemoryOp.startExtent(vcpu));
    }
    return adder.add(vcpu.domain(), target, space, NO_FOREIGN, idx, gfn);
  }

  /** Range checks only: not one page of it can be added on Arm. */
  private MemoryRule addRange(long start) {
    if (size < start) {
      return ATP_08;
    }
    if (Long.compareUnsigned(gfn + size, gfn) < 0 || Long.compareUnsigned(idx + size, idx) < 0) {
      return ATP_09;
    }
    return size == start ? ATP_10 : ATP_11;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(MemoryAbi.ADD_TO_PHYSMAP).add(read).add(domid).add(size).add(space).add(idx).add(gfn);
  }
}
