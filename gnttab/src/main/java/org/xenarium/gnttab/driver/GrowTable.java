package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;

/**
 * V2: adds one frame to the table and its references to the list, under the driver's mutex. x0 is 0 when that worked.
 *
 * <p>With D-Z17 the frame is counted before the memory for a longer list is there; without it, memory comes first.
 */
final class GrowTable extends DriverCall {
  private enum Phase {
    ASK,
    MAP,
    MAPPED,
    LIST,
    SET_UP,
    FILL
  }

  private static final int LIST_BYTES_PER_FRAME = 2048;

  private Phase next = Phase.ASK;
  private long block;

  @Override
  boolean advance(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    boolean unsafe = driver.has(DriverDifference.GROWTH_UNSAFE);
    switch (next) {
      case ASK -> {
        if (!driver.canGrow()) {
          return fail(vcpu, DriverRule.GROW_01);
        }
        next = unsafe ? Phase.MAP : Phase.LIST;
      }
      case MAP -> {
        GrantFrames.map(vcpu, driver.config().table(), driver.frames());
        next = Phase.MAPPED;
      }
      case MAPPED -> {
        if (vcpu.x(0) != 0) {
          return fail(vcpu, DriverRule.GROW_02);
        }
        driver.addFrame();
        next = unsafe ? Phase.LIST : Phase.SET_UP;
      }
      case LIST -> {
        int frames = driver.frames() + (unsafe ? 0 : 1);
        block = allocate(vcpu, (long) frames * LIST_BYTES_PER_FRAME);
        if (block == 0) {
          return fail(vcpu, DriverRule.GROW_03);
        }
        if (driver.listFrames() < frames - 1) {
          return panic(vcpu, DriverRule.GROW_04, frames);
        }
        next = unsafe ? Phase.SET_UP : Phase.MAP;
      }
      case SET_UP -> {
        if (driver.listBlock() != 0) {
          free(vcpu, driver.listBlock());
        }
        driver.moveList(block);
        block = 0;
        GrantFrames.setUp(vcpu, stack(vcpu), driver.frames());
        next = Phase.FILL;
      }
      case FILL -> {
        driver.pushLastFrame();
        vcpu.setX(0, 0);
        return false;
      }
    }
    return true;
  }

  private boolean fail(Vcpu vcpu, DriverRule why) {
    if (block != 0) {
      free(vcpu, block);
    }
    note(vcpu, why, driver(vcpu).frames() * (long) MachineMemory.PAGE_SIZE);
    vcpu.setX(0, 1);
    return false;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(next).add(block);
  }
}
