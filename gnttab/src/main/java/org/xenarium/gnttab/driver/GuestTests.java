package org.xenarium.gnttab.driver;

/** How often invariants of guests were put to the test: how often there was what they say something of. */
final class GuestTests {
  private final long[] times = new long[GuestInvariant.values().length];

  void tests(GuestInvariant invariant) {
    times[invariant.ordinal()]++;
  }

  void testsIf(boolean there, GuestInvariant invariant) {
    times[invariant.ordinal()] += there ? 1 : 0;
  }

  long of(GuestInvariant invariant) {
    return times[invariant.ordinal()];
  }
}
