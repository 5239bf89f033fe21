package org.xenarium.scenarios.campaign;

import java.util.List;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.Scribe;

/** A case in which something does not hold, as a scenario that shows it. */
public final class Counterexample {
  private Counterexample() {}

  /** The scenario of a case. Its steps end where the violation comes. */
  public static Scenario of(Case found, Finding finding, Property property) {
    Scribe scribe = new Scribe(found.setting(), Run.of(found.setting()).stage().actors());
    Trial.play(found.setting(), found.moves(), List.of(property), scribe);
    return scribe.scenario(finding.what() + " is violated", finding.message());
  }
}
