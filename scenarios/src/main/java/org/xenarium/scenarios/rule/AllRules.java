package org.xenarium.scenarios.rule;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.xenarium.emulator.domain.ToolstackRule;
import org.xenarium.emulator.evtchn.EventRule;
import org.xenarium.emulator.hypercall.HypercallRule;
import org.xenarium.emulator.memoryop.MemoryRule;
import org.xenarium.emulator.schedop.SchedRule;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.versionop.VersionRule;
import org.xenarium.gnttab.driver.DriverRule;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.rule.TableRule;

/** Every rule that there is. */
public final class AllRules {
  private AllRules() {}

  /** All rules, always in the same order: part by part, and within a part as it lists them. */
  public static List<Rule> inOrder() {
    return Stream.<Rule[]>of(
            HypercallRule.values(),
            ToolstackRule.values(),
            GrantRule.values(),
            TableRule.values(),
            MemoryRule.values(),
            EventRule.values(),
            SchedRule.values(),
            VersionRule.values(),
            DriverRule.values())
        .flatMap(Arrays::stream)
        .toList();
  }
}
