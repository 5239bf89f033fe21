package org.xenarium.emulator.evtchn;

import static org.xenarium.emulator.evtchn.EventRule.BIND_01;
import static org.xenarium.emulator.evtchn.EventRule.BIND_02;
import static org.xenarium.emulator.evtchn.EventRule.BIND_03;
import static org.xenarium.emulator.evtchn.EventRule.BIND_04;
import static org.xenarium.emulator.evtchn.EventRule.BIND_05;
import static org.xenarium.emulator.evtchn.EventRule.EVT_02;
import static org.xenarium.emulator.evtchn.EventRule.EVT_03;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/**
 * EVTCHNOP_bind_interdomain {remote_dom u16@0, remote_port u32@4, local_port u32@8 out}: connects a new port of the caller to one that waits
 * for it. The new port gets an event at once, because earlier ones may have been dropped.
 */
final class BindInterdomain extends StructCall {
  private static final int SIZE = 12;
  private static final int REMOTE_PORT = 4;
  private static final int LOCAL_PORT = 8;

  private int remoteDomid;
  private int padding;
  private int remotePort;
  private int port;

  BindInterdomain() {
    super(SIZE, EVT_02, EVT_03);
  }

  @Override
  protected void read(byte[] struct) {
    remoteDomid = Bytes.getShort(struct, 0);
    padding = Bytes.getShort(struct, Short.BYTES);
    remotePort = Bytes.getInt(struct, REMOTE_PORT);
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    Domain caller = vcpu.domain();
    Domain remote = target(vcpu, remoteDomid);
    if (remote == null) {
      return BIND_01;
    }
    EventChannels local = EventChannels.of(caller);
    EventChannels far = EventChannels.of(remote);
    port = local.findFree();
    if (port < 0) {
      return BIND_02;
    }
    if (far.state(remotePort) != EventChannels.State.UNBOUND || far.remoteDomain(remotePort) != caller.id()) {
      return BIND_03;
    }
    if (!EventChannelOp.mayConnect(caller, remote)) {
      return BIND_04;
    }
    local.open(port, EventChannels.State.INTERDOMAIN, remote.id(), remotePort);
    far.open(remotePort, EventChannels.State.INTERDOMAIN, caller.id(), port);
    local.raise(port);
    return BIND_05;
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    if (decided != BIND_05) {
      return true;
    }
    byte[] scratch = vcpu.world().host().scratch;
    Bytes.setShort(scratch, 0, remoteDomid);
    Bytes.setShort(scratch, Short.BYTES, padding);
    Bytes.setInt(scratch, REMOTE_PORT, remotePort);
    Bytes.setInt(scratch, LOCAL_PORT, port);
    return GuestBuffers.write(vcpu.domain(), at, scratch, 0, SIZE);
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(EventChannelOp.BIND_INTERDOMAIN).add(remoteDomid).add(padding).add(remotePort).add(port);
  }
}
