package org.xenarium.emulator.schedop;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/**
 * SCHEDOP_shutdown and SCHEDOP_shutdown_code {reason u32@0}, SCHEDOP_remote_shutdown {domain u16@0, reason u32@4}. Of a reason, 8 bits count.
 * A guest that shuts itself down never sees the answer.
 */
final class SchedShutdown extends StructCall {
  private static final int SIZE = 4;
  private static final int REMOTE_SIZE = 8;
  private static final int REASONS = 0xff;

  private final int command;
  private int domid;
  private int reason;

  SchedShutdown(int command) {
    super(command == SchedOp.REMOTE_SHUTDOWN ? REMOTE_SIZE : SIZE, SchedRule.SCHED_02, SchedRule.SCHED_02);
    this.command = command;
  }

  @Override
  protected void read(byte[] struct) {
    boolean remote = command == SchedOp.REMOTE_SHUTDOWN;
    domid = remote ? Bytes.getShort(struct, 0) : 0;
    reason = Bytes.getInt(struct, remote ? Integer.BYTES : 0) & REASONS;
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    Domain caller = vcpu.domain();
    return switch (command) {
      case SchedOp.SHUTDOWN -> {
        caller.shutDown(reason);
        yield SchedRule.SHUTDOWN_01;
      }
      case SchedOp.SHUTDOWN_CODE -> {
        caller.noteShutdownReason(reason);
        yield SchedRule.SHUTDOWN_02;
      }
      default -> remote(caller);
    };
  }

  private Rule remote(Domain caller) {
    Domain target = caller.world().domain(domid);
    if (target == null) {
      return SchedRule.REMOTE_01;
    }
    if (target == caller || !caller.mayActOn(target)) {
      return SchedRule.REMOTE_02;
    }
    target.shutDown(reason);
    return SchedRule.REMOTE_03;
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    return true;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(command).add(domid).add(reason);
  }
}
