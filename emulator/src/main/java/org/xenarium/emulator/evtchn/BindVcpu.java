package org.xenarium.emulator.evtchn;

import static org.xenarium.emulator.evtchn.EventRule.EVT_02;
import static org.xenarium.emulator.evtchn.EventRule.EVT_03;
import static org.xenarium.emulator.evtchn.EventRule.VCPU_01;
import static org.xenarium.emulator.evtchn.EventRule.VCPU_02;
import static org.xenarium.emulator.evtchn.EventRule.VCPU_03;
import static org.xenarium.emulator.evtchn.EventRule.VCPU_04;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.Virq;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/** EVTCHNOP_bind_vcpu {port u32@0, vcpu u32@4}: another vCPU hears of the events at a port from now on. */
final class BindVcpu extends StructCall {
  private static final int SIZE = 8;

  private int port;
  private int target;

  BindVcpu() {
    super(SIZE, EVT_02, EVT_03);
  }

  @Override
  protected void read(byte[] struct) {
    port = Bytes.getInt(struct, 0);
    target = Bytes.getInt(struct, Integer.BYTES);
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    EventChannels channels = EventChannels.of(vcpu.domain());
    if (Integer.compareUnsigned(target, vcpu.domain().vcpuCount()) >= 0) {
      return VCPU_01;
    }
    if (!channels.exists(port)) {
      return VCPU_02;
    }
    boolean moves =
        switch (channels.state(port)) {
          case UNBOUND, INTERDOMAIN -> true;
          case VIRQ -> Virq.isGlobal(channels.virqOf(port));
          case CLOSED, IPI -> false;
        };
    if (!moves) {
      return VCPU_03;
    }
    channels.setVcpu(port, target);
    return VCPU_04;
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    return true;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(EventChannelOp.BIND_VCPU).add(port).add(target);
  }
}
