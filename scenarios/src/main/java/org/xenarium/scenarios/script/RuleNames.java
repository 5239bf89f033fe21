package org.xenarium.scenarios.script;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.stream.Stream;
import org.xenarium.emulator.evtchn.EventRule;
import org.xenarium.emulator.hypercall.HypercallRule;
import org.xenarium.emulator.memoryop.MemoryRule;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.versionop.VersionRule;
import org.xenarium.gnttab.rule.GrantRule;

/** The names of all rules that can decide something. */
final class RuleNames {
  private static final ImmutableList<String> ALL =
      Stream.<Rule[]>of(GrantRule.values(), MemoryRule.values(), EventRule.values(), HypercallRule.values(), VersionRule.values())
          .flatMap(Stream::of)
          .map(Rule::id)
          .collect(ImmutableList.toImmutableList());

  private RuleNames() {}

  static List<String> all() {
    return ALL;
  }
}
