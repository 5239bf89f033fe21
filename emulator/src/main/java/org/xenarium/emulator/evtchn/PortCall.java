package org.xenarium.emulator.evtchn;

import static org.xenarium.emulator.evtchn.EventRule.CLOSE_01;
import static org.xenarium.emulator.evtchn.EventRule.CLOSE_02;
import static org.xenarium.emulator.evtchn.EventRule.EVT_02;
import static org.xenarium.emulator.evtchn.EventRule.EVT_03;
import static org.xenarium.emulator.evtchn.EventRule.SEND_01;
import static org.xenarium.emulator.evtchn.EventRule.SEND_02;
import static org.xenarium.emulator.evtchn.EventRule.SEND_03;
import static org.xenarium.emulator.evtchn.EventRule.SEND_04;
import static org.xenarium.emulator.evtchn.EventRule.SEND_05;
import static org.xenarium.emulator.evtchn.EventRule.UNMASK_01;
import static org.xenarium.emulator.evtchn.EventRule.UNMASK_02;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/** EVTCHNOP_send, EVTCHNOP_close and EVTCHNOP_unmask {port u32@0}: they name a port of the caller and give nothing back. */
final class PortCall extends StructCall {
  private static final int SIZE = 4;

  private final int command;
  private int port;

  PortCall(int command) {
    super(SIZE, EVT_02, EVT_03);
    this.command = command;
  }

  @Override
  protected void read(byte[] struct) {
    port = Bytes.getInt(struct, 0);
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    EventChannels channels = EventChannels.of(vcpu.domain());
    return switch (command) {
      case EventChannelOp.SEND -> send(vcpu, channels);
      case EventChannelOp.CLOSE -> close(channels);
      default -> unmask(channels);
    };
  }

  private Rule send(Vcpu vcpu, EventChannels channels) {
    return switch (channels.state(port)) {
      case CLOSED -> SEND_01;
      case VIRQ -> SEND_04;
      case IPI -> {
        channels.raise(port);
        yield SEND_05;
      }
      case UNBOUND -> SEND_02;
      case INTERDOMAIN -> {
        Domain remote = vcpu.world().domain(channels.remoteDomain(port));
        if (remote != null) {
          EventChannels.of(remote).raise(channels.remotePort(port));
        }
        yield SEND_03;
      }
    };
  }

  private Rule close(EventChannels channels) {
    if (channels.state(port) == EventChannels.State.CLOSED) {
      return CLOSE_01;
    }
    channels.close(port);
    return CLOSE_02;
  }

  private Rule unmask(EventChannels channels) {
    if (!channels.exists(port)) {
      return UNMASK_01;
    }
    channels.unmask(port);
    return UNMASK_02;
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    return true;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(command).add(port);
  }
}
