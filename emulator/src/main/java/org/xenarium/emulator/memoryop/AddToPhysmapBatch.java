package org.xenarium.emulator.memoryop;

import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_01;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_02;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_03;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_04;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_05;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_06;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_07;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_08;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_09;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_10;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_11;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_12;
import static org.xenarium.emulator.memoryop.MemoryRule.BATCH_13;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.state.Digest;

/**
 * add_to_physmap_batch (spec §6.5): copy-in; then for each element the read of idx and gpfn, the addition under the write lock of the table that
 * may grow, and the write of its error. The call returns 0 however the elements went.
 */
final class AddToPhysmapBatch extends Routine {
  private enum Phase {
    COPY_IN,
    READ,
    ADD,
    WRITE
  }

  private final PageAdder adder;
  private Phase next = Phase.COPY_IN;

  /** Incarnation of the target, once it has been found. */
  private int target = -1;

  private int space;
  private int foreign;
  private int size;
  private long idxs;
  private long gpfns;
  private long errs;

  /** Index of the current element. */
  private int extent;

  private long idx;
  private long gfn;
  private int error;

  AddToPhysmapBatch(PageAdder adder) {
    this.adder = adder;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    return switch (next) {
      case COPY_IN -> goesOn(vcpu, copyIn(vcpu), Phase.READ);
      case READ -> goesOn(vcpu, read(vcpu), Phase.ADD);
      case ADD -> add(vcpu);
      case WRITE -> write(vcpu);
    };
  }

  private boolean goesOn(Vcpu vcpu, @Nullable MemoryRule end, Phase then) {
    if (end != null) {
      vcpu.decided(extent, end);
      vcpu.setX(0, end.result());
      return false;
    }
    next = then;
    return true;
  }

  private @Nullable MemoryRule copyIn(Vcpu vcpu) {
    byte[] scratch = vcpu.world().host().scratch;
    long start = MemoryOp.startExtent(vcpu);
    if (start > 0xffff) {
      return BATCH_01;
    }
    if (!GuestBuffers.read(vcpu.domain(), vcpu.x(1), scratch, 0, MemoryAbi.BATCH_SIZE)) {
      return BATCH_02;
    }
    space = Bytes.getShort(scratch, MemoryAbi.BATCH_SPACE);
    foreign = Bytes.getShort(scratch, MemoryAbi.BATCH_FOREIGN);
    size = Bytes.getShort(scratch, MemoryAbi.BATCH_COUNT);
    idxs = Bytes.getLong(scratch, MemoryAbi.BATCH_IDXS);
    gpfns = Bytes.getLong(scratch, MemoryAbi.BATCH_GPFNS);
    errs = Bytes.getLong(scratch, MemoryAbi.BATCH_ERRS);
    extent = (int) start;
    return check(vcpu, Bytes.getShort(scratch, MemoryAbi.BATCH_DOMID));
  }

  private @Nullable MemoryRule check(Vcpu vcpu, int domid) {
    if (space == MemoryAbi.SPACE_GMFN_RANGE) {
      return BATCH_03;
    }
    Domain found = vcpu.world().domainOrSelf(domid, vcpu.domain());
    if (found == null) {
      return BATCH_04;
    }
    if (!PageAdder.mayUse(vcpu.domain(), found, space)) {
      return BATCH_05;
    }
    if (!vcpu.domain().mayActOn(found)) {
      return BATCH_06;
    }
    if (size <= extent) {
      return extent == 0 ? BATCH_08 : BATCH_07;
    }
    target = found.incarnation();
    return space == MemoryAbi.SPACE_DEV_MMIO && foreign != 0 ? BATCH_09 : null;
  }

  private @Nullable MemoryRule read(Vcpu vcpu) {
    byte[] scratch = vcpu.world().host().scratch;
    long offset = (long) extent * Long.BYTES;
    boolean readable =
        GuestBuffers.read(vcpu.domain(), idxs + offset, scratch, 0, Long.BYTES)
            && GuestBuffers.read(vcpu.domain(), gpfns + offset, scratch, Long.BYTES, Long.BYTES);
    if (!readable) {
      return BATCH_10;
    }
    idx = Bytes.getLong(scratch, 0);
    gfn = Bytes.getLong(scratch, Long.BYTES);
    return gfn == -1 ? BATCH_11 : null;
  }

  private boolean add(Vcpu vcpu) {
    Domain found = vcpu.world().incarnation(target);
    if (found == null) {
      throw new IllegalStateException("domain " + target + " left the list during an operation on it");
    }
    MemoryRule rule = adder.add(vcpu.domain(), found, space, foreign, idx, gfn);
    vcpu.decided(extent, rule);
    error = rule.result();
    idx = 0;
    gfn = 0;
    next = Phase.WRITE;
    return true;
  }

  private boolean write(Vcpu vcpu) {
    byte[] scratch = vcpu.world().host().scratch;
    Bytes.setInt(scratch, 0, error);
    if (!GuestBuffers.write(vcpu.domain(), errs + (long) extent * Integer.BYTES, scratch, 0, Integer.BYTES)) {
      return goesOn(vcpu, BATCH_12, next);
    }
    error = 0;
    extent++;
    if (extent == size) {
      return goesOn(vcpu, BATCH_13, next);
    }
    if (vcpu.preempts()) {
      vcpu.issue(
          MemoryAbi.HYPERCALL, MemoryAbi.ADD_TO_PHYSMAP_BATCH | (long) extent << MemoryAbi.CMD_BITS, vcpu.x(1), vcpu.x(2));
      return false;
    }
    next = Phase.READ;
    return true;
  }

  @Override
  public boolean refersTo(int incarnation) {
    return target == incarnation;
  }

  @Override
  public long needs(Vcpu vcpu) {
    return next == Phase.ADD && adder.locks(space) ? Lock.table(target) : Lock.NONE;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(MemoryAbi.ADD_TO_PHYSMAP_BATCH).add(next).add(target).add(space).add(foreign).add(size).add(idxs).add(gpfns).add(errs);
    digest.add(extent).add(idx).add(gfn).add(error);
  }
}
