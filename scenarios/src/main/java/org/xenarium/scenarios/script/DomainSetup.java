package org.xenarium.scenarios.script;

import java.util.List;
import java.util.OptionalLong;
import org.xenarium.gnttab.driver.DriverVersion;

/**
 * A domain of a scenario.
 *
 * @param name in the scenario
 * @param id its domid
 * @param directMapped whether its guest frames are machine frames
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
    boolean directMapped,
    long ram,
    OptionalLong maxPages,
    OptionalLong machineBase,
    Grants grants,
    Driver driver) {
  /** Pages of RAM that a scenario gets to use when it does not say. */
  static final long RAM = 16;

  /** The least: a recording cannot be of a domain with less. */
  static final long LEAST_RAM = 16;

  /** Pages of a region at most, and how far apart they begin. */
  public static final long MOST_REGION_PAGES = 1024;

  /** Limits of a grant table. */
  public record Grants(int frames, int maptrack, int version) {}

  /**
   * The guest's driver.
   *
   * @param version which of Zephyr's
   * @param frames how many frames of grants it uses
   * @param regions pages of each extended region; region k begins at {@code free.(1024 k)}. Empty for a driver without them
   * @param heap pages of the guest's heap, which come on top of {@link Area#RAM}
   */
  public record Driver(DriverVersion version, int frames, List<Long> regions, int heap) {
    /** What a domain has that asks for nothing. */
    public static final Driver PRESET = new Driver(DriverVersion.CONTRACT, 1, List.of(MOST_REGION_PAGES), 0);

    public Driver {
      regions = List.copyOf(regions);
    }
  }

  /** Pages that it owns at the start. */
  public long pages() {
    return Area.RAM.first() - Area.RAM_START + ram + driver.heap();
  }
}
