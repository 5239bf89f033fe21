package org.xenarium.scenarios.play;

import java.util.Optional;
import org.xenarium.emulator.Machine;

/**
 * How a scenario went.
 *
 * @param machine in the state at the end
 * @param steps how many steps came to an end
 * @param nanos virtual time at the end
 * @param failure the first expectation that was not met
 */
public record Outcome(Machine machine, long steps, long nanos, Optional<Failure> failure) {
  public boolean passed() {
    return failure.isEmpty();
  }
}
