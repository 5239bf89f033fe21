package org.xenarium.scenarios.call;

import java.util.function.IntPredicate;
import org.xenarium.emulator.Machine;
import org.xenarium.scenarios.script.CallProperty;

/** Those who look whether a property of calls holds. */
public final class CallWatchers {
  private CallWatchers() {}

  /**
   * Looks whether that holds on a machine from now on.
   *
   * @param held the domids of the guests that are held to it, where it is about guests
   */
  public static CallWatcher of(CallProperty property, Machine machine, IntPredicate held, CallFindings findings) {
    return switch (property) {
      case HYPERCALL_FAULTS -> new HypercallFaults(machine, findings);
      case DRIVER_FAULTS -> new DriverFaults(machine, held, findings);
      case DRIVER_SURVIVES -> new DriverSurvives(machine, held, findings);
      case SAME_BYTES -> new SameBytes(machine, held, findings);
    };
  }
}
