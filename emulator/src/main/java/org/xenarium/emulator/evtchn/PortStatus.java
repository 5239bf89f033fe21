package org.xenarium.emulator.evtchn;

import static org.xenarium.emulator.evtchn.EventRule.EVT_02;
import static org.xenarium.emulator.evtchn.EventRule.EVT_03;
import static org.xenarium.emulator.evtchn.EventRule.PORT_01;
import static org.xenarium.emulator.evtchn.EventRule.PORT_02;
import static org.xenarium.emulator.evtchn.EventRule.PORT_03;
import static org.xenarium.emulator.evtchn.EventRule.PORT_04;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/**
 * EVTCHNOP_status {dom u16@0, port u32@4, status u32@8 out, vcpu u32@12 out, then dom u16@16 and, of a connected port, port u32@20 out;
 * or virq u32@16 of a virtual interrupt}.
 */
final class PortStatus extends StructCall {
  private static final int SIZE = 24;
  private static final int PORT = 4;
  private static final int STATUS = 8;
  private static final int VCPU = 12;
  private static final int REMOTE = 16;
  private static final int REMOTE_PORT = 20;

  private int domid;
  private int port;
  private EventChannels.State state = EventChannels.State.CLOSED;
  private int remote;
  private int remotePort;
  private int hearing;

  PortStatus() {
    super(SIZE, EVT_02, EVT_03);
  }

  @Override
  protected void read(byte[] struct) {
    domid = Bytes.getShort(struct, 0);
    port = Bytes.getInt(struct, PORT);
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    Domain target = target(vcpu, domid);
    if (target == null) {
      return PORT_01;
    }
    EventChannels channels = EventChannels.of(target);
    if (!channels.exists(port)) {
      return PORT_02;
    }
    if (!vcpu.domain().mayActOn(target)) {
      return PORT_03;
    }
    state = channels.state(port);
    remote = channels.remoteDomain(port);
    remotePort = channels.remotePort(port);
    hearing = channels.vcpu(port);
    return PORT_04;
  }

  /** Only what belongs to the state is written; the rest of the struct stays the caller's. */
  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    if (decided != PORT_04) {
      return true;
    }
    byte[] struct = vcpu.world().host().scratch;
    if (!GuestBuffers.read(vcpu.domain(), at, struct, 0, SIZE)) {
      return false;
    }
    Bytes.setInt(struct, STATUS, state.code());
    Bytes.setInt(struct, VCPU, hearing);
    switch (state) {
      case CLOSED, IPI -> {}
      case UNBOUND -> Bytes.setShort(struct, REMOTE, remote);
      case INTERDOMAIN -> {
        Bytes.setShort(struct, REMOTE, remote);
        Bytes.setInt(struct, REMOTE_PORT, remotePort);
      }
      case VIRQ -> Bytes.setInt(struct, REMOTE, remotePort);
    }
    return GuestBuffers.write(vcpu.domain(), at, struct, 0, SIZE);
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(EventChannelOp.STATUS).add(domid).add(port).add(state).add(remote).add(remotePort).add(hearing);
  }
}
