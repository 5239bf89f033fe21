package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.TRANS_01;
import static org.xenarium.gnttab.rule.GrantRule.TRANS_02;
import static org.xenarium.gnttab.rule.GrantRule.TRANS_F1;
import static org.xenarium.gnttab.rule.GrantRule.TRANS_F2;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.TransferLayout;
import org.xenarium.gnttab.rule.GrantRule;

/**
 * GNTTABOP_transfer as releases without V22 answer it on Arm (spec §3.11): element by element, and never with success, as no page can be taken
 * away from a domain there.
 */
final class Transfer extends BatchOperation {
  private enum Phase {
    COPY_IN,
    LOOK_UP,
    COPY_OUT,
    DONE
  }

  private Phase next = Phase.COPY_IN;
  private long gfn;
  private @Nullable GrantRule rule;

  Transfer() {
    super(GnttabOp.TRANSFER, TransferLayout.SIZE);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    next =
        switch (next) {
          case COPY_IN -> copyIn(vcpu);
          case LOOK_UP -> lookUp(vcpu);
          case COPY_OUT -> copyOut(vcpu);
          case DONE -> Phase.DONE;
        };
    return next != Phase.DONE;
  }

  private Phase copyIn(Vcpu vcpu) {
    if (!takesElement(vcpu, TRANS_F1)) {
      return Phase.DONE;
    }
    gfn = Bytes.getLong(vcpu.world().host().scratch, TransferLayout.MFN);
    return Phase.LOOK_UP;
  }

  private Phase lookUp(Vcpu vcpu) {
    long entry = vcpu.domain().physmap().entry(gfn);
    boolean isPage = entry != Physmap.HOLE && vcpu.world().memory().isValid(Physmap.mfn(entry));
    rule = isPage ? TRANS_02 : TRANS_01;
    return Phase.COPY_OUT;
  }

  private Phase copyOut(Vcpu vcpu) {
    GrantRule decided = ruleOf(rule);
    decided(vcpu, decided);
    boolean written = writeStatus(vcpu, TransferLayout.STATUS, decided.result());
    gfn = 0;
    rule = null;
    if (!written) {
      end(vcpu, TRANS_F2);
      return Phase.DONE;
    }
    nextElement();
    return Phase.COPY_IN;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(next).add(gfn).add(rule);
  }
}
