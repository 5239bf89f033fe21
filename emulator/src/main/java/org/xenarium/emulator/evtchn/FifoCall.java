package org.xenarium.emulator.evtchn;

import static org.xenarium.emulator.evtchn.EventRule.EVT_02;
import static org.xenarium.emulator.evtchn.EventRule.EVT_03;
import static org.xenarium.emulator.evtchn.EventRule.FIFO_01;
import static org.xenarium.emulator.evtchn.EventRule.FIFO_02;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/** EVTCHNOP_expand_array and EVTCHNOP_set_priority, of 8 bytes each: they are about the FIFO interface, which no guest here has. */
final class FifoCall extends StructCall {
  private static final int SIZE = 8;

  private final int command;

  FifoCall(int command) {
    super(SIZE, EVT_02, EVT_03);
    this.command = command;
  }

  @Override
  protected void read(byte[] struct) {}

  @Override
  protected Rule perform(Vcpu vcpu) {
    return command == EventChannelOp.EXPAND_ARRAY ? FIFO_01 : FIFO_02;
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    return true;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(command);
  }
}
