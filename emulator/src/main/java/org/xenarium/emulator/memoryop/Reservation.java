package org.xenarium.emulator.memoryop;

import static org.xenarium.emulator.memoryop.MemoryRule.RES_01;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_02;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_03;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_04;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_05;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_06;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_07;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_08;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_09;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_10;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_11;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_12;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_13;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_14;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_15;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_16;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_17;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_18;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_19;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_20;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_21;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_22;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_23;
import static org.xenarium.emulator.memoryop.MemoryRule.RES_24;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.Change;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.Digest;

/**
 * increase_reservation, decrease_reservation and populate_physmap (spec §6.2): copy-in, then one step per extent. The return value is the
 * number of extents done, never an errno.
 */
final class Reservation extends Routine {
  /** Which of the three. */
  enum Kind {
    INCREASE,
    DECREASE,
    POPULATE
  }

  private final Kind kind;
  private boolean read;
  private long list;
  private long extents;
  private int order;
  private int memFlags;
  private int domid;

  /** The incarnation of the target, once it has been looked up. */
  private int found;

  private long done;
  private boolean entered;

  Reservation(Kind kind) {
    this.kind = kind;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    if (!read) {
      done = MemoryOp.startExtent(vcpu);
      return !ends(vcpu, copyIn(vcpu));
    }
    if (entered && vcpu.preempts()) {
      vcpu.issueAgain(MemoryOp.operation(vcpu) | done << MemoryAbi.CMD_BITS, vcpu.x(1), vcpu.x(2));
      return false;
    }
    entered = true;
    MemoryRule rule = extent(vcpu);
    if (rule == null && ++done == extents) {
      rule = RES_16;
    }
    return !ends(vcpu, rule);
  }

  private boolean ends(Vcpu vcpu, @Nullable MemoryRule rule) {
    if (rule != null) {
      vcpu.decided(0, rule);
      vcpu.setX(0, done);
    }
    return rule != null;
  }

  private @Nullable MemoryRule copyIn(Vcpu vcpu) {
    byte[] scratch = vcpu.world().host().scratch;
    if (!GuestBuffers.read(vcpu.domain(), vcpu.x(1), scratch, 0, MemoryAbi.RESERVATION_SIZE)) {
      return RES_01;
    }
    read = true;
    list = Bytes.getLong(scratch, MemoryAbi.RESERVATION_EXTENT_START);
    extents = Bytes.getLong(scratch, MemoryAbi.RESERVATION_NR_EXTENTS);
    order = Bytes.getInt(scratch, MemoryAbi.RESERVATION_EXTENT_ORDER);
    memFlags = Bytes.getInt(scratch, MemoryAbi.RESERVATION_MEM_FLAGS);
    domid = Bytes.getShort(scratch, MemoryAbi.RESERVATION_DOMID);
    if (Long.compareUnsigned(extents, MemoryAbi.MAX_EXTENTS) > 0) {
      return RES_02;
    }
    if (Long.compareUnsigned(done, extents) >= 0) {
      return RES_03;
    }
    Domain target = target(vcpu);
    if (target == null) {
      return RES_04;
    }
    found = target.incarnation();
    MemoryRule refusal = flagsRefusal(vcpu.domain(), target);
    if (refusal != null) {
      return refusal;
    }
    if (!vcpu.domain().mayActOn(target)) {
      return RES_06;
    }
    if (kind == Kind.POPULATE && (memFlags & MemoryFlags.POPULATE_ON_DEMAND) != 0) {
      return RES_09;
    }
    return Integer.compareUnsigned(order, MemoryOp.maxOrder(vcpu.domain())) > 0 ? RES_07 : null;
  }

  private @Nullable MemoryRule flagsRefusal(Domain caller, Domain target) {
    if (!MemoryFlags.addressAllowed(memFlags)) {
      return RES_05;
    }
    if (MemoryFlags.namesVirtualNode(memFlags)) {
      return MemoryFlags.virtualNodeAllowed(memFlags, target) ? null : RES_19;
    }
    return MemoryFlags.nodeAllowed(memFlags, caller) ? null : RES_05;
  }

  private @Nullable Domain target(Vcpu vcpu) {
    return vcpu.world().domainOrSelf(domid, vcpu.domain());
  }

  /** One extent; null when it is done. */
  private @Nullable MemoryRule extent(Vcpu vcpu) {
    Domain target = vcpu.world().incarnation(found);
    if (target == null) {
      return RES_04;
    }
    long gfn = 0;
    if (kind != Kind.INCREASE) {
      byte[] scratch = vcpu.world().host().scratch;
      if (!GuestBuffers.read(vcpu.domain(), list + done * Long.BYTES, scratch, 0, Long.BYTES)) {
        return RES_08;
      }
      gfn = Bytes.getLong(scratch, 0);
    }
    return switch (kind) {
      case INCREASE -> allocate(target) == Mfn.NONE ? shortage(target) : null;
      case DECREASE -> decrease(target, gfn);
      case POPULATE -> populate(target, gfn);
    };
  }

  private @Nullable MemoryRule populate(Domain target, long gfn) {
    if (target.world().strikes(MemoryFault.POPULATE_PHYSMAP, target.id(), gfn)) {
      return RES_17;
    }
    long mfn;
    if (target.memoryConfig().directMapped()) {
      if (!ownsAll(target, gfn)) {
        return RES_18;
      }
      mfn = gfn;
    } else if (target.memoryConfig().staticMemory() && order != 0) {
      return RES_23;
    } else {
      mfn = target.memoryConfig().staticMemory() ? allocateReserved(target) : allocate(target);
      if (mfn == Mfn.NONE) {
        return shortage(target);
      }
    }
    return switch (target.physmap().setAll(gfn, mfn, 1L << order, EntryType.RAM_RW)) {
      case OUT_OF_REACH -> RES_13;
      case DYING -> RES_12;
      case NO_TABLE -> RES_20;
      case NO_SPLIT -> RES_21;
      case DONE, OTHER_FRAME -> null;
    };
  }

  /** New pages in a row; {@link Mfn#NONE} when there are none, see {@link #shortage}. Those that cannot be mapped then stay with the domain, lost. */
  private long allocate(Domain target) {
    return isRefused(target) ? Mfn.NONE : target.allocateRam(order, MemoryFlags.limit(memFlags));
  }

  private long allocateReserved(Domain target) {
    return isRefused(target) ? Mfn.NONE : target.allocateReserved();
  }

  private boolean isRefused(Domain target) {
    return target.life() != Life.ALIVE || exceeds(target);
  }

  private boolean exceeds(Domain target) {
    return target.totPages() + (1L << order) > target.maxPages();
  }

  /** Why no page was given. */
  private MemoryRule shortage(Domain target) {
    if (target.life() != Life.ALIVE) {
      return RES_12;
    }
    if (exceeds(target)) {
      return RES_10;
    }
    return kind == Kind.POPULATE && target.memoryConfig().staticMemory() ? RES_24 : RES_11;
  }

  private boolean ownsAll(Domain target, long mfn) {
    for (long i = 0; i < 1L << order; i++) {
      if (!target.world().memory().isHeldBy(mfn + i, target.incarnation())) {
        return false;
      }
    }
    return true;
  }

  private @Nullable MemoryRule decrease(Domain target, long first) {
    MachineMemory memory = target.world().memory();
    for (long gfn = first; gfn != first + (1L << order); gfn++) {
      long entry = target.physmap().entry(gfn);
      long mfn = Physmap.mfn(entry);
      if (entry == Physmap.HOLE || !memory.isValid(mfn)) {
        return RES_14;
      }
      if (!memory.get(mfn, target.incarnation())) {
        return RES_15;
      }
      Change change = target.physmap().remove(gfn, mfn);
      if (change == Change.DONE && !target.memoryConfig().directMapped()) {
        memory.putAllocation(mfn);
      }
      memory.put(mfn);
      if (change != Change.DONE) {
        return change == Change.DYING ? RES_12 : RES_22;
      }
    }
    return null;
  }

  @Override
  public boolean refersTo(int incarnation) {
    return read && found == incarnation;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(kind).add(read).add(entered).add(list).add(extents).add(order).add(memFlags).add(domid).add(found).add(done);
  }
}
