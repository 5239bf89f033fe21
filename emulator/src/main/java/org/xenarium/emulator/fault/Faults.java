package org.xenarium.emulator.fault;

import java.util.Arrays;
import org.xenarium.emulator.state.Digest;

/** The failures that were ordered, and how often each was asked. A machine that nobody ordered any for has none. */
public final class Faults {
  private Fault[] faults = {};

  /** How often each fault was meant so far, up to the last time that it strikes. */
  private long[] asked = {};

  public Faults copy() {
    Faults copy = new Faults();
    copy.faults = faults;
    copy.asked = asked.clone();
    return copy;
  }

  public void digest(Digest digest) {
    digest.add(faults.length);
    for (int i = 0; i < faults.length; i++) {
      Fault fault = faults[i];
      digest.add(fault.point().name().hashCode()).add(fault.domid()).add(fault.key()).add(fault.from()).add(fault.until());
      digest.add(fault.passes()).add(fault.strikes()).add(asked[i]);
    }
  }

  /** Orders a failure. */
  public void add(Fault fault) {
    faults = Arrays.copyOf(faults, faults.length + 1);
    asked = Arrays.copyOf(asked, faults.length);
    faults[faults.length - 1] = fault;
  }

  /** True if no failure was ever ordered. */
  public boolean isEmpty() {
    return faults.length == 0;
  }

  /** Is this the time to fail? Every fault that is meant counts the question, also when another one strikes. */
  public boolean strike(FaultPoint point, int domid, long key, long now) {
    boolean strikes = false;
    for (int i = 0; i < faults.length; i++) {
      Fault fault = faults[i];
      long last = (long) fault.passes() + fault.strikes();
      if (fault.isMeant(point, domid, key, now) && asked[i] < last) {
        strikes |= asked[i]++ >= fault.passes();
      }
    }
    return strikes;
  }
}
