package org.xenarium.emulator.domain;

import org.jspecify.annotations.Nullable;

/** What a guest does when the event-channel interrupt reaches one of its vCPUs. Holds no state: all copies of a machine share it. */
@FunctionalInterface
public interface UpcallHandler {
  /**
   * The vCPU takes the interrupt; its interrupts are off and its registers saved.
   *
   * @return the code to be run before the vCPU returns to what it was doing; null when there is nothing to do
   */
  @Nullable Routine start(Vcpu vcpu);
}
