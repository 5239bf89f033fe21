package org.xenarium.scenarios.property;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Trial;
import org.xenarium.scenarios.claim.Properties;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.Scribe;
import org.xenarium.scenarios.vocabulary.Setting;

/** What is to hold in a setting, with which drivers. It changes nothing: each method gives a new one. */
public final class Check {
  private final Setting setting;
  private final ImmutableList<Property> properties;
  private final @Nullable Supplier<? extends GuestDriver> driver;
  private final IntPredicate hasDriver;

  private Check(Setting setting, List<Property> properties, @Nullable Supplier<? extends GuestDriver> driver, IntPredicate hasDriver) {
    this.setting = setting;
    this.properties = ImmutableList.copyOf(properties);
    this.driver = driver;
    this.hasDriver = hasDriver;
  }

  static Check in(Setting setting) {
    return new Check(setting, all(), null, domid -> false);
  }

  /** All of Xenarium's own properties, of hypervisor and drivers. */
  private static ImmutableList<Property> all() {
    return ImmutableList.<Property>builder().addAll(Properties.all()).add(DriverPromises.KEPT).build();
  }

  /** All domains have this driver instead of Xenarium's. */
  public Check withDriver(Supplier<? extends GuestDriver> own) {
    return withDriver(domid -> true, own);
  }

  /** That domain, of 1 to 3, has this driver, the others have Xenarium's. */
  public Check withDriver(int domid, Supplier<? extends GuestDriver> own) {
    return withDriver(id -> id == domid, own);
  }

  private Check withDriver(IntPredicate who, Supplier<? extends GuestDriver> own) {
    return new Check(setting, properties, own, who);
  }

  /** These properties and no others; without any, Xenarium's own ones. */
  public Check that(Property... chosen) {
    return new Check(setting, chosen.length == 0 ? all() : List.of(chosen), driver, hasDriver);
  }

  /** These properties, too. */
  public Check andThat(Property... more) {
    return new Check(setting, ImmutableList.<Property>builder().addAll(properties).add(more).build(), driver, hasDriver);
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
    Optional<Counterexample> found = counterexample(moves);
    if (found.isPresent() && inProgress.isOfInterest(found.get().finding())) {
      throw new AssertionError(inProgress.keep(found.get()));
    }
  }

  /** What does not hold when these moves are made; empty when all holds. */
  public Optional<Counterexample> counterexample(List<Move> moves) {
    Run run = Run.of(setting);
    Scribe scribe = new Scribe(setting, run.stage().actors());
    Transcript transcript = new Transcript(run.stage(), scribe);
    installDriver(run, scribe, transcript);
    return play(run, moves, scribe).map(finding -> Counterexample.of(finding, setting, moves, scribe, transcript.panics()));
  }

  private Optional<Finding> play(Run run, List<Move> moves, Scribe scribe) {
    try {
      return Trial.play(run, moves, Properties.together(properties), scribe);
    } catch (DriverBrokenException e) {
      return Optional.of(new Finding("driver", "code", String.valueOf(e.getMessage())));
    }
  }

  private void installDriver(Run run, Scribe scribe, DriverWatcher watcher) {
    for (DomainSetup domain : setting.scenario().domains()) {
      if (driver != null && hasDriver.test(domain.id())) {
        OwnDriver.install(run.stage().machine().domain(domain.id()), driver, watcher);
        scribe.leaveOutDriver(domain.id());
      }
    }
  }
}
