package org.xenarium.gnttab;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The same two domains under the eyes of all invariants of guests, and of none of the hypervisor. */
@State(Scope.Thread)
public class GuestWatchedGuests extends Guests {
  public GuestWatchedGuests() {
    watchGuests();
  }
}
