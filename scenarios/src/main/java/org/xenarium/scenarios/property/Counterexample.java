package org.xenarium.scenarios.property;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Locale;
import org.xenarium.scenarios.campaign.CaseScenario;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioWriter;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Scribe;
import org.xenarium.scenarios.vocabulary.Setting;

/**
 * Moves after which something does not hold, and the scenario that they make.
 *
 * @param finding what does not hold
 * @param scenario what was done until then. The calls of a guest's own driver are written out: what they stored and which hypercalls they made
 * @param moves as they were made
 * @param remarks for people, each a line
 */
public record Counterexample(Finding finding, Scenario scenario, ImmutableList<Move> moves, ImmutableList<String> remarks) {
  /** What is said of files of which {@link #isWatchedFor} is false. */
  static final String NOT_WATCHED_FOR = "it plays what was done; the finding itself is not watched for";

  /**
   * A counterexample.
   *
   * @param scribe has written down what was done
   * @param panics what drivers said when they panicked
   */
  static Counterexample of(Finding finding, Setting setting, List<Move> moves, Scribe scribe, List<String> panics) {
    Scenario scenario = CaseScenario.of(setting, finding, scribe);
    ImmutableList.Builder<String> remarks = ImmutableList.builder();
    remarks.addAll(panics);
    if (scenario.invariants().isEmpty()) {
      remarks.add(NOT_WATCHED_FOR);
    }
    if (scribe.leavesOut()) {
      remarks.add("the calls of the guest's own driver are written out: their stores, compare-and-swaps and hypercalls");
      if (setting.interleaves()) {
        remarks.add("hypercalls in them that were interrupted are written as if they had not been");
      }
    }
    return new Counterexample(finding, scenario, ImmutableList.copyOf(moves), remarks.build());
  }

  /** Whether its scenario watches for what does not hold, so that it fails when it is played. */
  public boolean isWatchedFor() {
    return !scenario.invariants().isEmpty();
  }

  /** How many steps its scenario has. */
  public int size() {
    return scenario.steps().size();
  }

  /** The scenario as a file: YAML, with the remarks and the moves in comments. */
  public String yaml() {
    StringBuilder text = new StringBuilder(ScenarioWriter.write(scenario));
    remarks.forEach(remark -> text.append("# ").append(remark.replace('\n', ' ')).append('\n'));
    if (!remarks.isEmpty()) {
      text.append("# moves:\n");
      moves.forEach(move -> text.append("#   ").append(move).append('\n'));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s%n%n%s", finding, yaml());
  }
}
