package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;

/**
 * {@code gnttab_map_refs(map_ops, count)}: maps foreign grants. Returns 0 when the hypercall completed, a negative errno otherwise; how each
 * element went is in its status.
 *
 * <p>Before the hypercall: every address must lie in an extended region (-EFAULT) and be free of other mappings (-EBUSY), else nothing is done
 * and no byte of the array changes. After it, each element that is mapped gets its virtual address. Where the page is out for the moment, the
 * map is tried again up to {@value #LAST_DELAY_MS} / {@value #DELAY_MS} times, with a sleep after each refusal that is longer by
 * {@value #DELAY_MS} ms than the one before; if the last answer still is "again", the status becomes bad_page.
 */
public final class MapRefs extends RefsCall {
  /** Milliseconds of the first sleep. */
  static final int DELAY_MS = 10;

  /** Milliseconds of the last sleep. */
  static final int LAST_DELAY_MS = 190;

  private static final long NANOS_PER_MS = 1_000_000;

  private enum Phase {
    CHECK,
    CLAIM,
    UNCLAIM,
    PRESET,
    CALL,
    ANSWER,
    FINISH,
    RETRY,
    RETRIED,
    WOKEN,
    RETURN
  }

  private Phase next = Phase.CHECK;
  private long result;
  private int delay;

  /**
   * A call on elements that lie in guest memory.
   *
   * @param array guest address of {@code struct gnttab_map_grant_ref[count]}
   * @param count elements, unsigned
   */
  public MapRefs(long array, int count) {
    super(array, count);
  }

  @Override
  int elementSize(GrantDriver driver) {
    return MapLayout.SIZE;
  }

  @Override
  int statusOffset() {
    return MapLayout.STATUS;
  }

  @Override
  boolean advance(Vcpu vcpu) {
    boolean more =
        switch (next) {
          case CHECK -> check(vcpu);
          case CLAIM -> claim(vcpu);
          case UNCLAIM -> unclaim(vcpu);
          case PRESET -> presetOne(vcpu);
          case CALL -> {
            hypercall(vcpu, GnttabOp.MAP_GRANT_REF);
            next = Phase.ANSWER;
            yield true;
          }
          case ANSWER -> answer(vcpu);
          case FINISH -> finish(vcpu);
          case RETRY -> {
            vcpu.issue(GnttabOp.HYPERCALL, GnttabOp.MAP_GRANT_REF, element(vcpu), 1);
            next = Phase.RETRIED;
            yield true;
          }
          case RETRIED -> retried(vcpu);
          case WOKEN -> woken(vcpu);
          case RETURN -> end(vcpu, result == 0 ? DriverRule.MAPREF_01 : DriverRule.MAPREF_04, result);
        };
    return more && !vcpu.isHalted();
  }

  private boolean check(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    if (!driver.config().usesRegions() || driver.has(DriverDifference.NO_CHECK_OF_REGION) || isThrough()) {
      next = driver.has(DriverDifference.SAME_ADDRESS_TWICE) ? afterClaims(driver) : Phase.CLAIM;
      return true;
    }
    if (!isInRegion(vcpu)) {
      return end(vcpu, DriverRule.MAPREF_02);
    }
    nextElement();
    return true;
  }

  private static Phase afterClaims(GrantDriver driver) {
    return driver.has(DriverDifference.DONE_ELEMENTS_HIDDEN) ? Phase.CALL : Phase.PRESET;
  }

  private boolean claim(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    if (isThrough()) {
      next = afterClaims(driver);
    } else if (driver.claim(hostAddress(vcpu))) {
      nextElement();
    } else {
      next = Phase.UNCLAIM;
    }
    return true;
  }

  /** Backwards over the elements that this call has claimed. */
  private boolean unclaim(Vcpu vcpu) {
    if (index() == 0) {
      return end(vcpu, DriverRule.MAPREF_03);
    }
    previousElement();
    driver(vcpu).unclaim(hostAddress(vcpu));
    return true;
  }

  private boolean presetOne(Vcpu vcpu) {
    if (isThrough()) {
      next = Phase.CALL;
    } else {
      preset(vcpu);
    }
    return true;
  }

  private boolean answer(Vcpu vcpu) {
    result = vcpu.x(0);
    next = result != 0 && driver(vcpu).has(DriverDifference.DONE_ELEMENTS_HIDDEN) ? Phase.RETURN : Phase.FINISH;
    return true;
  }

  /** One element, by its status. */
  private boolean finish(Vcpu vcpu) {
    if (isThrough()) {
      next = Phase.RETURN;
      return true;
    }
    GrantDriver driver = driver(vcpu);
    int status = status(vcpu);
    if (status == GntStatus.EAGAIN) {
      delay = DELAY_MS;
      next = Phase.RETRY;
      return true;
    }
    if (status == GntStatus.NO_DEVICE_SPACE) {
      note(vcpu, DriverRule.MAPREF_06, index());
    } else if (status == GntStatus.OKAY || driver.has(DriverDifference.FAILED_IN_VA)) {
      mapVirtually(vcpu, driver);
    }
    if (status != GntStatus.OKAY && !driver.has(DriverDifference.SAME_ADDRESS_TWICE)) {
      driver.unclaim(hostAddress(vcpu));
    }
    nextElement();
    return true;
  }

  private void mapVirtually(Vcpu vcpu, GrantDriver driver) {
    if (!driver.config().usesRegions()) {
      return;
    }
    long address = hostAddress(vcpu);
    boolean fails = vcpu.world().strikes(DriverFault.VA_MAP, vcpu.domain().id(), address) || driver.regions().map(address) != 0;
    if (fails && !driver.has(DriverDifference.VA_RESULT_IGNORED)) {
      panic(vcpu, DriverRule.MAPREF_05, address);
    }
  }

  /** What a retry's hypercall returned is not looked at, only the status. */
  private boolean retried(Vcpu vcpu) {
    boolean again = status(vcpu) == GntStatus.EAGAIN;
    if (again) {
      vcpu.sleep(delay * NANOS_PER_MS);
    }
    delay += DELAY_MS;
    next = again && delay <= LAST_DELAY_MS ? Phase.RETRY : Phase.WOKEN;
    return true;
  }

  /** The retries are over; the same element is looked at again. */
  private boolean woken(Vcpu vcpu) {
    boolean givesUp = driver(vcpu).has(DriverDifference.LATE_SUCCESS_LOST) ? delay > LAST_DELAY_MS : status(vcpu) == GntStatus.EAGAIN;
    if (givesUp) {
      setStatus(vcpu, GntStatus.BAD_PAGE);
      note(vcpu, DriverRule.MAPREF_07, index());
    }
    delay = 0;
    next = Phase.FINISH;
    return true;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(next).add(result).add(delay);
  }
}
