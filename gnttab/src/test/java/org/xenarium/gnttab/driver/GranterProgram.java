package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/** Grants its page to the mapper, ends the access as soon as the driver lets it, and regards the page as its own again from then on. */
final class GranterProgram extends Routine {
  private static final int TRIES = 200;

  private Routine call = new GrantAccess(DriverBench.MAPPER, DriverBench.PAGE_GFN, false);
  private int ref;
  private int tries;
  private boolean ended;

  /** The driver has said that nobody can reach the page any more. */
  boolean ended() {
    return ended;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    if (call.step(vcpu)) {
      return true;
    }
    if (ref == 0) {
      ref = (int) vcpu.x(0);
    } else if (vcpu.x(0) == 0) {
      ended = true;
      return false;
    }
    call = new EndAccess(ref);
    return tries++ < TRIES;
  }

  @Override
  public void digest(Digest digest) {
    call.digest(digest);
    digest.add(ref).add(tries).add(ended);
  }
}
