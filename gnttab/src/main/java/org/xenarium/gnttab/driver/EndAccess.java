package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GrantFlags;

/**
 * {@code gnttab_end_access(gref)}: withdraws a grant unless it is in use. Clears the flags by compare-and-swap from a value without the bits
 * that the hypervisor sets while something is pinned, then gives the reference back.
 *
 * <p>Returns 0 when the grant has ended; {@link #BUSY} when it is in use, and then nothing has changed; -EINVAL for a reference that is
 * reserved, beyond the table, or not handed out. What is mapped or granted stays allocated.
 */
public final class EndAccess extends DriverCall {
  /** The grant is in use. */
  public static final int BUSY = -Errno.EBUSY;

  private enum Phase {
    CHECK,
    READ,
    CLEAR,
    FREE,
    GIVE
  }

  private final int ref;
  private Phase next = Phase.CHECK;
  private long flags;
  private boolean busy;

  public EndAccess(int ref) {
    this.ref = ref;
  }

  /** What is to be ended. */
  int ref() {
    return ref;
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    return next == Phase.FREE && driver(vcpu).isGrowing();
  }

  @Override
  boolean advance(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    return switch (next) {
      case CHECK -> check(vcpu, driver);
      case READ -> {
        flags = load(vcpu, driver.flagsAddress(ref), 2);
        next = Phase.CLEAR;
        yield !vcpu.isHalted();
      }
      case CLEAR -> clear(vcpu, driver);
      case FREE -> free(vcpu, driver);
      case GIVE -> give(vcpu, driver);
    };
  }

  private boolean check(Vcpu vcpu, GrantDriver driver) {
    next = Phase.READ;
    if (driver.has(DriverDifference.UNCHECKED_REF)) {
      return true;
    }
    if (Integer.compareUnsigned(ref, FreeList.RESERVED) < 0 || isBeyond(driver)) {
      return end(vcpu, DriverRule.ENDACC_01);
    }
    boolean handedOut = driver.has(DriverDifference.UNCHECKED_FREE) || driver.isUsed(ref);
    return handedOut || end(vcpu, DriverRule.ENDACC_02);
  }

  private boolean isBeyond(GrantDriver driver) {
    return Integer.compareUnsigned(ref, driver.entryCount()) >= 0;
  }

  private boolean clear(Vcpu vcpu, GrantDriver driver) {
    busy = (flags & (GrantFlags.READING | GrantFlags.WRITING)) != 0;
    if (!busy) {
      long found = compareAndSwap(vcpu, driver.flagsAddress(ref), 2, flags, 0);
      if (found != flags) {
        flags = found;
        return !vcpu.isHalted();
      }
    }
    flags = 0;
    boolean inverted = driver.has(DriverDifference.END_INVERTED);
    if (busy == inverted) {
      next = Phase.FREE;
      return true;
    }
    DriverRule stillBusy = driver.has(DriverDifference.RELEASE_IS_1) ? DriverRule.ENDACC_06 : DriverRule.ENDACC_03;
    return end(vcpu, inverted ? DriverRule.ENDACC_07 : stillBusy);
  }

  /** {@code put_free_entry}, with interrupts masked, which is why it is one step. */
  private boolean free(Vcpu vcpu, GrantDriver driver) {
    if (isBeyond(driver)) {
      return panic(vcpu, DriverRule.ENDACC_11, ref);
    }
    if (driver.has(DriverDifference.UNCHECKED_FREE) || driver.isUsed(ref)) {
      driver.list().push(ref);
      next = Phase.GIVE;
      return true;
    }
    if (driver.has(DriverDifference.LOCK_LEAK)) {
      vcpu.setInterruptMasks(vcpu.interruptMasks() + 1);
      note(vcpu, DriverRule.ENDACC_10, ref);
    }
    return end(vcpu, driver.has(DriverDifference.UNCHECKED_REF) ? DriverRule.ENDACC_09 : DriverRule.ENDACC_02);
  }

  private boolean give(Vcpu vcpu, GrantDriver driver) {
    if (!driver.has(DriverDifference.GROWING)) {
      driver.semaphore().give();
    }
    DriverRule released = driver.has(DriverDifference.RELEASE_IS_1) ? DriverRule.ENDACC_05 : DriverRule.ENDACC_04;
    return end(vcpu, busy ? DriverRule.ENDACC_08 : released);
  }

  @Override
  public void digest(Digest digest) {
    digest.add(ref).add(next).add(flags).add(busy);
  }
}
