package org.xenarium.gnttab;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.xenarium.gnttab.invariant.Watch;

/** The same two domains under the eyes of all invariants. */
@State(Scope.Thread)
public class WatchedGuests extends Guests {
  private final Watch watch = watch();

  /** Looks at everything that there is: 8192 pages of RAM, 1024 entries. */
  int audit() {
    watch.audit();
    return 0;
  }
}
