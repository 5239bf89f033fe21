package org.xenarium.gnttab.kit;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainDeath;

/** The destruction of a domain, in steps (spec §5.1). */
public final class Death {
  private final DomainDeath death;

  Death(Domain domain) {
    death = new DomainDeath(domain);
  }

  public void step() {
    death.step();
  }

  /** Takes steps until the named phase is the next one: STOP, RELEASE, XEN_HEAP_PAGES, RAM_PAGES, PHYSMAP, BURY or DONE. */
  public Death to(String phase) {
    while (!phase.equals(phase())) {
      if (phase().equals("DONE")) {
        throw new AssertionError("the domain is dead and was never before " + phase);
      }
      death.step();
    }
    return this;
  }

  public String phase() {
    return Phases.of(death);
  }
}
