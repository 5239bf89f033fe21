package org.xenarium.scenarios.vocabulary;

/** How a guest behaves. */
public enum Manner {
  /** It uses its grant driver, and as the driver's documentation asks; now and then it passes arguments that are refused. */
  DRIVER,
  /** It issues hypercalls itself and keeps the rules of discipline D1 to D6; it, too, passes arguments that are refused. */
  CAREFUL,
  /** It does anything. */
  WILD
}
