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
 * @param absent whether it is not there at the start, but created later
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
    boolean absent,
    Special special,
    Grants grants,
    Driver driver) {
  /** Pages of RAM that a scenario gets to use when it does not say. */
  static final long RAM = 16;

  /** The least: a recording cannot be of a domain with less. */
  static final long LEAST_RAM = 16;

  /** Pages of a region at most, and how far apart they begin. */
  public static final long MOST_REGION_PAGES = 1024;

  /**
   * What few domains have.
   *
   * @param hardware whether it is the hardware domain, which may map devices and frames of other domains' resources
   * @param target name of the domain whose device model it is; empty for none
   * @param pool pages for the tables of its physmap; empty for as many as Xen gives a domain that it creates at boot
   * @param staticMemory whether what it gives back only it can have again
   * @param readsOnes whether its loads of holes read ones and its stores there are dropped, instead of an abort
   * @param devices machine frames of device memory that it may map
   */
  public record Special(boolean hardware, String target, OptionalLong pool, boolean staticMemory, boolean readsOnes, List<Long> devices) {
    /** Nothing. */
    public static final Special NOTHING = new Special(false, "", OptionalLong.empty(), false, false, List.of());

    public Special {
      devices = List.copyOf(devices);
    }
  }

  /** Limits of a grant table. */
  public record Grants(int frames, int maptrack, int version) {}

  /**
   * The guest's driver.
   *
   * @param version which of Zephyr's
   * @param frames how many frames of grants it uses
   * @param regions pages of each extended region; region k begins at {@code free.(1024 k)}. Empty for a driver without them
   * @param placed whether it has the regions of its device tree instead, where Xen placed them
   * @param heap pages of the guest's heap, which come on top of {@link Area#RAM}
   */
  public record Driver(DriverVersion version, int frames, List<Long> regions, boolean placed, int heap) {
    /** What a domain has that asks for nothing. */
    public static final Driver PRESET = new Driver(DriverVersion.CONTRACT, 1, List.of(MOST_REGION_PAGES), false, 0);

    public Driver {
      regions = List.copyOf(regions);
    }

    /** Whether it was built for extended regions. */
    public boolean hasRegions() {
      return placed || !regions.isEmpty();
    }
  }

  /** The same with so many vCPUs. */
  public DomainSetup withVcpus(int other) {
    return new DomainSetup(name, place, id, other, privileged, directMapped, ram, maxPages, machineBase, absent, special, grants, driver);
  }

  /** The same with other limits of its grant table. */
  public DomainSetup withGrants(Grants other) {
    return new DomainSetup(name, place, id, vcpus, privileged, directMapped, ram, maxPages, machineBase, absent, special, other, driver);
  }

  /** The same with another driver. */
  public DomainSetup withDriver(Driver other) {
    return new DomainSetup(name, place, id, vcpus, privileged, directMapped, ram, maxPages, machineBase, absent, special, grants, other);
  }

  /** The same with or without the rights of a control domain. */
  public DomainSetup withPrivilege(boolean other) {
    return new DomainSetup(name, place, id, vcpus, other, directMapped, ram, maxPages, machineBase, absent, special, grants, driver);
  }

  /** The same with other things that few domains have. */
  public DomainSetup withSpecial(Special other) {
    return new DomainSetup(name, place, id, vcpus, privileged, directMapped, ram, maxPages, machineBase, absent, other, grants, driver);
  }

  /** Another domain like it with the same domid, which is absent at the start. */
  public DomainSetup later(String other, OptionalLong base) {
    return new DomainSetup(other, place, id, vcpus, privileged, directMapped, ram, maxPages, base, true, special, grants, driver);
  }

  /** The same with its RAM elsewhere. */
  public DomainSetup withMachineBase(OptionalLong other) {
    return new DomainSetup(name, place, id, vcpus, privileged, directMapped, ram, maxPages, other, absent, special, grants, driver);
  }

  /** Pages that it owns at the start. */
  public long pages() {
    return Area.RAM.first() - Area.RAM_START + ram + driver.heap();
  }
}
