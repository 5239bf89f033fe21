package org.xenarium.emulator.domain;

import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;

/** The destruction of a domain, step by step, in the order of spec §5.1. */
public final class DomainDeath {
  private enum Phase {
    STOP,
    RELEASE,
    XEN_HEAP_PAGES,
    RAM_PAGES,
    PHYSMAP,
    BURY,
    DONE
  }

  private final Domain domain;
  private Phase next = Phase.STOP;
  private long position;

  public DomainDeath(Domain domain) {
    this.domain = domain;
  }

  /** Performs all steps. */
  public void run() {
    while (step()) {}
  }

  /**
   * Performs one step.
   *
   * @return false when nothing was left to do
   */
  public boolean step() {
    next =
        switch (next) {
          case STOP -> stop();
          case RELEASE -> release();
          case XEN_HEAP_PAGES -> dropPage(true, Phase.RAM_PAGES);
          case RAM_PAGES -> dropPage(false, Phase.PHYSMAP);
          case PHYSMAP -> tearDown();
          case BURY -> bury();
          case DONE -> Phase.DONE;
        };
    return next != Phase.DONE;
  }

  private Phase stop() {
    if (domain.life() != Life.ALIVE) {
      return Phase.DONE;
    }
    domain.setLife(Life.DYING);
    domain.physmap().close();
    return Phase.RELEASE;
  }

  private Phase release() {
    return domain.release() ? Phase.RELEASE : Phase.XEN_HEAP_PAGES;
  }

  private Phase dropPage(boolean xenHeap, Phase then) {
    MachineMemory memory = domain.world().memory();
    long mfn = memory.nextOwned(domain.id(), Math.max(position, memory.firstMfn()));
    if (mfn == Mfn.NONE) {
      position = 0;
      return then;
    }
    position = mfn + 1;
    if (memory.isXenHeap(mfn) == xenHeap) {
      memory.putAllocation(mfn);
    }
    return next;
  }

  private Phase tearDown() {
    position = domain.physmap().tearDown(position);
    return position < 0 ? Phase.BURY : Phase.PHYSMAP;
  }

  private Phase bury() {
    domain.world().bury(domain);
    return Phase.DONE;
  }
}
