package org.xenarium.emulator.physmap;

import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Semantics;

/** Who builds a domain's device tree, and so decides whether it is offered extended regions (spec §7.3). */
public enum TreeBuilder {
  /** The hypervisor, for the domain that has the host's layout. */
  DOM0(Difference.EXTENDED_REGIONS, true),
  /** The hypervisor, for an ordinary domain that it creates at boot. */
  DOM0LESS(Difference.EXTENDED_REGIONS_DOM0LESS, true),
  /** The toolstack; it knows no switch and treats 32-bit guests like others. */
  LIBXL(Difference.EXTENDED_REGIONS, false);

  private final Difference since;
  private final boolean asks;

  TreeBuilder(Difference since, boolean asks) {
    this.since = since;
    this.asks = asks;
  }

  /**
   * Does it offer regions?
   *
   * @param enabled the hypervisor's command line option {@code ext_regions}, on by default
   * @param wide a guest of 64 bits
   */
  public boolean offers(Semantics semantics, boolean enabled, boolean wide) {
    return semantics.has(since) && (!asks || enabled && wide);
  }
}
