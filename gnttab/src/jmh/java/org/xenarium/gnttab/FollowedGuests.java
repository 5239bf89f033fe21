package org.xenarium.gnttab;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The same two domains, followed by the reference model. */
@State(Scope.Thread)
public class FollowedGuests extends Guests {
  public FollowedGuests() {
    follow();
  }
}
