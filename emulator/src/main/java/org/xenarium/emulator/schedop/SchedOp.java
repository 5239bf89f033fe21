package org.xenarium.emulator.schedop;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.HypercallHandler;
import org.xenarium.emulator.hypercall.NotEmulatedException;

/** Hypercall 29, {@code sched_op} ({@code xen/include/public/sched.h}): finds the operation. */
public final class SchedOp implements HypercallHandler {
  /** Hypercall number. */
  public static final int HYPERCALL = 29;

  public static final int YIELD = 0;
  public static final int BLOCK = 1;
  public static final int SHUTDOWN = 2;
  public static final int POLL = 3;
  public static final int REMOTE_SHUTDOWN = 4;
  public static final int SHUTDOWN_CODE = 5;
  public static final int WATCHDOG = 6;
  public static final int PIN_OVERRIDE = 7;

  @Override
  public @Nullable Routine start(Vcpu vcpu) {
    int command = (int) vcpu.x(0);
    return switch (command) {
      case YIELD -> answer(vcpu, SchedRule.SCHED_03);
      case BLOCK -> {
        vcpu.upcalls().enable(true);
        vcpu.upcalls().waitForEvent();
        yield answer(vcpu, SchedRule.SCHED_04);
      }
      case SHUTDOWN, SHUTDOWN_CODE, REMOTE_SHUTDOWN -> new SchedShutdown(command);
      case POLL -> new SchedPoll();
      case WATCHDOG -> throw new NotEmulatedException("sched_op watchdog");
      case PIN_OVERRIDE -> {
        if (vcpu.domain() == vcpu.world().hardwareDomain()) {
          throw new NotEmulatedException("sched_op pin_override");
        }
        yield answer(vcpu, SchedRule.PINOVERRIDE_01);
      }
      default -> answer(vcpu, SchedRule.SCHED_01);
    };
  }

  private static @Nullable Routine answer(Vcpu vcpu, SchedRule rule) {
    vcpu.decided(0, rule);
    vcpu.setX(0, rule.result());
    return null;
  }
}
