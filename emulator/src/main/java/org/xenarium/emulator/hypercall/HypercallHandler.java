package org.xenarium.emulator.hypercall;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;

/** Takes up the hypercalls of one number. Holds no state: all copies of a machine share it. */
@FunctionalInterface
public interface HypercallHandler {
  /**
   * Starts the call whose registers are in {@code vcpu}.
   *
   * @return the operation in flight, or null when the call is over and x0 holds its result
   */
  @Nullable Routine start(Vcpu vcpu);
}
