package org.xenarium.scenarios.campaign;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Watched;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.Scribe;
import org.xenarium.scenarios.vocabulary.Setting;

/**
 * A case in which something does not hold, as a scenario that shows it: its steps end where the violation comes, and it watches for what does
 * not hold. Properties that are no invariants cannot be watched for in a scenario; what they found is told in it.
 */
public final class Counterexample {
  private Counterexample() {}

  /**
   * The scenario of a case.
   *
   * @param finding what it is to show; what is told of it is what comes of the case itself, as numbers may differ from those of a larger one
   */
  public static Scenario of(Case found, Finding finding, Property property) {
    Scribe scribe = new Scribe(found.setting(), Run.of(found.setting()).stage().actors());
    Finding shown = Trial.play(found.setting(), found.moves(), List.of(property), scribe).filter(finding::isLike).orElse(finding);
    return of(found.setting(), shown, scribe);
  }

  /** The scenario of what was written down until something was found. */
  public static Scenario of(Setting setting, Finding finding, Scribe scribe) {
    Scenario bare = scribe.scenario(finding.what() + " is violated", finding.message().replaceAll("\\s+", " "));
    return scribe.leavesOut() && Watched.of(finding.what()).isOfGuests() ? bare : bare.watching(watched(setting, finding));
  }

  private static List<Watched> watched(Setting setting, Finding finding) {
    Watched watched = Watched.of(finding.what());
    if (!watched.isKnown()) {
      return List.of();
    }
    if (!watched.isOfGuests()) {
      return List.of(watched);
    }
    List<Watched> guests = new ArrayList<>();
    List<DomainSetup> domains = setting.scenario().domains();
    for (int i = 0; i < domains.size(); i++) {
      if (setting.manners().get(i) == Manner.DRIVER) {
        guests.add(new Watched(domains.get(i).name(), watched.number()));
      }
    }
    return guests;
  }
}
