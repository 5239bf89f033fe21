package org.xenarium.gnttab.invariant;

/** Takes what a watch finds. */
public interface Findings {
  /** Throws a {@link ViolatedException} for the first violation and takes no notice of guests' indiscipline. */
  Findings THROW = violation -> {
    throw new ViolatedException(violation);
  };

  /** An invariant does not hold. */
  void violated(Violation violation);

  /** A guest has broken a rule; told each time. */
  default void undisciplined(Indiscipline indiscipline) {}
}
