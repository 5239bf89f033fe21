package org.xenarium.scenarios.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.scenarios.rule.AllRules;

/** Counts how often each rule decides, in as many machines as it is made to watch. */
public final class RuleCoverage implements Trace {
  private final Map<Rule, Long> counts = new LinkedHashMap<>();

  /** Nothing has been decided so far. */
  public RuleCoverage() {
    AllRules.inOrder().forEach(rule -> counts.put(rule, 0L));
  }

  @Override
  public void decided(int domid, int vcpu, long element, Rule rule) {
    counts.merge(rule, 1L, Long::sum);
  }

  /** How often that rule decided. */
  public long count(Rule rule) {
    return counts.getOrDefault(rule, 0L);
  }

  /** All rules, in their order. */
  List<Rule> rules() {
    return List.copyOf(counts.keySet());
  }

  /** Rules that decided at least once. */
  List<Rule> reached() {
    return rules().stream().filter(rule -> count(rule) > 0).toList();
  }

  /** Rules that never decided although something could make them. */
  List<Rule> missed() {
    return rules().stream().filter(rule -> count(rule) == 0 && rule.unreachable() == null).toList();
  }

  /** Rules that never decided, and nothing could have made them. */
  List<Rule> unreachable() {
    return rules().stream().filter(rule -> count(rule) == 0 && rule.unreachable() != null).toList();
  }

  /** The rules of each operation, operations in the order of their first rules. */
  Map<String, List<Rule>> byOperation() {
    Map<String, List<Rule>> operations = new LinkedHashMap<>();
    for (Rule rule : rules()) {
      operations.computeIfAbsent(rule.facts().operation(), name -> new ArrayList<>()).add(rule);
    }
    return operations;
  }
}
