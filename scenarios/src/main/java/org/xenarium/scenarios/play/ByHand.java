package org.xenarium.scenarios.play;

import java.util.function.BooleanSupplier;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Vcpu;

/** Lets vCPUs take steps in an order that somebody chooses, instead of in the order of time. */
final class ByHand {
  /** As far as it can go. */
  static final int TO_THE_END = Integer.MAX_VALUE;

  /** Steps after which something that could go on is given up: it would go on for ever. */
  private static final int MOST_STEPS = 1 << 16;

  private ByHand() {}

  /**
   * The vCPU goes on until what it does is over, it has to wait, or so many steps were taken.
   *
   * @param alone whether nobody else is in a call, so that calls may be executed as a whole
   */
  static void goOn(Machine machine, Vcpu vcpu, int steps, boolean alone, BooleanSupplier over) {
    boolean whole = alone && steps == TO_THE_END;
    for (int left = Math.min(steps, MOST_STEPS); left > 0 && !over.getAsBoolean() && machine.enabled(vcpu); left--) {
      if (whole && vcpu.atHypercall()) {
        machine.finishCall(vcpu);
      } else {
        machine.step(vcpu);
      }
    }
  }
}
