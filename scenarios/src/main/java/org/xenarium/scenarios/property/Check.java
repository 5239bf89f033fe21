package org.xenarium.scenarios.property;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.scenarios.campaign.Case;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Minimiser;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Trial;
import org.xenarium.scenarios.claim.Properties;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.Scribe;
import org.xenarium.scenarios.vocabulary.Setting;

/** What is to hold in a setting, with which drivers. It changes nothing: each method gives a new one. */
public final class Check {
  /** Domains that settings are drawn with have domids from 1 to this. */
  private static final int LAST_DOMID = 3;

  /** Under which it is told that a driver's own code fails. */
  private static final String DRIVER_CODE = "driver-code";

  /** How many cases are tried at most to make one smaller. */
  private static final int ATTEMPTS = 5_000;

  private final Setting setting;
  private final ImmutableList<Property> properties;

  /** Those given last first. */
  private final ImmutableList<Given> drivers;

  /**
   * A driver that some domains have.
   *
   * @param who their domids
   */
  private record Given(IntPredicate who, Supplier<? extends GuestDriver> driver) {}

  private Check(Setting setting, List<Property> properties, List<Given> drivers) {
    this.setting = setting;
    this.properties = ImmutableList.copyOf(properties);
    this.drivers = ImmutableList.copyOf(drivers);
  }

  static Check in(Setting setting) {
    return new Check(setting, all(), List.of());
  }

  /** All of Xenarium's own properties, of hypervisor and drivers. */
  private static ImmutableList<Property> all() {
    return ImmutableList.<Property>builder().addAll(Properties.all()).add(DriverPromises.KEPT).build();
  }

  /**
   * All domains have this driver instead of Xenarium's, also those that are created later.
   *
   * @param own makes a new driver each time
   * @throws DriverBrokenException if it makes none, or one whose copy is not of its class
   */
  public Check withDriver(Supplier<? extends GuestDriver> own) {
    return withDriver(domid -> true, own);
  }

  /**
   * Domains of that id have this driver; the others have Xenarium's, or that which they were given before. A drawn setting need not have the
   * domain.
   *
   * @param domid 1 to 3, or that of a domain of a setting of your own
   * @param own makes a new driver each time
   * @throws IllegalArgumentException if there can be no such domain
   * @throws DriverBrokenException if it makes none, or one whose copy is not of its class
   */
  public Check withDriver(int domid, Supplier<? extends GuestDriver> own) {
    boolean drawn = domid >= 1 && domid <= LAST_DOMID;
    if (!drawn && setting.scenario().domains().stream().noneMatch(domain -> domain.id() == domid)) {
      throw new IllegalArgumentException("there is never a domain " + domid + "; those of settings are 1 to " + LAST_DOMID);
    }
    return withDriver(id -> id == domid, own);
  }

  private Check withDriver(IntPredicate who, Supplier<? extends GuestDriver> own) {
    OwnDriver.made(own);
    return new Check(setting, properties, ImmutableList.<Given>builder().add(new Given(who, own)).addAll(drivers).build());
  }

  /** These properties and no others; without any, Xenarium's own ones. */
  public Check that(Property... chosen) {
    return new Check(setting, chosen.length == 0 ? all() : List.of(chosen), drivers);
  }

  /** These properties, too. */
  public Check andThat(Property... more) {
    return new Check(setting, ImmutableList.<Property>builder().addAll(properties).add(more).build(), drivers);
  }

  /**
   * Plays moves and sees that the properties hold.
   *
   * @throws AssertionError with what was found and the moves as a scenario. The smallest one of a jqwik property is saved under {@code
   *     target/xenarium}, under the property's name
   */
  public void holdsFor(List<Move> moves) {
    PropertyRun inProgress = PropertyRun.current();
    inProgress.begin();
    Optional<Counterexample> found = counterexample(Casting.of(setting, moves), inProgress.evidence());
    if (found.isPresent() && inProgress.isOfInterest(found.get().finding())) {
      throw failure(inProgress.keep(inProgress.isReduced() ? found.get() : smaller(found.get(), inProgress)));
    }
  }

  /** What leads to this place inside of the test engine says nothing, and is long. */
  private static AssertionError failure(String message) {
    AssertionError failure = new AssertionError(message);
    failure.setStackTrace(Arrays.stream(failure.getStackTrace())
        .takeWhile(frame -> !frame.getClassName().contains(".reflect."))
        .toArray(StackTraceElement[]::new));
    return failure;
  }

  /** As {@link Minimiser} makes it smaller; the setting stays as it was asked for. */
  private Counterexample smaller(Counterexample found, PropertyRun inProgress) {
    Finding finding = found.finding();
    List<Property> breaking = properties.stream().filter(property -> property.name().equals(finding.property())).toList();
    List<Property> looked = breaking.isEmpty() ? properties : breaking;
    Case least = Minimiser.minimise(new Case(setting, found.moves()), smaller -> inProgress.allows(setting, smaller.setting())
        && new Check(smaller.setting(), looked, drivers).finds(finding, smaller.moves()), ATTEMPTS);
    return new Check(least.setting(), properties, drivers).counterexample(least.moves(), new Evidence())
        .filter(smaller -> smaller.finding().isLike(finding)).orElse(found);
  }

  /** A property may not be able to look at a plainer machine than those that were asked for. */
  private boolean finds(Finding finding, List<Move> moves) {
    try {
      return counterexample(moves, new Evidence()).filter(found -> found.finding().isLike(finding)).isPresent();
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** What does not hold when these moves are made; empty when all holds. */
  public Optional<Counterexample> counterexample(List<Move> moves) {
    return counterexample(Casting.of(setting, moves), new Evidence());
  }

  /** As {@link #counterexample(List)}; what was put to the test is counted. */
  Optional<Counterexample> counterexample(List<Move> moves, Evidence evidence) {
    Run run = Run.of(setting);
    Machine machine = run.stage().machine();
    Scribe scribe = new Scribe(setting, run.stage().actors());
    Transcript transcript = new Transcript(run.stage(), scribe);
    machine.world().domains().forEach(domain -> giveDriver(domain, transcript));
    run.stage().whenCreated(domain -> giveDriver(domain, transcript));
    scribe.leaveOutDrivers(domid -> OwnDriver.isIn(machine.world().domain(domid)));
    return play(run, moves, scribe, evidence).map(finding -> Counterexample.of(finding, setting, moves, scribe, transcript.panics()));
  }

  private Optional<Finding> play(Run run, List<Move> moves, Scribe scribe, Evidence evidence) {
    try {
      return Trial.play(run, moves, Properties.together(properties), evidence, scribe, evidence.of(run, moves.size(), !drivers.isEmpty()));
    } catch (DriverBrokenException e) {
      return Optional.of(new Finding(DRIVER_CODE, DRIVER_CODE, String.valueOf(e.getMessage())));
    }
  }

  private void giveDriver(Domain domain, DriverWatcher watcher) {
    drivers.stream().filter(given -> given.who().test(domain.id())).findFirst()
        .ifPresent(given -> OwnDriver.install(domain, given.driver(), watcher));
  }
}
