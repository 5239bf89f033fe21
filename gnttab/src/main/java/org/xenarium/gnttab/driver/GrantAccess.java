package org.xenarium.gnttab.driver;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.guest.Semaphore;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GrantFlags;

/**
 * {@code gnttab_grant_access(domid, gfn, readonly)}: takes a free reference, waiting for one if need be, writes frame and domid, and then the
 * flags. Returns the reference; there is no failure value. Who waits longest gets the next reference that is given back.
 *
 * <p>A driver whose table grows does not wait: it adds a grant frame or returns {@link #INVALID}.
 */
public final class GrantAccess extends DriverCall {
  /** What V2 returns when there is no free reference. The number is Xenarium's choice. */
  public static final int INVALID = -1;

  private enum Phase {
    TAKE,
    POP,
    GROW,
    WRITE_FRAME,
    WRITE_DOMID,
    WRITE_FLAGS
  }

  private final int domid;
  private final long gfn;
  private final boolean readonly;
  private Phase next = Phase.TAKE;

  /** Not 0 while the call waits or may have to. */
  private long ticket;

  private @Nullable GrowTable growth;
  private int ref;

  public GrantAccess(int domid, long gfn, boolean readonly) {
    this.domid = domid;
    this.gfn = gfn;
    this.readonly = readonly;
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    return (ticket != 0 && driver.semaphore().isQueued(ticket)) || (next == Phase.POP && driver.isGrowing());
  }

  @Override
  boolean advance(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    switch (next) {
      case TAKE -> take(vcpu, driver);
      case POP -> pop(vcpu, driver);
      case GROW -> {
        return grow(vcpu, driver);
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
        return end(vcpu, DriverRule.ACCESS_01, Integer.toUnsignedLong(ref));
      }
    }
    return true;
  }

  /** Down on the semaphore; who had to wait was handed a unit. */
  private void take(Vcpu vcpu, GrantDriver driver) {
    boolean had = ticket != 0 || driver.has(DriverDifference.GROWING) || driver.semaphore().take(Semaphore.ticket(vcpu));
    ticket = had ? 0 : Semaphore.ticket(vcpu);
    next = had ? Phase.POP : Phase.TAKE;
  }

  /** With interrupts masked, which is why it is one step. */
  private void pop(Vcpu vcpu, GrantDriver driver) {
    ref = driver.pop();
    next = Phase.WRITE_FRAME;
    if (ref == 0 && driver.has(DriverDifference.GROWING)) {
      driver.setGrowing(true);
      growth = new GrowTable();
      next = Phase.GROW;
    } else if (ref == 0) {
      note(vcpu, DriverRule.ACCESS_03, 0);
    }
  }

  private boolean grow(Vcpu vcpu, GrantDriver driver) {
    if (growth != null && growth.step(vcpu)) {
      return true;
    }
    growth = null;
    driver.setGrowing(false);
    if (vcpu.x(0) != 0) {
      return end(vcpu, DriverRule.ACCESS_02, Integer.toUnsignedLong(INVALID));
    }
    next = Phase.POP;
    return !vcpu.isHalted();
  }

  @Override
  public Routine copy() {
    GrantAccess copy = (GrantAccess) super.copy();
    copy.growth = growth == null ? null : (GrowTable) growth.copy();
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(domid).add(gfn).add(readonly).add(next).add(ticket).add(ref).add(growth != null);
    if (growth != null) {
      growth.digest(digest);
    }
  }
}
