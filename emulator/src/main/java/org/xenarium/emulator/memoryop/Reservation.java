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

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
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

  private static final long MAX_EXTENTS = 0x3ff_ffff;
  private static final int ORDER_LIMIT_GUEST = 9;
  private static final int ORDER_LIMIT_CONTROL = 18;

  private static final int ADDRESS_BITS_MASK = 0xff;
  private static final int NODE_MASK = 0xff00;
  private static final int POPULATE_ON_DEMAND = 1 << 16;
  private static final int EXACT_NODE = 1 << 17;
  private static final int VIRTUAL_NODE = 1 << 18;

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
    if (Long.compareUnsigned(extents, MAX_EXTENTS) > 0) {
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
    boolean privileged = vcpu.domain().privileged();
    if (!flagsAllowed(privileged)) {
      return RES_05;
    }
    if (!vcpu.domain().mayActOn(target)) {
      return RES_06;
    }
    if (kind == Kind.POPULATE && (memFlags & POPULATE_ON_DEMAND) != 0) {
      return RES_09;
    }
    return Integer.compareUnsigned(order, privileged ? ORDER_LIMIT_CONTROL : ORDER_LIMIT_GUEST) > 0 ? RES_07 : null;
  }

  private boolean flagsAllowed(boolean privileged) {
    int addressBits = memFlags & ADDRESS_BITS_MASK;
    if (addressBits != 0 && addressBits <= MachineMemory.PAGE_SHIFT) {
      return false;
    }
    boolean namesNode = (memFlags & NODE_MASK) != 0 && (memFlags & VIRTUAL_NODE) == 0;
    return !namesNode || privileged || (memFlags & EXACT_NODE) == 0;
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
    return kind == Kind.DECREASE ? decrease(target, gfn) : allocate(target, gfn);
  }

  /** Pages allocated before the one that cannot be mapped stay with the domain, lost. */
  private @Nullable MemoryRule allocate(Domain target, long gfn) {
    if (kind == Kind.POPULATE && target.world().strikes(MemoryFault.POPULATE_PHYSMAP, target.id(), gfn)) {
      return RES_17;
    }
    if (kind == Kind.POPULATE && target.directMapped()) {
      return putBack(target, gfn);
    }
    long pages = 1L << order;
    if (target.life() != Life.ALIVE) {
      return RES_12;
    }
    if (target.totPages() + pages > target.maxPages()) {
      return RES_10;
    }
    if (!hostHas(target.world().memory(), pages)) {
      return RES_11;
    }
    MemoryRule rule = null;
    for (long i = 0; i < pages; i++) {
      long mfn = target.allocateRam();
      boolean maps = kind == Kind.POPULATE && rule == null;
      if (maps && target.physmap().set(gfn + i, mfn, EntryType.RAM_RW) != Change.DONE) {
        rule = RES_13;
      }
    }
    return rule;
  }

  /** Direct-mapped: nothing is allocated; the frames of the same numbers stand there again. */
  private @Nullable MemoryRule putBack(Domain target, long first) {
    MachineMemory memory = target.world().memory();
    for (long gfn = first; gfn != first + (1L << order); gfn++) {
      if (!memory.isValid(gfn) || !memory.get(gfn, target.id())) {
        return RES_18;
      }
      Change change = target.physmap().set(gfn, gfn, EntryType.RAM_RW);
      memory.put(gfn);
      if (change != Change.DONE) {
        return change == Change.DYING ? RES_12 : RES_13;
      }
    }
    return null;
  }

  /** An address limit that excludes all of the host's memory leaves nothing to allocate. */
  private boolean hostHas(MachineMemory memory, long pages) {
    int addressBits = memFlags & ADDRESS_BITS_MASK;
    boolean reachable =
        addressBits == 0 || addressBits >= Long.SIZE || memory.firstMfn() < 1L << (addressBits - MachineMemory.PAGE_SHIFT);
    return reachable && memory.hasFree(pages);
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
      if (change == Change.DONE && !target.directMapped()) {
        memory.putAllocation(mfn);
      }
      memory.put(mfn);
      if (change != Change.DONE) {
        return RES_12;
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
