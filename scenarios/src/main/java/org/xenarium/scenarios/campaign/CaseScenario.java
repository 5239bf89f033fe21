package org.xenarium.scenarios.campaign;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.gnttab.driver.GuestInvariant;
import org.xenarium.scenarios.script.CallProperty;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Step;
import org.xenarium.scenarios.script.Watched;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.Scribe;
import org.xenarium.scenarios.vocabulary.Setting;

/**
 * A case in which something does not hold, as a scenario that shows it: its steps end where the violation comes, and it watches for what does
 * not hold. A property of somebody's own cannot be watched for in a scenario; what it found is told in it.
 */
public final class CaseScenario {
  private CaseScenario() {}

  /**
   * The scenario of a case, as short as it can be made.
   *
   * @param finding what it is to show; what is told of it is what comes of the case itself, as numbers may differ from those of a larger one
   */
  public static Scenario of(Case found, Finding finding, Property property) {
    Scribe scribe = new Scribe(found.setting(), Run.of(found.setting()).stage().actors());
    Finding shown = Trial.play(found.setting(), found.moves(), List.of(property), scribe).filter(finding::isLike).orElse(finding);
    return ShorterScenario.of(of(found.setting(), shown, scribe));
  }

  /** The scenario of what was written down until something was found. */
  public static Scenario of(Setting setting, Finding finding, Scribe scribe) {
    Scenario bare = scribe.scenario(finding.what() + " is violated", finding.message().replaceAll("\\s+", " "));
    Watched watched = watched(finding);
    boolean leftOut = scribe.leavesOut() && watched.isOfGuests();
    if (leftOut || !watched.isKnown()) {
      return bare;
    }
    boolean panics = watched.number().equals(CallProperty.DRIVER_SURVIVES.id());
    Scenario shown = panics ? bare.endingWith(Step::thatReturns) : bare;
    return shown.watching(watched.isOfGuests() ? ofGuests(setting, watched) : List.of(watched));
  }

  private static Watched watched(Finding finding) {
    Watched watched = Watched.of(finding.what());
    return watched.isKnown() ? watched : Watched.of(finding.property());
  }

  /** It is about the guests that are held to it. */
  private static List<Watched> ofGuests(Setting setting, Watched watched) {
    CallProperty property = CallProperty.named(watched.number());
    List<Watched> guests = new ArrayList<>();
    for (DomainSetup domain : setting.scenario().domains()) {
      boolean held = property == null
          ? setting.isHeldTo(domain.id(), GuestInvariant.valueOf(watched.number()))
          : setting.mannerOf(domain.id()).keeps(property);
      if (held) {
        guests.add(new Watched(domain.name(), watched.number()));
      }
    }
    return guests;
  }
}
