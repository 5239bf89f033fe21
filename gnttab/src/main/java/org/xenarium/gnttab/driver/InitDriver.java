package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.QuerySizeLayout;

/**
 * The driver's initialisation ({@code SYS_INIT}): asks how large the table may be, fills the free list, and maps the grant frames, the highest
 * first so that the hypervisor grows the table once. Panics when the table cannot be as large as the driver was built for.
 *
 * <p>Older drivers ask nothing, map the lowest frame first, and set the table up once more ({@link DriverDifference#FRAMES_ASCENDING}); one
 * that grows begins with one frame.
 */
public final class InitDriver extends DriverCall {
  private enum Phase {
    BEGIN,
    QUERY,
    CHECK_SIZE,
    FILL,
    MAP,
    CHECK_MAP,
    SET_UP,
    RETURN
  }

  /** What is assumed where the hypervisor does not tell. */
  private static final int ASSUMED_MAXIMUM = 4;

  private Phase next = Phase.BEGIN;
  private int mapped;

  @Override
  boolean advance(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    switch (next) {
      case BEGIN -> next = driver.has(DriverDifference.FRAMES_ASCENDING) ? Phase.FILL : Phase.QUERY;
      case QUERY -> {
        store(vcpu, stack(vcpu) + QuerySizeLayout.DOM, 2, DomId.SELF);
        vcpu.issue(GnttabOp.HYPERCALL, GnttabOp.QUERY_SIZE, stack(vcpu), 1);
        next = Phase.CHECK_SIZE;
      }
      case CHECK_SIZE -> {
        int maximum = maximum(vcpu);
        if (maximum < frames(driver)) {
          return panic(vcpu, DriverRule.INIT_02, maximum);
        }
        driver.setMostFrames(maximum);
        next = Phase.FILL;
      }
      case FILL -> {
        driver.fill(frames(driver));
        next = Phase.MAP;
      }
      case MAP -> {
        boolean ascends = driver.has(DriverDifference.FRAMES_ASCENDING);
        GrantFrames.map(vcpu, driver.config().table(), ascends ? mapped : frames(driver) - 1 - mapped);
        next = Phase.CHECK_MAP;
      }
      case CHECK_MAP -> checkMap(vcpu, driver);
      case SET_UP -> {
        GrantFrames.setUp(vcpu, stack(vcpu), frames(driver));
        next = Phase.RETURN;
      }
      case RETURN -> {
        return end(vcpu, DriverRule.INIT_01);
      }
    }
    return true;
  }

  private static int frames(GrantDriver driver) {
    return driver.has(DriverDifference.GROWING) ? 1 : driver.config().frames();
  }

  private static int maximum(Vcpu vcpu) {
    boolean told = vcpu.x(0) == 0 && load(vcpu, stack(vcpu) + QuerySizeLayout.STATUS, 2) == 0;
    return told ? (int) load(vcpu, stack(vcpu) + QuerySizeLayout.MAX_NR_FRAMES, 4) : ASSUMED_MAXIMUM;
  }

  private void checkMap(Vcpu vcpu, GrantDriver driver) {
    if (vcpu.x(0) != 0) {
      note(vcpu, DriverRule.INIT_03, vcpu.x(0));
    }
    mapped++;
    boolean setsUp = driver.has(DriverDifference.FRAMES_ASCENDING) || driver.has(DriverDifference.GROWING);
    next = mapped < frames(driver) ? Phase.MAP : setsUp ? Phase.SET_UP : Phase.RETURN;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(next).add(mapped);
  }
}
