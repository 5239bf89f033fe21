package org.xenarium.scenarios.play;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.xenarium.emulator.CostModel;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Creation;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.guest.Threads;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.Gnttab;
import org.xenarium.gnttab.table.GrantOptions;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.MachineSetup;
import org.xenarium.scenarios.script.Scenario;

/** Builds the machine that a scenario describes, with its programs ready to run. */
final class MachineBuilder {
  private final Scenario scenario;
  private final Plan plan;
  private final DomainBuilder domains;

  /** Names of the domains that were created while the machine runs. */
  private final List<String> later = new ArrayList<>();

  MachineBuilder(Scenario scenario, Plan plan) {
    this.scenario = scenario;
    this.plan = plan;
    domains = new DomainBuilder(scenario);
  }

  /** A machine at time 0 in which nothing has been done. */
  Machine build() throws UnplayableScenarioException {
    return build(new Notes(scenario.layout()));
  }

  /** As {@link #build()}, with a place of the caller's for results. */
  Machine build(Notes notes) throws UnplayableScenarioException {
    ArgumentRoom.check(plan);
    MachineSetup setup = scenario.machine();
    Machine machine =
        Machine.builder()
            .semantics(booted(setup.semantics()))
            .memory(MachineSetup.FIRST_MFN, setup.pages())
            .reach(setup.reach())
            .seed(setup.seed())
            .costs(new Costs(setup.hypervisorStep(), setup.guestStep(), setup.interrupt()))
            .module(new Gnttab())
            .build();
    machine.world().attach(notes);
    for (DomainSetup domain : scenario.domains()) {
      if (!domain.absent()) {
        created(machine, domain);
      }
    }
    giveRam(machine, present().filter(MachineBuilder::isPlaced));
    giveRam(machine, present().filter(domain -> !isPlaced(domain)));
    startPrograms(machine, name -> !scenario.domain(name).absent());
    return machine;
  }

  private void giveRam(Machine machine, Stream<DomainSetup> created) throws UnplayableScenarioException {
    try {
      created.forEach(domain -> domains.giveRam(machine, domain));
    } catch (IllegalArgumentException e) {
      throw new UnplayableScenarioException("the domains' RAM does not fit the machine's " + scenario.machine().pages() + " pages: " + e.getMessage());
    }
  }

  private Stream<DomainSetup> present() {
    return scenario.domains().stream().filter(domain -> !domain.absent());
  }

  private void created(Machine machine, DomainSetup domain) throws UnplayableScenarioException {
    Creation creation = domains.create(machine, domain);
    if (creation.domain() == null) {
      throw new UnplayableScenarioException("domain " + domain.name() + " cannot be created: " + StepText.rule(creation.rule()));
    }
  }

  /**
   * Creates a domain that was absent, with RAM and programs, while the machine runs; false when the hypervisor refuses to.
   *
   * @throws UnplayableScenarioException also if it was created before, as its programs cannot begin again
   */
  boolean createLater(Machine machine, DomainSetup domain) throws UnplayableScenarioException {
    if (later.contains(domain.name())) {
      throw new UnplayableScenarioException("domain " + domain.name() + " is created twice: a later domain of its id needs a name of its own");
    }
    if (domains.create(machine, domain).domain() == null) {
      return false;
    }
    later.add(domain.name());
    giveRam(machine, Stream.of(domain));
    startPrograms(machine, domain.name()::equals);
    return true;
  }

  private static boolean isPlaced(DomainSetup domain) {
    return domain.machineBase().isPresent() || domain.directMapped();
  }

  /** What a scenario says of virtual time. */
  private record Costs(long hypervisor, long guest, long interruptNanos) implements CostModel {
    @Override
    public long nanos(Vcpu vcpu) {
      return vcpu.call() != null || vcpu.atHypercall() ? hypervisor : guest;
    }
  }

  /** The host is booted with the highest version of grant tables that a domain is to have. */
  private Semantics booted(Semantics semantics) {
    GrantOptions options = GrantOptions.of(semantics);
    int highest = scenario.domains().stream().mapToInt(domain -> domain.grants().version()).max().orElse(options.maxVersion());
    return highest <= options.maxVersion() ? semantics : semantics.with(GrantOptions.class, options.withMaxVersion(highest));
  }

  /** Each vCPU runs the program of its only actor, or the threads of its several ones, in the order of the file. */
  private void startPrograms(Machine machine, Predicate<String> whose) throws UnplayableScenarioException {
    Map<Vcpu, List<Routine>> threads = new LinkedHashMap<>();
    for (Scenario.Program program : scenario.programs()) {
      if (program.actor().isEmpty() || program.steps().isEmpty() || !whose.test(program.actor().get().domain())) {
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
