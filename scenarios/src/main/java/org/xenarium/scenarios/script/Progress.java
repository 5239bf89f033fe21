package org.xenarium.scenarios.script;

/** How far a step is; kept as its ordinal. */
public enum Progress {
  /** Its turn has not come. */
  TO_COME,
  /** Begun and not ended. */
  UNDER_WAY,
  /** Ended, with results. */
  DONE,
  /** Ended by an abort. */
  FAULTED,
  /** The guest panicked in it. */
  PANICKED
}
