package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GrantFlags;

/**
 * {@code gnttab_grant_access(domid, gfn, readonly)}: takes a free reference, waiting for one if need be, writes frame and domid, and then the
 * flags. Returns the reference; there is no failure value.
 */
public final class GrantAccess extends DriverCall {
  private enum Phase {
    TAKE,
    WRITE_FRAME,
    WRITE_DOMID,
    WRITE_FLAGS
  }

  private final int domid;
  private final long gfn;
  private final boolean readonly;
  private Phase next = Phase.TAKE;
  private int ref;

  public GrantAccess(int domid, long gfn, boolean readonly) {
    this.domid = domid;
    this.gfn = gfn;
    this.readonly = readonly;
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    return next == Phase.TAKE && driver(vcpu).freeCount() == 0;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    switch (next) {
      case TAKE -> {
        if (driver.freeCount() > 0) {
          ref = driver.pop();
          next = Phase.WRITE_FRAME;
        }
      }
      case WRITE_FRAME -> {
        store(vcpu, driver.frameAddress(ref), 4, gfn);
        next = Phase.WRITE_DOMID;
      }
      case WRITE_DOMID -> {
        store(vcpu, driver.domidAddress(ref), 2, domid);
        // The barrier that follows is no step: memory is sequentially consistent here.
        next = Phase.WRITE_FLAGS;
      }
      case WRITE_FLAGS -> {
        store(vcpu, driver.flagsAddress(ref), 2, GrantFlags.PERMIT_ACCESS | (readonly ? GrantFlags.READONLY : 0));
        vcpu.setX(0, ref);
        return false;
      }
    }
    return true;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(domid).add(gfn).add(readonly).add(next).add(ref);
  }
}
