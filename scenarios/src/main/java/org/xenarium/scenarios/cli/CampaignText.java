package org.xenarium.scenarios.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.scenarios.campaign.Campaign;
import org.xenarium.scenarios.campaign.CampaignOptions;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Violated;
import org.xenarium.scenarios.campaign.Statements;

/** What {@code check} and {@code merge} say in the same words. */
final class CampaignText {
  private CampaignText() {}

  /**
   * What determines a campaign, in two lines.
   *
   * @param part which part of it is spoken of, such as {@code shard 1/4}
   */
  static List<String> beginning(CampaignOptions options, String part) {
    Semantics xen = options.semantics();
    String determined = String.format(Locale.ROOT, "seed %d, %s, Xen %s %s %s, driver %s, %d moves a run, %s", options.seed(), Campaign.VERSION,
        xen.release(), lower(xen.profile()), lower(xen.policy()), options.driver(), options.moves(), part);
    return List.of(determined, "properties: " + (options.properties().isEmpty() ? "none" : String.join(", ", options.properties())));
  }

  /** What is violated, and below it the sentence that does not hold. */
  static List<String> violation(Violated violated) {
    Finding finding = violated.finding();
    List<String> lines = new ArrayList<>(List.of("run " + violated.run() + ": " + finding.property() + ": " + message(finding)));
    String statement = Statements.of(finding.what());
    if (!statement.isEmpty()) {
      lines.add("  " + finding.what() + ": " + statement);
    }
    return lines;
  }

  /** What was found, without the sentence that does not hold. */
  static String message(Finding finding) {
    String statement = " (" + Statements.of(finding.what()) + ")";
    String message = finding.message();
    return message.endsWith(statement) ? message.substring(0, message.length() - statement.length()) : message;
  }

  /** The words of a command that plays a shard of the campaign. */
  static Object[] playing(CampaignOptions options, int shard) {
    Semantics xen = options.semantics();
    List<Object> words = new ArrayList<>(List.of("check"));
    if (!options.properties().equals(PropertyNames.of(List.of()))) {
      words.addAll(List.of("--property", options.properties().isEmpty() ? "none" : String.join(",", options.properties())));
    }
    if (options.isOpenEnded()) {
      words.addAll(List.of("--time", "TIME"));
    } else {
      words.addAll(List.of("--runs", options.runs()));
    }
    words.addAll(List.of("--moves", options.moves(), "--seed", options.seed(), "--shard", shard + "/" + options.shards(), "--driver", options.driver(),
        "--release", xen.release(), "--profile", lower(xen.profile()), "--xsm", lower(xen.policy()), "--max-violations", options.maxViolations()));
    return words.toArray();
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
