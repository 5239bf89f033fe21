package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.QuerySizeLayout;

/**
 * The driver's initialisation: asks how large the table may be, fills the free list, and maps the grant frames, the highest first so that the
 * hypervisor grows the table once. Panics when the table cannot be as large as the layout says.
 */
public final class InitDriver extends DriverCall {
  private enum Phase {
    QUERY,
    CHECK_SIZE,
    MAP,
    CHECK_MAP
  }

  /** What is assumed where the hypervisor does not tell. */
  private static final int ASSUMED_MAXIMUM = 4;

  private Phase next = Phase.QUERY;
  private int frame;

  @Override
  public boolean step(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    long stack = driver.layout().stack();
    switch (next) {
      case QUERY -> {
        store(vcpu, stack + QuerySizeLayout.DOM, 2, DomId.SELF);
        vcpu.issue(GnttabOp.HYPERCALL, GnttabOp.QUERY_SIZE, stack, 1);
        next = Phase.CHECK_SIZE;
      }
      case CHECK_SIZE -> {
        boolean told = vcpu.x(0) == 0 && load(vcpu, stack + QuerySizeLayout.STATUS, 2) == 0;
        long maximum = told ? load(vcpu, stack + QuerySizeLayout.MAX_NR_FRAMES, 4) : ASSUMED_MAXIMUM;
        if (maximum < driver.layout().frames()) {
          vcpu.halt();
          return false;
        }
        driver.fill();
        frame = driver.layout().frames();
        next = Phase.MAP;
      }
      case MAP -> {
        frame--;
        mapFrame(vcpu, driver.layout());
        next = Phase.CHECK_MAP;
      }
      case CHECK_MAP -> {
        next = Phase.MAP;
        if (frame == 0) {
          vcpu.setX(0, 0);
          return false;
        }
      }
    }
    return true;
  }

  private void mapFrame(Vcpu vcpu, GrantDriver.Layout layout) {
    long stack = layout.stack();
    store(vcpu, stack + MemoryAbi.ADD_DOMID, 2, DomId.SELF);
    store(vcpu, stack + MemoryAbi.ADD_SPACE, 4, MemoryAbi.SPACE_GRANT_TABLE);
    store(vcpu, stack + MemoryAbi.ADD_IDX, 8, frame);
    store(vcpu, stack + MemoryAbi.ADD_GPFN, 8, (layout.table() >>> MachineMemory.PAGE_SHIFT) + frame);
    vcpu.issue(MemoryAbi.HYPERCALL, MemoryAbi.ADD_TO_PHYSMAP, stack, 0);
  }

  @Override
  public void digest(Digest digest) {
    digest.add(next).add(frame);
  }
}
