package org.xenarium.scenarios.play;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Range;
import com.google.common.collect.TreeRangeSet;
import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Creation;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.HoleAccess;
import org.xenarium.emulator.domain.MemoryConfig;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.ExtendedRegions;
import org.xenarium.emulator.physmap.HypervisorNode;
import org.xenarium.emulator.physmap.RegionPlacement;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.gnttab.driver.DriverConfig;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.driver.Region;
import org.xenarium.gnttab.table.GrantLimits;
import org.xenarium.scenarios.replay.RamSlots;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.MachineSetup;
import org.xenarium.scenarios.script.Scenario;

/** Builds the domains that a scenario describes, without their programs. */
final class DomainBuilder {
  /** Of a guest-physical address, where the machine's reach is not less. */
  private static final int MOST_ADDRESS_BITS = 40;

  private final Scenario scenario;

  DomainBuilder(Scenario scenario) {
    this.scenario = scenario;
  }

  /** Asks the hypervisor for a domain, which has no RAM yet. */
  Creation create(Machine machine, DomainSetup domain) {
    DomainSetup.Grants grants = domain.grants();
    DomainConfig config =
        DomainConfig.guest(domain.id(), domain.maxPages().orElse(domain.pages()))
            .withPrivilege(domain.privileged())
            .withVcpus(domain.vcpus())
            .withHardware(domain.special().hardware())
            .withTarget(domain.special().target().isEmpty() ? DomainConfig.NO_TARGET : scenario.domain(domain.special().target()).id())
            .withMemory(memory(domain))
            .with(HoleAccess.class, domain.special().readsOnes() ? HoleAccess.READ_ONES : HoleAccess.ABORT)
            .with(GrantLimits.class, new GrantLimits(grants.frames(), grants.maptrack(), grants.version()));
    return machine.create(config);
  }

  private MemoryConfig memory(DomainSetup domain) {
    DomainSetup.Special special = domain.special();
    TreeRangeSet<Long> devices = TreeRangeSet.create();
    special.devices().forEach(frame -> devices.add(Range.closedOpen(frame, frame + 1)));
    MemoryConfig memory = MemoryConfig.ORDINARY
        .withDirectMapped(domain.directMapped())
        .withStaticMemory(special.staticMemory())
        .withPoolPages(special.pool().orElse(MemoryConfig.DEFAULT_POOL))
        .withDevices(ImmutableRangeSet.copyOf(devices));
    return domain.driver().placed() ? memory.withNode(HypervisorNode.ordinary(scenario.machine().semantics().release(), placed(domain))) : memory;
  }

  /** The extended regions of a domain that Xen builds at boot. */
  private ExtendedRegions placed(DomainSetup domain) {
    MachineSetup machine = scenario.machine();
    boolean offered = machine.semantics().has(Difference.EXTENDED_REGIONS_DOM0LESS);
    int addressBits = Math.min(MOST_ADDRESS_BITS, MachineMemory.PAGE_SHIFT + Long.SIZE - 1 - Long.numberOfLeadingZeros(machine.reach()));
    return offered
        ? RegionPlacement.freeOfBanks(domain.pages() << MachineMemory.PAGE_SHIFT, ImmutableRangeSet.of(), addressBits)
        : ExtendedRegions.NONE;
  }

  /** Whether the frames are free that a domain is to have as its RAM. */
  boolean hasRam(Machine machine, DomainSetup setup) {
    MachineMemory memory = machine.world().memory();
    long first = setup.machineBase().orElseGet(() -> RamSlots.free(memory, setup.pages()));
    for (long mfn = first; mfn < first + setup.pages(); mfn++) {
      if (memory.owner(mfn) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Gives a new domain its RAM, and its kernel a driver. */
  void giveRam(Machine machine, DomainSetup setup) {
    Domain domain = machine.domain(setup.id());
    long mfn = setup.machineBase().orElseGet(() -> RamSlots.free(machine.world().memory(), setup.pages()));
    domain.ownRam(Area.RAM_START, setup.directMapped() ? Area.RAM_START : mfn, setup.pages());
    GrantDriver.install(domain, driver(setup));
  }

  private DriverConfig driver(DomainSetup setup) {
    List<Region> regions = new ArrayList<>();
    if (setup.driver().placed()) {
      placed(setup).list().forEach(range -> regions.add(new Region(range.lowerEndpoint(), range.upperEndpoint() - range.lowerEndpoint())));
    }
    for (long pages : setup.driver().regions()) {
      long first = Area.FREE.first() + regions.size() * DomainSetup.MOST_REGION_PAGES;
      regions.add(new Region(first << MachineMemory.PAGE_SHIFT, pages << MachineMemory.PAGE_SHIFT));
    }
    return new DriverConfig(
            true, ImmutableSet.of(), GuestMemory.TABLE, setup.driver().frames(), GuestMemory.STACK, ImmutableList.copyOf(regions),
            (Area.RAM.first() + setup.ram()) << MachineMemory.PAGE_SHIFT, setup.driver().heap())
        .withVersion(setup.driver().version());
  }
}
