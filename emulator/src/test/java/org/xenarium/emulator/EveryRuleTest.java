package org.xenarium.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.evtchn.EventChannelOpTest;
import org.xenarium.emulator.evtchn.EventRule;
import org.xenarium.emulator.evtchn.LocalChannelsTest;
import org.xenarium.emulator.hypercall.HypercallRule;
import org.xenarium.emulator.hypercall.HypercallTableTest;
import org.xenarium.emulator.hypercall.MulticallTest;
import org.xenarium.emulator.memoryop.AcquireResourceTest;
import org.xenarium.emulator.memoryop.AddToPhysmapBatchTest;
import org.xenarium.emulator.memoryop.AddToPhysmapTest;
import org.xenarium.emulator.memoryop.ExchangeTest;
import org.xenarium.emulator.memoryop.ForeignTest;
import org.xenarium.emulator.memoryop.MemoryOn414Test;
import org.xenarium.emulator.memoryop.MemoryOn417Test;
import org.xenarium.emulator.memoryop.MemoryRule;
import org.xenarium.emulator.memoryop.PoolTest;
import org.xenarium.emulator.memoryop.QueryTest;
import org.xenarium.emulator.memoryop.RemoveFromPhysmapTest;
import org.xenarium.emulator.memoryop.ReservationTest;
import org.xenarium.emulator.memoryop.SpecialDomainsTest;
import org.xenarium.emulator.schedop.SchedOpTest;
import org.xenarium.emulator.schedop.SchedRule;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.versionop.HvmOpTest;
import org.xenarium.emulator.versionop.VersionOpTest;
import org.xenarium.emulator.versionop.VersionRule;

/** A rule that no test reaches is a guess: runs the tests of single calls and counts the rules that decided in them. */
class EveryRuleTest {
  private static final List<Class<? extends Calls>> TESTS =
      List.of(
          HypercallTableTest.class,
          MulticallTest.class,
          AddToPhysmapTest.class,
          AddToPhysmapBatchTest.class,
          ForeignTest.class,
          AcquireResourceTest.class,
          ExchangeTest.class,
          PoolTest.class,
          SpecialDomainsTest.class,
          MemoryOn417Test.class,
          MemoryOn414Test.class,
          RemoveFromPhysmapTest.class,
          ReservationTest.class,
          QueryTest.class,
          VersionOpTest.class,
          HvmOpTest.class,
          EventChannelOpTest.class,
          LocalChannelsTest.class,
          SchedOpTest.class);

  private static Stream<Rule> rules() {
    return Stream.of(MemoryRule.values(), HypercallRule.values(), VersionRule.values(), EventRule.values(), SchedRule.values()).flatMap(Arrays::stream);
  }

  @Test
  void every_rule_decides_in_a_test_that_bears_its_name() throws ReflectiveOperationException {
    Map<String, Set<String>> reachedIn = new LinkedHashMap<>();
    for (Class<? extends Calls> type : TESTS) {
      for (Method test : type.getDeclaredMethods()) {
        if (test.isAnnotationPresent(Test.class)) {
          run(type, test).forEach(rule -> reachedIn.computeIfAbsent(rule.name(), name -> new TreeSet<>()).add(test.getName()));
        }
      }
    }
    assertThat(rules().filter(rule -> rule.unreachable() == null))
        .allSatisfy(
            rule -> {
              Set<String> tests = reachedIn.getOrDefault(rule.name(), Set.of());
              assertThat(tests).as(rule.id()).anyMatch(name -> name.contains(rule.name()));
            });
    assertThat(rules().filter(rule -> rule.unreachable() != null))
        .as("said to be unreachable, yet reached")
        .noneMatch(rule -> reachedIn.containsKey(rule.name()));
  }

  private static Set<Rule> run(Class<? extends Calls> type, Method test) throws ReflectiveOperationException {
    Constructor<? extends Calls> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    test.setAccessible(true);
    Calls instance = constructor.newInstance();
    try {
      test.invoke(instance);
    } catch (InvocationTargetException e) {
      // It fails in its own class as well, with a better report.
    }
    return instance.reached();
  }

  @Test
  void an_id_belongs_to_one_rule() {
    assertThat(rules().map(Rule::id)).doesNotHaveDuplicates();
  }

  @Test
  void every_rule_says_what_it_belongs_to_when_it_decides_and_where_that_is_written() {
    assertThat(rules())
        .allSatisfy(
            rule -> {
              assertThat(rule.id()).matches("[A-Z]+-\\d\\d");
              assertThat(rule.facts().operation()).isNotBlank();
              assertThat(rule.facts().when()).isNotBlank();
              assertThat(rule.facts().section()).isNotBlank();
              assertThat(rule.result()).isEqualTo(rule.facts().result()).isLessThanOrEqualTo(0);
            });
  }

  @Test
  void calls_that_count_or_look_up_never_decide_on_an_errno_of_their_own() {
    assertThat(rules().filter(rule -> rule.facts().kind() == Rule.Kind.COUNT || rule.facts().kind() == Rule.Kind.VALUE))
        .isNotEmpty()
        .allMatch(rule -> rule.result() == 0);
    assertThat(rules().filter(rule -> rule.name().startsWith("RES_"))).allMatch(rule -> rule.facts().kind() == Rule.Kind.COUNT);
  }
}
