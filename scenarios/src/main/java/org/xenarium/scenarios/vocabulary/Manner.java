package org.xenarium.scenarios.vocabulary;

import org.xenarium.scenarios.script.CallProperty;

/** How a guest behaves. */
public enum Manner {
  /** It uses its grant driver, and as the driver's documentation asks; now and then it passes arguments that are refused. */
  DRIVER,
  /** It issues hypercalls itself and keeps the rules of discipline D1 to D6; it, too, passes arguments that are refused. */
  CAREFUL,
  /** It does anything. */
  WILD;

  /** Whether a guest that behaves so is held to that, where it is about guests. */
  public boolean keeps(CallProperty property) {
    return switch (property) {
      case DRIVER_FAULTS, DRIVER_SURVIVES -> this == DRIVER;
      case SAME_BYTES -> this != WILD;
      case HYPERCALL_FAULTS -> true;
    };
  }
}
