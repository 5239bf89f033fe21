package org.xenarium.gnttab.driver;

import java.util.function.IntFunction;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/** Grants its page to the mapper, ends the access as soon as the driver lets it, and regards the page as its own again from then on. */
final class GranterProgram extends Routine {
  private static final int TRIES = 200;

  private final IntFunction<Routine> endAccess;
  private Routine call = new GrantAccess(DriverBench.MAPPER, DriverBench.PAGE_GFN, false);
  private int ref;
  private int tries;
  private boolean ended;

  GranterProgram(IntFunction<Routine> endAccess) {
    this.endAccess = endAccess;
  }

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
    call = endAccess.apply(ref);
    return tries++ < TRIES;
  }

  @Override
  public void digest(Digest digest) {
    call.digest(digest);
    digest.add(ref).add(tries).add(ended);
  }
}
