package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.SWAP_01A;
import static org.xenarium.gnttab.rule.GrantRule.SWAP_01B;
import static org.xenarium.gnttab.rule.GrantRule.SWAP_02;
import static org.xenarium.gnttab.rule.GrantRule.SWAP_03A;
import static org.xenarium.gnttab.rule.GrantRule.SWAP_03B;
import static org.xenarium.gnttab.rule.GrantRule.SWAP_04;
import static org.xenarium.gnttab.rule.GrantRule.SWAP_F7R;
import static org.xenarium.gnttab.rule.GrantRule.SWAP_F7W;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.SwapLayout;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.SharedEntries;

/** GNTTABOP_swap_grant_ref (spec §3.9): copy-in, the exchange under the caller's own table lock, copy-out. */
final class SwapGrantRef extends BatchOperation {
  private enum Phase {
    COPY_IN,
    SWAP,
    COPY_OUT,
    DONE
  }

  private Phase next = Phase.COPY_IN;
  private int refA;
  private int refB;
  private @Nullable GrantRule rule;

  SwapGrantRef() {
    super(GnttabOp.SWAP_GRANT_REF, SwapLayout.SIZE);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    next =
        switch (next) {
          case COPY_IN -> copyIn(vcpu);
          case SWAP -> swap(vcpu.domain());
          case COPY_OUT -> copyOut(vcpu);
          case DONE -> Phase.DONE;
        };
    return next != Phase.DONE;
  }

  private Phase copyIn(Vcpu vcpu) {
    if (!takesElement(vcpu, SWAP_F7R)) {
      return Phase.DONE;
    }
    refA = Bytes.getInt(vcpu.world().host().scratch, SwapLayout.REF_A);
    refB = Bytes.getInt(vcpu.world().host().scratch, SwapLayout.REF_B);
    return Phase.SWAP;
  }

  private Phase swap(Domain caller) {
    rule = trySwap(caller, GrantTable.of(caller));
    return Phase.COPY_OUT;
  }

  private GrantRule trySwap(Domain caller, GrantTable table) {
    if (!table.contains(refA)) {
      return SWAP_01A;
    }
    if (!table.contains(refB)) {
      return SWAP_01B;
    }
    if (refA == refB) {
      return SWAP_02;
    }
    if (table.active().pin(refA) != 0) {
      return SWAP_03A;
    }
    if (table.active().pin(refB) != 0) {
      return SWAP_03B;
    }
    SharedEntries.swap(caller, table, refA, refB);
    return SWAP_04;
  }

  private Phase copyOut(Vcpu vcpu) {
    GrantRule decided = ruleOf(rule);
    decided(vcpu, decided);
    boolean written = writeStatus(vcpu, SwapLayout.STATUS, decided.result());
    refA = 0;
    refB = 0;
    rule = null;
    if (!written) {
      end(vcpu, SWAP_F7W);
      return Phase.DONE;
    }
    nextElement();
    return Phase.COPY_IN;
  }

  @Override
  public long needs(Vcpu vcpu) {
    return next == Phase.SWAP ? Lock.table(vcpu.domain().incarnation()) : Lock.NONE;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(next).add(refA).add(refB).add(rule);
  }
}
