package org.xenarium.scenarios.report;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.xenarium.emulator.trace.Rule;

/** Rule coverage for people: what was never reached comes first. */
public final class CoverageText {
  private final RuleCoverage coverage;
  private final PrintWriter out;

  /** Prints {@code coverage} to {@code out}. */
  public CoverageText(RuleCoverage coverage, PrintWriter out) {
    this.coverage = coverage;
    this.out = out;
  }

  /** The rules that were never reached, those that cannot be, how often the others decided, and the totals of each operation. */
  public void print() {
    printMissed();
    heading("cannot be reached", coverage.unreachable());
    for (Rule rule : coverage.unreachable()) {
      out.println("            " + line(rule));
      out.println(" ".repeat(25) + rule.unreachable());
    }
    heading("reached", coverage.reached());
    coverage.reached().forEach(rule -> out.println(text("%10d  %s", coverage.count(rule), line(rule))));
    out.println("operations");
    coverage.byOperation().forEach(this::printOperation);
  }

  /** Only the rules that were never reached. */
  public void printMissed() {
    heading("not reached", coverage.missed());
    coverage.missed().forEach(rule -> out.println("            " + line(rule)));
  }

  /** How many of the rules that can be reached were. */
  public String total() {
    return ofReachable(coverage.rules());
  }

  private void heading(String what, List<Rule> rules) {
    out.println(what + ": " + rules(rules.size()));
  }

  private void printOperation(String operation, List<Rule> rules) {
    String results =
        results(rules).entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue()).collect(Collectors.joining(", "));
    out.println(text("  %-24s  %-15s  %s", operation, ofReachable(rules), results).stripTrailing());
  }

  /** How often each result was decided on, in the order of the rules. */
  private Map<String, Long> results(List<Rule> rules) {
    Map<String, Long> results = new LinkedHashMap<>();
    for (Rule rule : rules) {
      if (coverage.count(rule) > 0) {
        results.merge(RuleResult.of(rule.facts()), coverage.count(rule), Long::sum);
      }
    }
    return results;
  }

  private String ofReachable(List<Rule> rules) {
    long reached = rules.stream().filter(rule -> coverage.count(rule) > 0).count();
    long reachable = rules.stream().filter(rule -> coverage.count(rule) > 0 || rule.unreachable() == null).count();
    return reached + " of " + rules(reachable);
  }

  private static String rules(long number) {
    return number + (number == 1 ? " rule" : " rules");
  }

  private static String line(Rule rule) {
    Rule.Facts facts = rule.facts();
    return text("%-11s  %s: %s (%s)", rule.id(), facts.operation(), facts.when(), facts.section());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
