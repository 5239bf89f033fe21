package org.xenarium.emulator.evtchn;

import static org.xenarium.emulator.evtchn.EventRule.EVT_02;
import static org.xenarium.emulator.evtchn.EventRule.EVT_03;
import static org.xenarium.emulator.evtchn.EventRule.IPI_01;
import static org.xenarium.emulator.evtchn.EventRule.IPI_02;
import static org.xenarium.emulator.evtchn.EventRule.IPI_03;
import static org.xenarium.emulator.evtchn.EventRule.VIRQ_01;
import static org.xenarium.emulator.evtchn.EventRule.VIRQ_02;
import static org.xenarium.emulator.evtchn.EventRule.VIRQ_03;
import static org.xenarium.emulator.evtchn.EventRule.VIRQ_04;
import static org.xenarium.emulator.evtchn.EventRule.VIRQ_05;
import static org.xenarium.emulator.evtchn.EventRule.VIRQ_06;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.Virq;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/**
 * EVTCHNOP_bind_ipi {vcpu u32@0, port u32@4 out} and EVTCHNOP_bind_virq {virq u32@0, vcpu u32@4, port u32@8 out}: a new port of the caller
 * that leads to one of its own vCPUs.
 */
final class BindLocal extends StructCall {
  private static final int IPI_SIZE = 8;
  private static final int VIRQ_SIZE = 12;

  private final boolean isIpi;
  private int virq;
  private int target;
  private int port;

  BindLocal(boolean isIpi) {
    super(isIpi ? IPI_SIZE : VIRQ_SIZE, EVT_02, EVT_03);
    this.isIpi = isIpi;
  }

  @Override
  protected void read(byte[] struct) {
    virq = isIpi ? 0 : Bytes.getInt(struct, 0);
    target = Bytes.getInt(struct, isIpi ? 0 : Integer.BYTES);
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    Domain caller = vcpu.domain();
    EventChannels channels = EventChannels.of(caller);
    Rule refusal = isIpi ? refuseIpi(caller) : refuseVirq(caller, channels);
    if (refusal != null) {
      return refusal;
    }
    port = channels.findFree();
    if (port < 0) {
      return isIpi ? IPI_02 : VIRQ_05;
    }
    channels.open(port, isIpi ? EventChannels.State.IPI : EventChannels.State.VIRQ, 0, virq);
    channels.setVcpu(port, target);
    return isIpi ? IPI_03 : VIRQ_06;
  }

  private @Nullable Rule refuseIpi(Domain caller) {
    return exists(caller) ? null : IPI_01;
  }

  private @Nullable Rule refuseVirq(Domain caller, EventChannels channels) {
    if (Integer.compareUnsigned(virq, Virq.COUNT) >= 0) {
      return VIRQ_01;
    }
    if (Virq.isGlobal(virq) && target != 0) {
      return VIRQ_02;
    }
    if (!exists(caller)) {
      return VIRQ_03;
    }
    return channels.findVirq(virq, target) >= 0 ? VIRQ_04 : null;
  }

  private boolean exists(Domain caller) {
    return Integer.compareUnsigned(target, caller.vcpuCount()) < 0;
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    if (decided != IPI_03 && decided != VIRQ_06) {
      return true;
    }
    byte[] scratch = vcpu.world().host().scratch;
    if (isIpi) {
      Bytes.setInt(scratch, 0, target);
      Bytes.setInt(scratch, Integer.BYTES, port);
    } else {
      Bytes.setInt(scratch, 0, virq);
      Bytes.setInt(scratch, Integer.BYTES, target);
      Bytes.setInt(scratch, 2 * Integer.BYTES, port);
    }
    return GuestBuffers.write(vcpu.domain(), at, scratch, 0, isIpi ? IPI_SIZE : VIRQ_SIZE);
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(EventChannelOp.BIND_VIRQ).add(isIpi).add(virq).add(target).add(port);
  }
}
