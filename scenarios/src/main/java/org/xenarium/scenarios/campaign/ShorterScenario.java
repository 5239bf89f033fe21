package org.xenarium.scenarios.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.driver.NoSuchCallException;
import org.xenarium.scenarios.play.Failure;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.play.UnplayableScenarioException;
import org.xenarium.scenarios.play.Watcher;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Place;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioException;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.ScenarioWriter;
import org.xenarium.scenarios.script.Step;
import org.xenarium.scenarios.script.Value;
import org.xenarium.scenarios.script.Watched;

/**
 * Makes a scenario that fails shorter in ways that moves cannot be, as a reader would do it by hand: leaves out steps, elements of batches,
 * expectations and what is said of domains, and writes plain numbers for what earlier steps gave back. Each by itself, as long as the same is
 * violated; what is left needs all that it has.
 *
 * <p>Where it is about guests, a shorter scenario is taken only if it passes with the driver that keeps its promises: else it might fail because
 * the guest has stopped using its driver as it must.
 */
final class ShorterScenario {
  private final String violated;
  private final boolean isOfGuests;
  private Scenario best;

  private ShorterScenario(Scenario scenario, String violated) {
    best = scenario;
    this.violated = violated;
    isOfGuests = scenario.invariants().stream().anyMatch(Watched::isOfGuests);
  }

  /** A scenario that shows the same; the same scenario if it shows nothing that it watches for itself. */
  static Scenario of(Scenario scenario) {
    Optional<Failure> failure = readAgain(scenario).flatMap(ShorterScenario::failure);
    if (failure.isEmpty() || scenario.invariants().stream().noneMatch(watched -> watched.number().equals(failure.get().field()))) {
      return scenario;
    }
    ShorterScenario shorter = new ShorterScenario(scenario, failure.get().field());
    if (shorter.isOfGuests && !shorter.passesWithPromises(scenario)) {
      return scenario;
    }
    boolean any = true;
    while (any) {
      any = shorter.fewerSteps() | shorter.fewerElements() | shorter.plainerSteps() | shorter.plainerDomains();
    }
    return shorter.best;
  }

  /** As a file of it is read; empty where something needs what is not there any more. */
  private static Optional<Scenario> readAgain(Scenario scenario) {
    try {
      return Optional.of(ScenarioReader.read("shorter", ScenarioWriter.write(scenario)));
    } catch (ScenarioException e) {
      return Optional.empty();
    }
  }

  private static Optional<Failure> failure(Scenario scenario) {
    try {
      return Player.play(scenario, Watcher.NONE).failure();
    } catch (UnplayableScenarioException | NotEmulatedException | NoSuchCallException e) {
      return Optional.of(new Failure(-1, Place.NOWHERE, "", "playable", "", "", List.of(), List.of()));
    }
  }

  private boolean accept(Scenario shorter) {
    Optional<Scenario> read = readAgain(shorter);
    boolean fails = read.flatMap(ShorterScenario::failure).filter(failure -> failure.field().equals(violated)).isPresent();
    if (!fails || isOfGuests && !passesWithPromises(read.get())) {
      return false;
    }
    best = read.get();
    return true;
  }

  private boolean passesWithPromises(Scenario scenario) {
    List<DomainSetup> kept = new ArrayList<>();
    for (DomainSetup domain : scenario.domains()) {
      DomainSetup.Driver driver = domain.driver();
      kept.add(domain.withDriver(
          new DomainSetup.Driver(DriverVersion.CONTRACT, driver.frames(), driver.regions(), driver.placed(), driver.heap())));
    }
    return readAgain(scenario.with(scenario.machine().pages(), kept)).filter(promising -> failure(promising).isEmpty()).isPresent();
  }

  private boolean fewerSteps() {
    boolean any = false;
    for (int i = best.steps().size() - 1; i >= 0; i--) {
      List<Step> rest = new ArrayList<>(best.steps());
      rest.remove(i);
      any |= !rest.isEmpty() && accept(best.doing(rest));
    }
    return any;
  }

  private boolean fewerElements() {
    boolean any = false;
    for (int i = 0; i < best.steps().size(); i++) {
      for (int element = best.steps().get(i).elements().size() - 1; element >= 0; element--) {
        List<List<Value>> rest = new ArrayList<>(best.steps().get(i).elements());
        rest.remove(element);
        any |= !rest.isEmpty() && replace(i, best.steps().get(i).with(rest));
      }
    }
    return any;
  }

  private boolean plainerSteps() {
    boolean any = false;
    for (int i = 0; i < best.steps().size(); i++) {
      any |= !best.steps().get(i).expectations().isEmpty() && replace(i, best.steps().get(i).expectingNothing());
      for (int element = 0; element < best.steps().get(i).elements().size(); element++) {
        any |= plainerValues(i, element);
      }
    }
    return any;
  }

  private boolean plainerValues(int step, int element) {
    boolean any = false;
    for (int field = 0; field < best.steps().get(step).elements().get(element).size(); field++) {
      if (best.steps().get(step).elements().get(element).get(field) instanceof Value.Result) {
        for (Value plain : List.of(new Value.Page("", "", Area.FREE, 0, false), Value.Number.of(0))) {
          List<List<Value>> elements = new ArrayList<>(best.steps().get(step).elements());
          List<Value> values = new ArrayList<>(elements.get(element));
          values.set(field, plain);
          elements.set(element, values);
          if (replace(step, best.steps().get(step).with(elements))) {
            any = true;
            break;
          }
        }
      }
    }
    return any;
  }

  private boolean replace(int index, Step instead) {
    List<Step> steps = new ArrayList<>(best.steps());
    steps.set(index, instead);
    return accept(best.doing(steps));
  }

  private boolean plainerDomains() {
    boolean any = fewerDomains();
    for (int i = 0; i < best.domains().size(); i++) {
      DomainSetup.Driver version = new DomainSetup.Driver(best.domains().get(i).driver().version(), 1, DomainSetup.Driver.PRESET.regions(), false, 0);
      any |= plainer(i, domain -> !domain.driver().equals(version), best.domains().get(i).withDriver(version));
      any |= plainer(i, domain -> domain.vcpus() > 1, best.domains().get(i).withVcpus(1));
      any |= plainer(i, DomainSetup::privileged, best.domains().get(i).withPrivilege(false));
    }
    return any;
  }

  private boolean fewerDomains() {
    boolean any = false;
    for (int i = best.domains().size() - 1; i >= 0; i--) {
      List<DomainSetup> rest = new ArrayList<>(best.domains());
      rest.remove(i);
      any |= !rest.isEmpty() && accept(best.with(best.machine().pages(), rest));
    }
    return any;
  }

  private boolean plainer(int index, Predicate<DomainSetup> isNotYet, DomainSetup plain) {
    List<DomainSetup> domains = new ArrayList<>(best.domains());
    boolean other = isNotYet.test(domains.set(index, plain));
    return other && accept(best.with(best.machine().pages(), domains));
  }
}
