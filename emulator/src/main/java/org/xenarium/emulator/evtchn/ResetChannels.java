package org.xenarium.emulator.evtchn;

import static org.xenarium.emulator.evtchn.EventRule.EVT_02;
import static org.xenarium.emulator.evtchn.EventRule.EVT_03;
import static org.xenarium.emulator.evtchn.EventRule.RESET_01;
import static org.xenarium.emulator.evtchn.EventRule.RESET_02;
import static org.xenarium.emulator.evtchn.EventRule.RESET_03;
import static org.xenarium.emulator.evtchn.EventRule.RESET_04;
import static org.xenarium.emulator.evtchn.EventRule.RESET_05;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/**
 * EVTCHNOP_reset {dom u16@0}: closes all ports of a domain, in one step. Its continuation has a command of its own, which finds nothing to go
 * on with here.
 */
final class ResetChannels extends StructCall {
  private static final int SIZE = 2;

  private final boolean continues;
  private int domid;

  ResetChannels(boolean continues) {
    super(SIZE, EVT_02, EVT_03);
    this.continues = continues;
  }

  @Override
  protected void read(byte[] struct) {
    domid = Bytes.getShort(struct, 0);
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    Domain target = target(vcpu, domid);
    if (target == null) {
      return RESET_01;
    }
    if (!vcpu.domain().mayActOn(target)) {
      return RESET_02;
    }
    if (target != vcpu.domain() && !target.isPaused()) {
      return RESET_03;
    }
    if (continues) {
      return RESET_04;
    }
    EventChannels.of(target).reset();
    return RESET_05;
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    return true;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(EventChannelOp.RESET).add(continues).add(domid);
  }
}
