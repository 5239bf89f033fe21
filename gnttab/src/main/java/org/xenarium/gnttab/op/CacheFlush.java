package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.FLUSH_01;
import static org.xenarium.gnttab.rule.GrantRule.FLUSH_02A;
import static org.xenarium.gnttab.rule.GrantRule.FLUSH_02B;
import static org.xenarium.gnttab.rule.GrantRule.FLUSH_03;
import static org.xenarium.gnttab.rule.GrantRule.FLUSH_04;
import static org.xenarium.gnttab.rule.GrantRule.FLUSH_05;
import static org.xenarium.gnttab.rule.GrantRule.FLUSH_06;
import static org.xenarium.gnttab.rule.GrantRule.FLUSH_F8;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.CacheFlags;
import org.xenarium.gnttab.abi.CacheFlushLayout;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;

/**
 * GNTTABOP_cache_flush (spec §3.10). Memory is coherent here, so flushing changes nothing and only the checks are observable. The search
 * whether the page is granted to the caller looks at 4096 references per step, and keeps its position in the command when preempted.
 */
final class CacheFlush extends BatchOperation {
  private enum Phase {
    COPY_IN,
    CHECK,
    SEARCH,
    DONE
  }

  private static final int CHUNK = 4096;

  private Phase next = Phase.COPY_IN;
  private int position;
  private long address;
  private int offset;
  private int length;
  private int operation;

  CacheFlush(int position) {
    super(GnttabOp.CACHE_FLUSH, CacheFlushLayout.SIZE);
    this.position = position;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    next =
        switch (next) {
          case COPY_IN -> copyIn(vcpu);
          case CHECK -> check(vcpu);
          case SEARCH -> search(vcpu);
          case DONE -> Phase.DONE;
        };
    return next != Phase.DONE;
  }

  private Phase copyIn(Vcpu vcpu) {
    if (isDone()) {
      endBatch(vcpu);
      return Phase.DONE;
    }
    if (element() > 0 && vcpu.preempts()) {
      continueLater(vcpu, 0);
      return Phase.DONE;
    }
    if (!readElement(vcpu)) {
      return finish(vcpu, FLUSH_F8);
    }
    byte[] struct = vcpu.world().host().scratch;
    address = Bytes.getLong(struct, CacheFlushLayout.DEV_BUS_ADDR);
    offset = Bytes.getShort(struct, CacheFlushLayout.OFFSET);
    length = Bytes.getShort(struct, CacheFlushLayout.LENGTH);
    operation = Bytes.getInt(struct, CacheFlushLayout.OP);
    return Phase.CHECK;
  }

  private Phase check(Vcpu vcpu) {
    if (offset >= MachineMemory.PAGE_SIZE
        || length > MachineMemory.PAGE_SIZE
        || offset + length > MachineMemory.PAGE_SIZE
        || (operation & ~(CacheFlags.CLEAN | CacheFlags.INVAL)) != 0) {
      return finish(vcpu, FLUSH_01);
    }
    if (length == 0 || operation == 0) {
      return finish(vcpu, position == 0 ? FLUSH_02A : FLUSH_02B);
    }
    MachineMemory memory = vcpu.world().memory();
    long mfn = mfn();
    if (!memory.isValid(mfn)) {
      return finish(vcpu, FLUSH_03);
    }
    if (owner(vcpu) == null) {
      return finish(vcpu, FLUSH_04);
    }
    return owner(vcpu) == vcpu.domain() ? finish(vcpu, FLUSH_06) : Phase.SEARCH;
  }

  private Phase search(Vcpu vcpu) {
    Domain owner = owner(vcpu);
    if (owner == null) {
      return finish(vcpu, FLUSH_04);
    }
    GrantTable table = GrantTable.of(owner);
    long from = position & 0xffff_ffffL;
    long end = Math.min(from + CHUNK, table.entryCount());
    if (isGranted(table.active(), from, end, vcpu.domain().id())) {
      return finish(vcpu, FLUSH_06);
    }
    if (end <= from || end == table.entryCount()) {
      return finish(vcpu, FLUSH_05);
    }
    position = (int) end;
    if (vcpu.preempts()) {
      continueLater(vcpu, position);
      return Phase.DONE;
    }
    return Phase.CHECK;
  }

  private boolean isGranted(ActiveEntries active, long from, long end, int caller) {
    for (long ref = active.nextPinned(from); ref >= 0 && ref < end; ref = active.nextPinned(ref + 1)) {
      if (active.domid((int) ref) == caller && active.mfn((int) ref) == mfn()) {
        return true;
      }
    }
    return false;
  }

  /** A failing element ends the call; there is no status. */
  private Phase finish(Vcpu vcpu, GrantRule rule) {
    position = 0;
    address = 0;
    offset = 0;
    length = 0;
    operation = 0;
    if (rule.result() != 0) {
      end(vcpu, rule);
      return Phase.DONE;
    }
    decided(vcpu, rule);
    nextElement();
    return Phase.COPY_IN;
  }

  private long mfn() {
    return address >>> MachineMemory.PAGE_SHIFT;
  }

  /** The domain that owns the page, if the page can be referenced. */
  private @Nullable Domain owner(Vcpu vcpu) {
    MachineMemory memory = vcpu.world().memory();
    return memory.references(mfn()) == 0 ? null : vcpu.world().incarnation(memory.owner(mfn()));
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(next).add(position).add(address).add(offset).add(length).add(operation);
  }
}
