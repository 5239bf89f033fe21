package org.xenarium.emulator.memoryop;

import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_01;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_02;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_03;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_04;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_05;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_06;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_07;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_08;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_09;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_10;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_11;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_12;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_13;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_14;
import static org.xenarium.emulator.memoryop.MemoryRule.XCHG_15;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.Digest;

/** exchange (spec §6.8), which can do nothing on Arm: copy-in, the look at the first page, and the write of nr_exchanged. */
final class Exchange extends Routine {
  private enum Phase {
    COPY_IN,
    STEAL,
    COPY_OUT
  }

  /** One of the two reservations. */
  private record Side(long list, long extents, int order, int memFlags, int domid) {
    static Side read(byte[] struct, int at) {
      return new Side(
          Bytes.getLong(struct, at + MemoryAbi.RESERVATION_EXTENT_START),
          Bytes.getLong(struct, at + MemoryAbi.RESERVATION_NR_EXTENTS),
          Bytes.getInt(struct, at + MemoryAbi.RESERVATION_EXTENT_ORDER),
          Bytes.getInt(struct, at + MemoryAbi.RESERVATION_MEM_FLAGS),
          Bytes.getShort(struct, at + MemoryAbi.RESERVATION_DOMID));
    }

    boolean overflows() {
      return Long.compareUnsigned(-1L >>> order, extents) < 0;
    }
  }

  private Phase next = Phase.COPY_IN;

  /** Incarnation of the target, once it has been found. */
  private int target = -1;

  /** Guest address of the first input gfn. */
  private long list;

  private long exchanged;
  private @Nullable MemoryRule rule;

  @Override
  public boolean step(Vcpu vcpu) {
    return switch (next) {
      case COPY_IN -> copyIn(vcpu);
      case STEAL -> failWith(steal(vcpu));
      case COPY_OUT -> copyOut(vcpu);
    };
  }

  private boolean copyIn(Vcpu vcpu) {
    if (MemoryOp.startExtent(vcpu) != 0) {
      return end(vcpu, XCHG_01);
    }
    byte[] scratch = vcpu.world().host().scratch;
    if (!GuestBuffers.read(vcpu.domain(), vcpu.x(1), scratch, 0, MemoryAbi.EXCHANGE_SIZE)) {
      return end(vcpu, XCHG_02);
    }
    Side in = Side.read(scratch, MemoryAbi.EXCHANGE_IN);
    Side out = Side.read(scratch, MemoryAbi.EXCHANGE_OUT);
    exchanged = Bytes.getLong(scratch, MemoryAbi.EXCHANGE_NR_EXCHANGED);
    MemoryRule refusal = check(vcpu, in, out);
    if (refusal == XCHG_08) {
      return end(vcpu, XCHG_08);
    }
    if (refusal != null) {
      return failWith(refusal);
    }
    next = Phase.STEAL;
    return true;
  }

  private boolean failWith(MemoryRule failure) {
    rule = failure;
    next = Phase.COPY_OUT;
    return true;
  }

  private @Nullable MemoryRule check(Vcpu vcpu, Side in, Side out) {
    int most = MemoryOp.maxOrder(vcpu.domain());
    if (Integer.compareUnsigned(in.order, most) > 0 || Integer.compareUnsigned(out.order, most) > 0) {
      return XCHG_03;
    }
    if (Long.compareUnsigned(exchanged, in.extents) > 0) {
      return XCHG_04;
    }
    if (in.domid != out.domid) {
      return XCHG_05;
    }
    if (in.overflows() || out.overflows()) {
      return XCHG_06;
    }
    if (in.extents << in.order != out.extents << out.order) {
      return XCHG_07;
    }
    if (exchanged == in.extents) {
      return XCHG_08;
    }
    return MemoryFlags.nodeAllowed(out.memFlags, vcpu.domain()) ? checkTarget(vcpu, in, out) : XCHG_09;
  }

  /** Exchanges go chunk by chunk; the first is the one that is not complete. */
  private @Nullable MemoryRule checkTarget(Vcpu vcpu, Side in, Side out) {
    Domain found = vcpu.world().domainOrSelf(in.domid, vcpu.domain());
    if (found == null) {
      return XCHG_10;
    }
    if (!vcpu.domain().mayActOn(found)) {
      return XCHG_11;
    }
    target = found.incarnation();
    exchanged &= -1L << Math.max(0, out.order - in.order);
    list = in.list + exchanged * Long.BYTES;
    return null;
  }

  private MemoryRule steal(Vcpu vcpu) {
    byte[] scratch = vcpu.world().host().scratch;
    if (!GuestBuffers.read(vcpu.domain(), list, scratch, 0, Long.BYTES)) {
      return XCHG_12;
    }
    Domain found = vcpu.world().incarnation(target);
    long entry = found == null ? Physmap.HOLE : found.physmap().entry(Bytes.getLong(scratch, 0));
    return entry == Physmap.HOLE || !vcpu.world().memory().isValid(Physmap.mfn(entry)) ? XCHG_13 : XCHG_14;
  }

  private boolean copyOut(Vcpu vcpu) {
    boolean written = GuestBuffers.writeLong(vcpu.domain(), vcpu.x(1) + MemoryAbi.EXCHANGE_NR_EXCHANGED, exchanged);
    if (rule == null) {
      throw new IllegalStateException("a call was performed without a rule");
    }
    return end(vcpu, written ? rule : XCHG_15);
  }

  private static boolean end(Vcpu vcpu, MemoryRule decided) {
    vcpu.decided(0, decided);
    vcpu.setX(0, decided.result());
    return false;
  }

  @Override
  public boolean refersTo(int incarnation) {
    return target == incarnation;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(MemoryAbi.EXCHANGE).add(next).add(target).add(list).add(exchanged).add(rule);
  }
}
