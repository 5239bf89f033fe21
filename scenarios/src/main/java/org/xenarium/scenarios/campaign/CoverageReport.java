package org.xenarium.scenarios.campaign;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.scenarios.report.RuleResult;

/** What a campaign has reached, for people: what it has not comes first. */
public final class CoverageReport {
  private final Coverage coverage;
  private final PrintWriter out;

  /** Prints {@code coverage} to {@code out}. */
  public CoverageReport(Coverage coverage, PrintWriter out) {
    this.coverage = coverage;
    this.out = out;
  }

  /** All of it. */
  public void print() {
    rules();
    statuses();
    followers();
    counts();
  }

  /** One line for each kind of thing. */
  public void summary() {
    long reachable = Coverage.allRules().stream().filter(rule -> coverage.of(rule) > 0 || rule.unreachable() == null).count();
    line("%d of %d rules decided, %d pairs of rules one after the other", coverage.reached(), reachable, coverage.pairCount());
    List<String> never = coverage.counts().entrySet().stream().filter(one -> one.getValue() == 0).map(Map.Entry::getKey).sorted(Statements.ORDER).toList();
    if (!never.isEmpty()) {
      line("never happened:");
      never.forEach(name -> line("  %s", named(name)));
    }
    if (coverage.of(Trial.NOT_EMULATED) > 0) {
      line("%s: %d", Trial.NOT_EMULATED, coverage.of(Trial.NOT_EMULATED));
    }
  }

  private void rules() {
    line("Rules (times, rule, operation, condition), never decided first");
    Coverage.allRules().stream().filter(rule -> coverage.of(rule) == 0).forEach(this::rule);
    Coverage.allRules().stream().filter(rule -> coverage.of(rule) > 0).forEach(this::rule);
  }

  private void rule(Rule rule) {
    String remark = coverage.of(rule) == 0 && rule.unreachable() != null ? " (cannot be reached: " + rule.unreachable() + ")" : "";
    line("%12d  %-11s  %s: %s%s", coverage.of(rule), rule.id(), rule.facts().operation(), rule.facts().when(), remark);
  }

  private void statuses() {
    line("");
    line("Results of each operation, never given first");
    Map<String, Map<String, Long>> all = new LinkedHashMap<>();
    for (Rule rule : Coverage.allRules()) {
      all.computeIfAbsent(rule.facts().operation(), any -> new TreeMap<>()).merge(RuleResult.of(rule.facts()), coverage.of(rule), Long::sum);
    }
    all.forEach((operation, results) -> {
      StringBuilder text = new StringBuilder();
      results.forEach((result, times) -> text.append(times == 0 ? "  " + result + " 0" : ""));
      results.forEach((result, times) -> text.append(times > 0 ? "  " + result + " " + times : ""));
      line("  %-26s%s", operation, text);
    });
  }

  private void followers() {
    line("");
    line("Rules that decided right after another one (rules that followed, rules that did not although they decided elsewhere)");
    List<Rule> reached = Coverage.allRules().stream().filter(rule -> coverage.of(rule) > 0).toList();
    TreeMap<Long, StringBuilder> byCount = new TreeMap<>();
    for (Rule first : reached) {
      long followers = reached.stream().filter(second -> coverage.followed(first, second)).count();
      byCount.computeIfAbsent(followers, any -> new StringBuilder()).append(' ').append(first.id());
    }
    byCount.forEach((followers, rules) -> line("  %4d %4d %s", followers, reached.size() - followers, rules));
  }

  private void counts() {
    line("");
    line("Counted, what never happened first");
    coverage.counts().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey(Statements.ORDER)))
        .forEach(one -> line("%12d  %s", one.getValue(), named(one.getKey())));
  }

  /** A number alone says nothing to who does not know it. */
  private static String named(String name) {
    String statement = Statements.of(name);
    return statement.isEmpty() ? name : String.format(Locale.ROOT, "%-4s %s", name, statement);
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }
}
