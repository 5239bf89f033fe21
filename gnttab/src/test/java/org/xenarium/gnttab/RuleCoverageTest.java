package org.xenarium.gnttab;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.kit.Expected;
import org.xenarium.gnttab.rule.GrantRule;

/**
 * Every rule is demanded, together with its result, by some directed test: this runs them all once more and notes what they expect. Rules
 * that no guest can reach are listed here with the reason.
 */
class RuleCoverageTest {
  private static final List<String> DIRECTED =
      List.of(
          "FaultsTest",
          "SingleStructFaultsTest",
          "op.CacheFlushTest",
          "op.ClaimTest",
          "op.CopyTest",
          "op.DispatchTest",
          "op.MapTest",
          "op.SwapTest",
          "op.TableOpsTest",
          "op.UnmapTest",
          "op.Version2Test",
          "op.VersionTest",
          "race.RacesWithStoresTest");

  private static final String STOPPED = "the vCPUs of a dying domain have stopped, and nobody else maps or unmaps for it (I68)";

  private static final Map<GrantRule, String> UNREACHABLE =
      Map.of(
          GrantRule.MAP_11, "a pinned page has an owner and references as long as it is pinned (I7)",
          GrantRule.MAP_13B, STOPPED,
          GrantRule.SETVER_09B, "a frame lies where it is remembered to lie, so it can be removed from there (I38)",
          GrantRule.UNMAP_05, "a table of version 1 has no fewer entries than when the handle was made (I53)",
          GrantRule.UNMAP_08D, STOPPED);

  @Test
  void every_rule_that_can_be_reached_is_demanded_by_a_directed_test() throws Exception {
    Expected.drain();
    for (String name : DIRECTED) {
      runTestsOf(Class.forName("org.xenarium.gnttab." + name));
    }
    Set<GrantRule> demanded = Expected.drain();
    Set<GrantRule> missing = EnumSet.complementOf(EnumSet.copyOf(demanded));
    missing.removeAll(UNREACHABLE.keySet());
    assertThat(missing).as("rules that no directed test demands").isEmpty();
    assertThat(demanded).as("rules said to be unreachable").doesNotContainAnyElementsOf(UNREACHABLE.keySet());
  }

  private static void runTestsOf(Class<?> type) throws Exception {
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    for (Method method : type.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class) && !method.isAnnotationPresent(Disabled.class)) {
        Object instance = constructor.newInstance();
        for (Method before : type.getDeclaredMethods()) {
          if (before.isAnnotationPresent(BeforeEach.class)) {
            before.setAccessible(true);
            before.invoke(instance);
          }
        }
        method.setAccessible(true);
        method.invoke(instance);
      }
    }
  }
}
