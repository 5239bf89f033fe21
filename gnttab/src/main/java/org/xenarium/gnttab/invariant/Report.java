package org.xenarium.gnttab.invariant;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where checkers report. Texts are made only for what is chosen and found. */
final class Report {
  private final EnumSet<Invariant> chosen;
  private final long[] tests = new long[Invariant.values().length];
  private final Findings findings;

  Report(Set<Invariant> chosen, Findings findings) {
    this.chosen = chosen.isEmpty() ? EnumSet.noneOf(Invariant.class) : EnumSet.copyOf(chosen);
    this.findings = findings;
  }

  boolean isChosen(Invariant invariant) {
    return chosen.contains(invariant);
  }

  Set<Invariant> chosen() {
    return chosen;
  }

  /** An invariant is put to the test: what it says something of is so. */
  void tests(Invariant invariant) {
    tests[invariant.ordinal()]++;
  }

  long testsOf(Invariant invariant) {
    return tests[invariant.ordinal()];
  }

  void violated(Invariant invariant, Place place, String message, Object... values) {
    if (isChosen(invariant)) {
      findings.violated(new Violation(invariant, place, String.format(Locale.ROOT, message, values)));
    }
  }

  void undisciplined(Discipline rule, int domid, Place place, boolean hasEffect, String message, Object... values) {
    findings.undisciplined(new Indiscipline(rule, domid, place, String.format(Locale.ROOT, message, values), hasEffect));
  }
}
