package org.xenarium.gnttab.kit;

import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainDeath;

/** The destruction of a domain, in steps (spec §5.1). */
public final class Death {
  private final Machine machine;
  private final Domain domain;

  Death(Machine machine, int domid) {
    this.machine = machine;
    domain = machine.domain(domid);
    machine.beginDestroy(domid);
  }

  public void step() {
    machine.stepDeath(domain.id());
  }

  /** Takes steps until the named phase is the next one: STOP, RELEASE, XEN_HEAP_PAGES, RAM_PAGES, PHYSMAP, BURY or DONE. */
  public Death to(String phase) {
    while (!phase.equals(phase())) {
      if (phase().equals("DONE")) {
        throw new AssertionError("the domain is dead and was never before " + phase);
      }
      step();
    }
    return this;
  }

  public String phase() {
    DomainDeath death = domain.death();
    return death == null ? "DONE" : death.phase().name();
  }
}
