package org.xenarium.emulator;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.hypercall.HypercallHandler;
import org.xenarium.emulator.memoryop.MapSpace;
import org.xenarium.emulator.memoryop.Resource;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.trace.Rule;

/** A part of the hypervisor that plugs into the machine. Holds no state of its own: all copies of a machine share it. */
public interface Module {
  /** Where a module says what it handles. */
  interface Registry {
    /** Which Xen the machine is. */
    Semantics semantics();

    /** Hypercalls with that number go to {@code handler}. */
    void hypercall(int number, HypercallHandler handler);

    /** add_to_physmap finds the frames of that space with {@code frames}. */
    void mapSpace(int space, MapSpace frames);

    /** acquire_resource finds the frames of that kind of resource with {@code resource}. */
    void resource(int type, Resource resource);
  }

  /** Called once, when a machine is built. */
  void register(Registry registry);

  /** What this module finds wrong with a domain to be created on that Xen, or null. */
  default @Nullable Rule refusal(DomainConfig config, Semantics semantics) {
    return null;
  }

  /**
   * What this module keeps for a new domain that it has not refused; a domain finds it again by its class, see {@link Domain#part}.
   *
   * @return null when the host has no memory for it
   */
  @Nullable DomainPart create(Domain domain, DomainConfig config);
}
