package org.xenarium.gnttab;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.kit.Expected;
import org.xenarium.gnttab.rule.GrantRule;

/**
 * Every rule is demanded, together with its result, by some directed test: this runs them all once more and notes what they expect. Rules
 * that no guest can reach say so themselves.
 */
class RuleCoverageTest {
  private static final List<String> DIRECTED =
      List.of(
          "FaultsTest",
          "SingleStructFaultsTest",
          "life.DyingGranterTest",
          "op.CacheFlushTest",
          "op.ClaimTest",
          "op.CopyTest",
          "op.DispatchTest",
          "op.MapTest",
          "op.ReleasesTest",
          "op.ScarcityTest",
          "op.SwapTest",
          "op.TableOpsTest",
          "op.UnmapTest",
          "op.Version2Test",
          "op.VersionTest",
          "race.RacesWithStoresTest",
          "race.TransitiveRacesTest");

  @Test
  void every_rule_that_can_be_reached_is_demanded_by_a_directed_test() throws Exception {
    Expected.drain();
    for (String name : DIRECTED) {
      runTestsOf(Class.forName("org.xenarium.gnttab." + name));
    }
    Set<GrantRule> demanded = Expected.drain();
    Set<GrantRule> missing = EnumSet.complementOf(EnumSet.copyOf(demanded));
    missing.removeIf(rule -> rule.unreachable() != null);
    assertThat(missing).as("rules that no directed test demands").isEmpty();
    assertThat(demanded).as("rules said to be unreachable").allMatch(rule -> rule.unreachable() == null);
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
