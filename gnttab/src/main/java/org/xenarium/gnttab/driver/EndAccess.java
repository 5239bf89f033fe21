package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GrantFlags;

/**
 * {@code gnttab_end_access(gref)}: withdraws a grant unless it is in use. Clears the flags by compare-and-swap from a value without the bits
 * that the hypervisor sets while something is pinned, then gives the reference back.
 *
 * <p>Returns 0 when the grant has ended; {@link #BUSY} when it is in use, and then nothing has changed.
 */
public final class EndAccess extends DriverCall {
  /** The grant is in use. */
  public static final int BUSY = 1;

  private enum Phase {
    READ,
    CLEAR,
    GIVE_BACK
  }

  private final int ref;
  private Phase next = Phase.READ;
  private long flags;

  public EndAccess(int ref) {
    this.ref = ref;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    switch (next) {
      case READ -> {
        flags = load(vcpu, driver.flagsAddress(ref), 2);
        next = Phase.CLEAR;
      }
      case CLEAR -> {
        if ((flags & (GrantFlags.READING | GrantFlags.WRITING)) != 0) {
          vcpu.setX(0, BUSY);
          return false;
        }
        long found = compareAndSwap(vcpu, driver.flagsAddress(ref), 2, flags, 0);
        next = found == flags ? Phase.GIVE_BACK : Phase.CLEAR;
        flags = found;
      }
      case GIVE_BACK -> {
        driver.push(ref);
        vcpu.setX(0, 0);
        return false;
      }
    }
    return true;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(ref).add(next).add(flags);
  }
}
