package org.xenarium.scenarios.script;

import java.util.OptionalLong;

/**
 * A domain of a scenario.
 *
 * @param name in the scenario
 * @param id its domid
 * @param ram pages in {@link Area#RAM}; the first MiB, where the guest's program lies, comes on top
 * @param maxPages how many pages it may own; empty for as many as it has
 * @param machineBase machine frame of its first page; empty for any
 */
public record DomainSetup(
    String name,
    Place place,
    int id,
    int vcpus,
    boolean privileged,
    long ram,
    OptionalLong maxPages,
    OptionalLong machineBase,
    Grants grants,
    Driver driver) {
  /** Pages of RAM that a scenario gets to use when it does not say. */
  static final long RAM = 16;

  /** The least: a recording cannot be of a domain with less. */
  static final long LEAST_RAM = 16;

  /** Limits of a grant table. */
  public record Grants(int frames, int maptrack, int version) {}

  /** The guest's driver: how many frames of grants it uses. */
  public record Driver(int frames) {}

  /** Pages that it owns at the start. */
  public long pages() {
    return Area.RAM.first() - Area.RAM_START + ram;
  }
}
