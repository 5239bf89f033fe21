package org.xenarium.scenarios.play;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenarium.emulator.CostModel;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.MemoryConfig;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.guest.Threads;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.Gnttab;
import org.xenarium.gnttab.driver.DriverConfig;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.driver.Region;
import org.xenarium.gnttab.table.GrantLimits;
import org.xenarium.gnttab.table.GrantOptions;
import org.xenarium.scenarios.replay.RamSlots;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.MachineSetup;
import org.xenarium.scenarios.script.Scenario;

/** Builds the machine that a scenario describes, with its programs ready to run. */
final class MachineBuilder {
  private final Scenario scenario;
  private final Plan plan;

  MachineBuilder(Scenario scenario, Plan plan) {
    this.scenario = scenario;
    this.plan = plan;
  }

  /** A machine at time 0 in which nothing has been done. */
  Machine build() throws UnplayableScenarioException {
    MachineSetup setup = scenario.machine();
    Machine machine =
        Machine.builder()
            .semantics(booted(setup.semantics()))
            .memory(MachineSetup.FIRST_MFN, setup.pages())
            .reach(setup.reach())
            .seed(setup.seed())
            .costs(costs(setup.hypervisorStep(), setup.guestStep()))
            .module(new Gnttab())
            .build();
    machine.world().attach(new Notes(scenario.layout()));
    scenario.domains().forEach(domain -> create(machine, domain));
    try {
      scenario.domains().stream().filter(MachineBuilder::isPlaced).forEach(domain -> giveRam(machine, domain));
      scenario.domains().stream().filter(domain -> !isPlaced(domain)).forEach(domain -> giveRam(machine, domain));
    } catch (IllegalArgumentException e) {
      throw new UnplayableScenarioException("the domains' RAM does not fit the machine's " + setup.pages() + " pages: " + e.getMessage());
    }
    startPrograms(machine);
    return machine;
  }

  private static boolean isPlaced(DomainSetup domain) {
    return domain.machineBase().isPresent() || domain.directMapped();
  }

  private static CostModel costs(long hypervisor, long guest) {
    return vcpu -> vcpu.call() != null || vcpu.atHypercall() ? hypervisor : guest;
  }

  /** The host is booted with the highest version of grant tables that a domain is to have. */
  private Semantics booted(Semantics semantics) {
    GrantOptions options = GrantOptions.of(semantics);
    int highest = scenario.domains().stream().mapToInt(domain -> domain.grants().version()).max().orElse(options.maxVersion());
    return highest <= options.maxVersion() ? semantics : semantics.with(GrantOptions.class, options.withMaxVersion(highest));
  }

  private static void create(Machine machine, DomainSetup domain) {
    DomainSetup.Grants grants = domain.grants();
    DomainConfig config =
        DomainConfig.guest(domain.id(), domain.maxPages().orElse(domain.pages()))
            .withPrivilege(domain.privileged())
            .withVcpus(domain.vcpus())
            .withMemory(MemoryConfig.ORDINARY.withDirectMapped(domain.directMapped()))
            .with(GrantLimits.class, new GrantLimits(grants.frames(), grants.maptrack(), grants.version()));
    machine.createDomain(config);
  }

  private static void giveRam(Machine machine, DomainSetup setup) {
    Domain domain = machine.domain(setup.id());
    long mfn = setup.machineBase().orElseGet(() -> RamSlots.free(machine.world().memory(), setup.pages()));
    domain.ownRam(Area.RAM_START, setup.directMapped() ? Area.RAM_START : mfn, setup.pages());
    GrantDriver.install(domain, driver(setup));
  }

  private static DriverConfig driver(DomainSetup setup) {
    List<Region> regions = new ArrayList<>();
    for (long pages : setup.driver().regions()) {
      long first = Area.FREE.first() + regions.size() * DomainSetup.MOST_REGION_PAGES;
      regions.add(new Region(first << MachineMemory.PAGE_SHIFT, pages << MachineMemory.PAGE_SHIFT));
    }
    return new DriverConfig(
            true, ImmutableSet.of(), GuestMemory.TABLE, setup.driver().frames(), GuestMemory.STACK, ImmutableList.copyOf(regions),
            (Area.RAM.first() + setup.ram()) << MachineMemory.PAGE_SHIFT, setup.driver().heap())
        .withVersion(setup.driver().version());
  }

  /** Each vCPU runs the program of its only actor, or the threads of its several ones, in the order of the file. */
  private void startPrograms(Machine machine) throws UnplayableScenarioException {
    Map<Vcpu, List<Routine>> threads = new LinkedHashMap<>();
    for (Scenario.Program program : scenario.programs()) {
      if (program.actor().isEmpty() || program.steps().isEmpty()) {
        continue;
      }
      int slot = plan.slot(program.actor().get());
      if (slot >= GuestMemory.MOST_ACTORS) {
        throw new UnplayableScenarioException("more than " + GuestMemory.MOST_ACTORS + " programs of domain " + program.actor().get().domain());
      }
      Domain domain = machine.domain(scenario.domain(program.actor().get().domain()).id());
      Routine code = new Program(plan, slot, program.steps().stream().mapToInt(Integer::intValue).toArray());
      threads.computeIfAbsent(domain.vcpu(program.actor().get().vcpu()), any -> new ArrayList<>()).add(code);
    }
    threads.forEach((vcpu, code) -> machine.start(vcpu, code.size() == 1 ? code.get(0) : new Threads(code.toArray(Routine[]::new))));
  }
}
