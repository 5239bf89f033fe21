package org.xenarium.emulator.hypercall;

import static org.xenarium.emulator.hypercall.HypercallRule.MULTI_01;
import static org.xenarium.emulator.hypercall.HypercallRule.MULTI_02;
import static org.xenarium.emulator.hypercall.HypercallRule.MULTI_03;
import static org.xenarium.emulator.hypercall.HypercallRule.MULTI_04;
import static org.xenarium.emulator.hypercall.HypercallRule.MULTI_05;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/**
 * Hypercall 13, {@code multicall} (spec §2.5, F20 of §10.3, measured on 4.17.7): makes the calls of an array of entries one after the other and
 * writes each result into its entry. The array is read entry by entry, so a call can still change the entries behind it.
 *
 * <p>While an entry is executed its arguments are in the vCPU's registers, and so is what remains of it when it is preempted: the call in it
 * needs not know that it is not alone.
 */
public final class Multicall extends Routine {
  /** Hypercall number. */
  public static final int HYPERCALL = 13;

  private enum Phase {
    READ,
    START,
    WITHIN,
    WRITE_RESULT,
    WRITE_ENTRY,
    DONE
  }

  private final HypercallTable hypercalls;
  private Phase next = Phase.READ;

  /** Guest address of the current entry. */
  private long pointer;

  /** Entries not finished yet, the current one included. */
  private int remaining;

  /** Index of the current entry since this entry into the hypervisor. */
  private long index;

  /** The result of the current entry: as it was read, until its call is over. */
  private long result;

  /** The argument that no register holds. */
  private long lastArgument;

  /** The call of the current entry, in flight. */
  private @Nullable Routine inner;

  /** That call was preempted. */
  private boolean preempted;

  private Multicall(HypercallTable hypercalls) {
    this.hypercalls = hypercalls;
  }

  /** Takes up multicalls whose calls go to {@code hypercalls}. */
  public static HypercallHandler handler(HypercallTable hypercalls) {
    return vcpu -> start(hypercalls, vcpu);
  }

  private static @Nullable Routine start(HypercallTable hypercalls, Vcpu vcpu) {
    if (vcpu.call() != null) {
      vcpu.decided(0, MULTI_01);
      vcpu.setX(0, MULTI_01.result());
      return null;
    }
    Multicall multicall = new Multicall(hypercalls);
    multicall.pointer = vcpu.x(0);
    multicall.remaining = (int) vcpu.x(1);
    return multicall;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    next =
        switch (next) {
          case READ -> read(vcpu);
          case START -> start(vcpu);
          case WITHIN -> within(vcpu);
          case WRITE_RESULT -> writeResult(vcpu);
          case WRITE_ENTRY -> writeEntry(vcpu);
          case DONE -> Phase.DONE;
        };
    return next != Phase.DONE;
  }

  private Phase read(Vcpu vcpu) {
    if (remaining == 0) {
      return end(vcpu, MULTI_05);
    }
    if (index > 0 && vcpu.preempts()) {
      return continueLater(vcpu);
    }
    byte[] entry = vcpu.world().host().scratch;
    if (!GuestBuffers.read(vcpu.domain(), pointer, entry, 0, MulticallLayout.SIZE)) {
      return end(vcpu, MULTI_02);
    }
    result = Bytes.getLong(entry, MulticallLayout.RESULT);
    lastArgument = Bytes.getLong(entry, MulticallLayout.argument(5));
    vcpu.issue(
        number(Bytes.getLong(entry, MulticallLayout.OP)),
        Bytes.getLong(entry, MulticallLayout.argument(0)),
        Bytes.getLong(entry, MulticallLayout.argument(1)),
        Bytes.getLong(entry, MulticallLayout.argument(2)),
        Bytes.getLong(entry, MulticallLayout.argument(3)),
        Bytes.getLong(entry, MulticallLayout.argument(4)));
    return Phase.START;
  }

  /** All 64 bits of an entry's number count; those that no register can hold name no hypercall. */
  private static int number(long op) {
    return op == (int) op ? (int) op : -1;
  }

  private Phase start(Vcpu vcpu) {
    inner = hypercalls.start(vcpu);
    return inner == null ? ended(vcpu) : Phase.WITHIN;
  }

  private Phase within(Vcpu vcpu) {
    return inner != null && inner.step(vcpu) ? Phase.WITHIN : ended(vcpu);
  }

  /** The entry's call is over, or preempted and back at its HVC. */
  private Phase ended(Vcpu vcpu) {
    inner = null;
    preempted = vcpu.atHypercall();
    if (preempted) {
      vcpu.takeHypercall();
    } else {
      result = vcpu.x(0);
    }
    return Phase.WRITE_RESULT;
  }

  private Phase writeResult(Vcpu vcpu) {
    if (!GuestBuffers.writeLong(vcpu.domain(), pointer + MulticallLayout.RESULT, result)) {
      return end(vcpu, MULTI_03);
    }
    if (preempted) {
      return Phase.WRITE_ENTRY;
    }
    pointer += MulticallLayout.SIZE;
    remaining--;
    index++;
    result = 0;
    lastArgument = 0;
    return Phase.READ;
  }

  /** The whole entry, with what remains of its call; that is where the multicall begins again. */
  private Phase writeEntry(Vcpu vcpu) {
    byte[] entry = vcpu.world().host().scratch;
    Bytes.setLong(entry, MulticallLayout.OP, vcpu.number());
    Bytes.setLong(entry, MulticallLayout.RESULT, result);
    for (int i = 0; i < 5; i++) {
      Bytes.setLong(entry, MulticallLayout.argument(i), vcpu.x(i));
    }
    Bytes.setLong(entry, MulticallLayout.argument(5), lastArgument);
    boolean written = GuestBuffers.write(vcpu.domain(), pointer, entry, 0, MulticallLayout.SIZE);
    return written ? continueLater(vcpu) : end(vcpu, MULTI_04);
  }

  private Phase continueLater(Vcpu vcpu) {
    vcpu.issue(HYPERCALL, pointer, Integer.toUnsignedLong(remaining), 0);
    return Phase.DONE;
  }

  private Phase end(Vcpu vcpu, HypercallRule rule) {
    vcpu.decided(index, rule);
    vcpu.setX(0, rule.result());
    return Phase.DONE;
  }

  @Override
  public long holds(Vcpu vcpu) {
    return inner == null ? Lock.NONE : inner.holds(vcpu);
  }

  @Override
  public long needs(Vcpu vcpu) {
    return inner == null ? Lock.NONE : inner.needs(vcpu);
  }

  @Override
  public Routine innermost() {
    return inner == null ? this : inner.innermost();
  }

  @Override
  public boolean refersTo(int domid) {
    return inner != null && inner.refersTo(domid);
  }

  @Override
  public Routine copy() {
    Multicall copy = (Multicall) super.copy();
    copy.inner = inner == null ? null : inner.copy();
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(HYPERCALL).add(next).add(pointer).add(remaining).add(index).add(result).add(lastArgument).add(preempted).add(inner != null);
    if (inner != null) {
      inner.digest(digest);
    }
  }
}
