package org.xenarium.emulator.evtchn;

import static org.xenarium.emulator.evtchn.EventRule.EVT_02;
import static org.xenarium.emulator.evtchn.EventRule.EVT_03;
import static org.xenarium.emulator.evtchn.EventRule.UNBOUND_01;
import static org.xenarium.emulator.evtchn.EventRule.UNBOUND_02;
import static org.xenarium.emulator.evtchn.EventRule.UNBOUND_03;
import static org.xenarium.emulator.evtchn.EventRule.UNBOUND_04;
import static org.xenarium.emulator.evtchn.EventRule.UNBOUND_05;
import static org.xenarium.emulator.evtchn.EventRule.UNBOUND_06;
import static org.xenarium.emulator.evtchn.EventRule.UNBOUND_07;

import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/** EVTCHNOP_alloc_unbound {dom u16@0, remote_dom u16@2, port u32@4 out}: a port that the remote domain may bind to. */
final class AllocUnbound extends StructCall {
  private static final int SIZE = 8;
  private static final int REMOTE = 2;
  private static final int PORT = 4;

  private int domid;
  private int remoteDomid;
  private int port;

  AllocUnbound() {
    super(SIZE, EVT_02, EVT_03);
  }

  @Override
  protected void read(byte[] struct) {
    domid = Bytes.getShort(struct, 0);
    remoteDomid = Bytes.getShort(struct, REMOTE);
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    Domain target = target(vcpu, domid);
    if (target == null) {
      return UNBOUND_01;
    }
    if (EventChannels.of(target).isDying()) {
      return UNBOUND_07;
    }
    port = EventChannels.of(target).findFree();
    if (port < 0) {
      return UNBOUND_03;
    }
    if (vcpu.world().semantics().policy() == SecurityPolicy.SILO) {
      Domain remote = target(vcpu, remoteDomid);
      if (remote == null) {
        return UNBOUND_04;
      }
      if (!EventChannelOp.mayConnect(target, remote)) {
        return UNBOUND_05;
      }
    }
    if (!vcpu.domain().mayActOn(target)) {
      return UNBOUND_02;
    }
    int remote = remoteDomid == DomId.SELF ? vcpu.domain().id() : remoteDomid;
    EventChannels.of(target).open(port, EventChannels.State.UNBOUND, remote, 0);
    return UNBOUND_06;
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    if (decided != UNBOUND_06) {
      return true;
    }
    byte[] scratch = vcpu.world().host().scratch;
    Bytes.setShort(scratch, 0, domid);
    Bytes.setShort(scratch, REMOTE, remoteDomid);
    Bytes.setInt(scratch, PORT, port);
    return GuestBuffers.write(vcpu.domain(), at, scratch, 0, SIZE);
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(EventChannelOp.ALLOC_UNBOUND).add(domid).add(remoteDomid).add(port);
  }
}
