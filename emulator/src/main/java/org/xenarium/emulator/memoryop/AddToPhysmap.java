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
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_12;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_13;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_14;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_15;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_16;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_17;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_18;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_19;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.state.Digest;

/** add_to_physmap (spec §6.4, §6.6): copy-in, then everything else in one step, under the write lock of the table that may grow. */
final class AddToPhysmap extends Routine {
  private final MapSpaces spaces;
  private boolean read;
  private int domid;
  private int size;
  private int space;
  private long idx;
  private long gfn;

  AddToPhysmap(MapSpaces spaces) {
    this.spaces = spaces;
  }

  @Override
  public long needs(Vcpu vcpu) {
    Domain target = read && spaces.get(space) != null ? vcpu.world().domainOrSelf(domid, vcpu.domain()) : null;
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
    if (space == MemoryAbi.SPACE_DEV_MMIO) {
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
    return switch (space) {
      case MemoryAbi.SPACE_SHARED_INFO -> idx == 0 ? mapUnlessMapped(target, target.sharedInfo()) : ATP_13;
      case MemoryAbi.SPACE_GMFN -> ATP_11;
      default -> addFrom(spaces.get(space), target);
    };
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

  private MemoryRule addFrom(@Nullable MapSpace frames, Domain target) {
    if (frames == null) {
      return ATP_12;
    }
    long mfn = frames.frame(target, idx);
    return mfn == Mfn.NONE ? ATP_14 : map(target, mfn);
  }

  /** Holds a reference meanwhile; shared_info is mapped without one, so it can be even when its last one is gone (measured on 4.17.7). */
  private MemoryRule map(Domain target, long mfn) {
    MachineMemory memory = target.world().memory();
    if (!memory.get(mfn, target.incarnation())) {
      return ATP_15;
    }
    MemoryRule rule = mapUnlessMapped(target, mfn);
    memory.put(mfn);
    return rule;
  }

  /** Before V20, a grant frame that lies somewhere is moved, and shared_info then lies at both places. */
  private MemoryRule mapUnlessMapped(Domain target, long mfn) {
    long lies = target.world().memory().storedGfn(mfn);
    if (lies != Mfn.NONE && target.world().semantics().has(Difference.ADDED_FRAME_STAYS)) {
      return ATP_16;
    }
    if (lies != Mfn.NONE && space != MemoryAbi.SPACE_SHARED_INFO) {
      target.physmap().remove(lies, mfn);
    }
    return switch (target.physmap().set(gfn, mfn, EntryType.RAM_RW)) {
      case OUT_OF_REACH -> ATP_17;
      case DYING -> ATP_18;
      case DONE, OTHER_FRAME -> ATP_19;
    };
  }

  @Override
  public void digest(Digest digest) {
    digest.add(MemoryAbi.ADD_TO_PHYSMAP).add(read).add(domid).add(size).add(space).add(idx).add(gfn);
  }
}
