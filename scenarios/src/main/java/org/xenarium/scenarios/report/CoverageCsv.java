package org.xenarium.scenarios.report;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenarium.emulator.trace.Rule;

/** Rule coverage as comma-separated values (RFC 4180, but lines end as everywhere else): one line for each rule, in the order of the rules. */
public final class CoverageCsv {
  private CoverageCsv() {}

  /** Prints the heading and all rules. */
  public static void print(RuleCoverage coverage, PrintWriter out) {
    out.println("count,rule,operation,condition,result,section,unreachable");
    for (Rule rule : coverage.rules()) {
      Rule.Facts facts = rule.facts();
      Stream<String> cells =
          Stream.of(
              Long.toString(coverage.count(rule)),
              rule.id(),
              facts.operation(),
              facts.when(),
              RuleResult.of(facts),
              facts.section(),
              Objects.requireNonNullElse(rule.unreachable(), ""));
      out.println(cells.map(CoverageCsv::cell).collect(Collectors.joining(",")));
    }
  }

  private static String cell(String text) {
    return text.contains(",") || text.contains("\"") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
