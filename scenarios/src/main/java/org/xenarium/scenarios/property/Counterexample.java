package org.xenarium.scenarios.property;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.xenarium.scenarios.campaign.CaseScenario;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.script.Actor;
import org.xenarium.scenarios.script.DomainSetup;
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
    Scenario scenario = titled(CaseScenario.of(setting, finding, scribe), finding, scribe.leavesOut());
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

  /** A file that does not watch for the finding passes: its title must not say that something is violated. */
  private static Scenario titled(Scenario scenario, Finding finding, boolean ownDriver) {
    boolean named = finding.what().equals(finding.property()) || finding.what().matches("[GI]\\d+");
    String broken = named ? finding.what() : finding.property() + " (" + finding.what() + ")";
    String title = "what broke " + broken + (ownDriver ? ", with the guest's own driver written out" : "");
    return scenario.titled(scenario.invariants().isEmpty() ? title : broken + " is violated");
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
      text.append("# moves, each with who makes it and the numbers that it drew; those that are missing are 0:\n");
      moves.forEach(move -> text.append("#   ").append(line(move)).append('\n'));
    }
    return text.toString();
  }

  private String line(Move move) {
    StringJoiner numbers = new StringJoiner(" ");
    int count = move.size();
    while (count > 0 && move.number(count - 1) == 0) {
      count--;
    }
    for (int i = 0; i < count; i++) {
      numbers.add(String.valueOf(move.number(i)));
    }
    return actor(move.actor()) + ": " + move.verb().name() + (count == 0 ? "" : " " + numbers);
  }

  private String actor(int index) {
    int left = index;
    for (DomainSetup domain : scenario.domains()) {
      if (left < domain.vcpus()) {
        return new Actor(domain.name(), left, "").toString();
      }
      left -= domain.vcpus();
    }
    return "toolstack";
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s%n%n%s", finding, yaml());
  }
}
