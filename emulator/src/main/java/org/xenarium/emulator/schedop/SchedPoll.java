package org.xenarium.emulator.schedop;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.evtchn.EventChannels;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/**
 * SCHEDOP_poll {ports@0 → u32[], nr_ports u32@8, timeout u64@16}: nothing more until one of the ports is pending, masked or not, or until
 * {@code timeout} nanoseconds since the start of the machine; 0 is for ever. While it waits for several ports, an event at any port ends the
 * wait.
 */
final class SchedPoll extends StructCall {
  private static final int SIZE = 24;
  private static final int COUNT = 8;
  private static final int TIMEOUT = 16;
  private static final int MOST = 128;

  private long ports;
  private int count;
  private long timeout;

  SchedPoll() {
    super(SIZE, SchedRule.SCHED_02, SchedRule.SCHED_02);
  }

  @Override
  protected void read(byte[] struct) {
    ports = Bytes.getLong(struct, 0);
    count = Bytes.getInt(struct, COUNT);
    timeout = Bytes.getLong(struct, TIMEOUT);
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    if (Integer.compareUnsigned(count, MOST) > 0) {
      return SchedRule.POLL_01;
    }
    if (vcpu.upcalls().isDue()) {
      return SchedRule.POLL_04;
    }
    Domain caller = vcpu.domain();
    EventChannels channels = EventChannels.of(caller);
    byte[] scratch = vcpu.world().host().scratch;
    int port = 0;
    for (int i = 0; i < count; i++) {
      if (!GuestBuffers.read(caller, ports + (long) i * Integer.BYTES, scratch, 0, Integer.BYTES)) {
        return SchedRule.POLL_02;
      }
      port = Bytes.getInt(scratch, 0);
      if (channels.state(port) == EventChannels.State.CLOSED) {
        return SchedRule.POLL_03;
      }
      if (channels.isPending(port)) {
        return SchedRule.POLL_04;
      }
    }
    vcpu.upcalls().poll(count == 1 ? port : 0);
    vcpu.world().alarm().wakeAt(vcpu, timeout);
    return SchedRule.POLL_05;
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    return true;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(ports).add(count).add(timeout);
  }
}
