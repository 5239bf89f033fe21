package org.xenarium.scenarios.script;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.scenarios.rule.AllRules;

/** The names of all rules that can decide something. */
final class RuleNames {
  private static final ImmutableList<String> ALL = AllRules.inOrder().stream().map(Rule::id).collect(ImmutableList.toImmutableList());

  private RuleNames() {}

  static List<String> all() {
    return ALL;
  }
}
