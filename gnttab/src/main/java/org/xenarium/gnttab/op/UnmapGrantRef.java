package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.UNMAP_01;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_02;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_05;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_08A;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_08B;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_08C;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_08D;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_08E;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_09;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_10;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_11;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_12;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_F3;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_F4;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.abi.UnmapAndReplaceLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;

/**
 * GNTTABOP_unmap_grant_ref and GNTTABOP_unmap_and_replace (spec §3.4): U1 to U4 for each element, and for each block of up to 32 elements U5,
 * the release of pins, one step per element. The structs differ only in what the second field means.
 */
final class UnmapGrantRef extends BatchOperation {
  private enum Phase {
    COPY_IN,
    RELEASE,
    FREE_HANDLE,
    COPY_OUT,
    SETTLE,
    DONE
  }

  /** Elements between two releases of pins. */
  private static final int BLOCK = 32;

  private Phase next = Phase.COPY_IN;

  private long hostAddr;
  private long newAddr;
  private int handle;
  private boolean freed;
  private @Nullable GrantRule rule;

  /** Finished elements of this block, and the pins among them that are to be released, see {@link #pending}. */
  private int inBlock;

  private long[] pending = new long[1];
  private int pendingCount;
  private int settled;

  /** What the call fails with once the pins of this block are released. */
  private @Nullable GrantRule failure;

  UnmapGrantRef(int command) {
    super(command, UnmapLayout.SIZE);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    next =
        switch (next) {
          case COPY_IN -> copyIn(vcpu);
          case RELEASE -> release(vcpu);
          case FREE_HANDLE -> freeHandle(vcpu);
          case COPY_OUT -> copyOut(vcpu);
          case SETTLE -> settle(vcpu);
          case DONE -> Phase.DONE;
        };
    if (next != Phase.DONE) {
      return true;
    }
    next = Phase.COPY_IN;
    vcpu.world().host().keep(command(), this);
    return false;
  }

  /** U1. */
  private Phase copyIn(Vcpu vcpu) {
    if (isDone()) {
      endBatch(vcpu);
      return Phase.DONE;
    }
    if (!readElement(vcpu)) {
      failure = UNMAP_F3;
      return closeBlock(vcpu);
    }
    byte[] struct = vcpu.world().host().scratch;
    hostAddr = Bytes.getLong(struct, UnmapLayout.HOST_ADDR);
    newAddr = command() == GnttabOp.UNMAP_AND_REPLACE ? Bytes.getLong(struct, UnmapAndReplaceLayout.NEW_ADDR) : 0;
    handle = Bytes.getInt(struct, UnmapLayout.HANDLE);
    return Phase.RELEASE;
  }

  /** U2: all checks, the removal from the physmap, and the end of the handle. */
  private Phase release(Vcpu vcpu) {
    rule = tryRelease(vcpu);
    return freed ? Phase.FREE_HANDLE : Phase.COPY_OUT;
  }

  private GrantRule tryRelease(Vcpu vcpu) {
    Maptrack maptrack = GrantTable.of(vcpu.domain()).maptrack();
    if (Integer.compareUnsigned(handle, maptrack.limit()) >= 0) {
      return UNMAP_01;
    }
    long entry = maptrack.entry(handle);
    if (Maptrack.flagsOf(entry) == 0) {
      return UNMAP_02;
    }
    int domid = Maptrack.domidOf(entry);
    int ref = Maptrack.refOf(entry);
    GrantTable table = GrantTable.of(listed(vcpu, domid));
    if (!table.contains(ref)) {
      return UNMAP_05;
    }
    if (hostAddr == 0) {
      return UNMAP_09;
    }
    if (newAddr != 0) {
      return UNMAP_08A;
    }
    GrantRule removal = remove(vcpu, table.active().mfn(ref));
    if (removal == UNMAP_10 || removal == UNMAP_11 || removal == UNMAP_12) {
      note(domid, ref, (Maptrack.flagsOf(entry) & MapFlags.READONLY) != 0);
      maptrack.retire(handle);
      freed = true;
    }
    return removal;
  }

  /**
   * The physmap entry goes by the address given now; which address the grant was mapped at is not recorded. Before V21 it goes whatever frame it
   * names.
   */
  private GrantRule remove(Vcpu vcpu, long mfn) {
    Physmap physmap = vcpu.domain().physmap();
    long gfn = hostAddr >>> MachineMemory.PAGE_SHIFT;
    long entry = physmap.entry(gfn);
    boolean mapped = entry != Physmap.HOLE && Physmap.mfn(entry) == mfn;
    return switch (physmap.remove(gfn, mfn)) {
      case OUT_OF_REACH -> UNMAP_08C;
      case OTHER_FRAME -> vcpu.world().semantics().has(Difference.REMOVAL_NAMES_FRAME) ? UNMAP_08B : removeOther(physmap, gfn);
      case DYING -> UNMAP_08D;
      case NO_TABLE, NO_SPLIT -> UNMAP_08E;
      case DONE -> mapped ? UNMAP_11 : UNMAP_10;
    };
  }

  private static GrantRule removeOther(Physmap physmap, long gfn) {
    physmap.remove(gfn, Physmap.mfn(physmap.entry(gfn)));
    return UNMAP_12;
  }

  private void note(int domid, int ref, boolean readonly) {
    if (pendingCount == pending.length) {
      pending = Arrays.copyOf(pending, BLOCK);
    }
    pending[pendingCount++] = ((long) domid << 33) | (readonly ? 1L << 32 : 0) | (ref & 0xffff_ffffL);
  }

  /** U3. */
  private Phase freeHandle(Vcpu vcpu) {
    GrantTable.of(vcpu.domain()).maptrack().free(handle);
    return Phase.COPY_OUT;
  }

  /** U4: the status, before the pin is released. */
  private Phase copyOut(Vcpu vcpu) {
    GrantRule decided = ruleOf(rule);
    decided(vcpu, decided);
    boolean written = writeStatus(vcpu, UnmapLayout.STATUS, decided.result());
    hostAddr = 0;
    newAddr = 0;
    handle = 0;
    freed = false;
    rule = null;
    if (!written) {
      failure = UNMAP_F4;
      return closeBlock(vcpu);
    }
    inBlock++;
    nextElement();
    return inBlock == BLOCK || isDone() ? closeBlock(vcpu) : Phase.COPY_IN;
  }

  private Phase closeBlock(Vcpu vcpu) {
    return pendingCount > 0 ? Phase.SETTLE : afterBlock(vcpu);
  }

  /** U5 of one element: the pin, the flags that it justified, the page reference. */
  private Phase settle(Vcpu vcpu) {
    long pin = pending[settled];
    pending[settled++] = 0;
    int ref = (int) pin;
    GrantTable table = GrantTable.of(listed(vcpu, domidOf(pin)));
    long mfn = table.active().mfn(ref);
    table.unpin(ref, (pin & 1L << 32) != 0);
    vcpu.world().memory().put(mfn);
    return settled < pendingCount ? Phase.SETTLE : afterBlock(vcpu);
  }

  private Phase afterBlock(Vcpu vcpu) {
    inBlock = 0;
    pendingCount = 0;
    settled = 0;
    GrantRule failed = failure;
    failure = null;
    if (failed != null) {
      end(vcpu, failed);
      return Phase.DONE;
    }
    if (!isDone() && vcpu.preempts()) {
      continueLater(vcpu, 0);
      return Phase.DONE;
    }
    return Phase.COPY_IN;
  }

  @Override
  public long hostAddress() {
    return hostAddr;
  }

  @Override
  public int handleInHand() {
    return next == Phase.FREE_HANDLE ? handle : Maptrack.NONE;
  }

  @Override
  public void forEachPin(Vcpu vcpu, PinVisitor visitor) {
    for (int i = settled; i < pendingCount; i++) {
      visitor.pin(listed(vcpu, domidOf(pending[i])).incarnation(), (int) pending[i], (pending[i] & 1L << 32) != 0, vcpu.domain().id());
    }
  }

  private static int domidOf(long pin) {
    return (int) (pin >>> 33);
  }

  @Override
  public long needs(Vcpu vcpu) {
    if (next == Phase.SETTLE) {
      return Lock.entry(listed(vcpu, domidOf(pending[settled])).incarnation(), (int) pending[settled]);
    }
    return next == Phase.RELEASE ? GrantTable.of(vcpu.domain()).lockOf(handle) : Lock.NONE;
  }

  @Override
  public Routine copy() {
    UnmapGrantRef copy = (UnmapGrantRef) super.copy();
    copy.pending = pending.clone();
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(next).add(hostAddr).add(newAddr).add(handle).add(freed).add(rule);
    digest.add(inBlock).add(pendingCount).add(settled).add(failure);
    for (int i = settled; i < pendingCount; i++) {
      digest.add(pending[i]);
    }
  }
}
