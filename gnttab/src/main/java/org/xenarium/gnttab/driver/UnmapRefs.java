package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;

/**
 * {@code gnttab_unmap_refs(unmap_ops, count)}: unmaps foreign grants. Returns what the hypercall returned, 0 when it completed; -EFAULT when an
 * address lies outside of the extended regions, and then nothing was done. How each element went is in its status; those that are unmapped
 * lose their virtual address.
 *
 * <p>V7 and before take the virtual addresses away first (D-Z12); V3 and before want an array of map elements here (D-Z4).
 */
public final class UnmapRefs extends RefsCall {
  private enum Phase {
    CHECK,
    HIDE,
    PRESET,
    CALL,
    ANSWER,
    FINISH,
    RETURN
  }

  private Phase next = Phase.CHECK;
  private long result;

  /**
   * A call on elements that lie in guest memory.
   *
   * @param array guest address of {@code struct gnttab_unmap_grant_ref[count]}
   * @param count elements, unsigned
   */
  public UnmapRefs(long array, int count) {
    super(array, count);
  }

  @Override
  int elementSize(GrantDriver driver) {
    return driver.has(DriverDifference.MAP_STRUCTS_UNMAPPED) ? MapLayout.SIZE : UnmapLayout.SIZE;
  }

  @Override
  int statusOffset() {
    return UnmapLayout.STATUS;
  }

  @Override
  boolean advance(Vcpu vcpu) {
    boolean more =
        switch (next) {
          case CHECK -> check(vcpu);
          case HIDE -> hide(vcpu);
          case PRESET -> presetOne(vcpu);
          case CALL -> {
            hypercall(vcpu, GnttabOp.UNMAP_GRANT_REF);
            next = Phase.ANSWER;
            yield true;
          }
          case ANSWER -> {
            result = vcpu.x(0);
            next = driver(vcpu).has(DriverDifference.DONE_ELEMENTS_HIDDEN) && result != 0 ? Phase.RETURN : Phase.FINISH;
            yield true;
          }
          case FINISH -> finish(vcpu);
          case RETURN -> end(vcpu, DriverRule.UNMAPREF_01, result);
        };
    return more && !vcpu.isHalted();
  }

  private boolean check(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    if (!driver.config().usesRegions() || driver.has(DriverDifference.NO_CHECK_OF_REGION) || isThrough()) {
      boolean hidesFirst = driver.config().usesRegions() && driver.has(DriverDifference.VA_GOES_FIRST);
      next = hidesFirst ? Phase.HIDE : beforeCall(driver);
      return true;
    }
    if (!isInRegion(vcpu)) {
      return end(vcpu, DriverRule.UNMAPREF_02);
    }
    nextElement();
    return true;
  }

  private static Phase beforeCall(GrantDriver driver) {
    return driver.has(DriverDifference.DONE_ELEMENTS_HIDDEN) ? Phase.CALL : Phase.PRESET;
  }

  private boolean hide(Vcpu vcpu) {
    if (isThrough()) {
      next = beforeCall(driver(vcpu));
    } else {
      unmapVirtually(vcpu);
      nextElement();
    }
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

  /** One element, by its status. */
  private boolean finish(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    boolean hides = driver.config().usesRegions() && !driver.has(DriverDifference.VA_GOES_FIRST);
    boolean unclaims = !driver.has(DriverDifference.SAME_ADDRESS_TWICE);
    if ((!hides && !unclaims) || isThrough()) {
      next = Phase.RETURN;
      return true;
    }
    if (status(vcpu) == GntStatus.OKAY) {
      if (hides) {
        unmapVirtually(vcpu);
      }
      driver.unclaim(hostAddress(vcpu));
    }
    nextElement();
    return true;
  }

  private void unmapVirtually(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    long address = hostAddress(vcpu);
    boolean fails = vcpu.world().strikes(DriverFault.VA_UNMAP, vcpu.domain().id(), address) || driver.regions().unmap(address) != 0;
    if (fails && !driver.has(DriverDifference.VA_RESULT_IGNORED)) {
      panic(vcpu, DriverRule.UNMAPREF_03, address);
    }
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(next).add(result);
  }
}
