package org.xenarium.emulator;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.hypercall.HypercallHandler;
import org.xenarium.emulator.memoryop.MapSpace;

/** A part of the hypervisor that plugs into the machine. Holds no state of its own: all copies of a machine share it. */
public interface Module {
  /** Where a module says what it handles. */
  interface Registry {
    /** Hypercalls with that number go to {@code handler}. */
    void hypercall(int number, HypercallHandler handler);

    /** add_to_physmap finds the frames of that space with {@code frames}. */
    void mapSpace(int space, MapSpace frames);
  }

  /** Called once, when a machine is built. */
  void register(Registry registry);

  /** What this module keeps for a new domain; a domain finds it again by its class, see {@link Domain#part}. */
  DomainPart create(Domain domain, DomainConfig config);
}
