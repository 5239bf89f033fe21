package org.xenarium.gnttab.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The catalogue is complete, and every invariant and every rule has a test that shows it being reported. */
class CatalogueTest {
  private static final List<Class<?>> TESTS =
      List.of(
          CountersTest.class,
          FlagsWordTest.class,
          HandlesTest.class,
          PhysmapInvariantsTest.class,
          PagesTest.class,
          TableAndCallsTest.class,
          LifecycleInvariantsTest.class,
          GuestDisciplineTest.class);

  @Test
  void there_are_72_invariants_and_6_rules_in_the_order_of_their_numbers() {
    assertThat(Invariant.values()).extracting(Invariant::id).containsExactly(IntStream.rangeClosed(1, 72).mapToObj(n -> "I" + n).toArray(String[]::new));
    assertThat(Discipline.values()).extracting(Discipline::id).containsExactly("D1", "D2", "D3", "D4", "D5", "D6");
  }

  @Test
  void each_has_a_test_that_breaks_it() {
    Set<String> tested = new TreeSet<>();
    for (Class<?> type : TESTS) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          tested.add(method.getName().split("_")[0]);
        }
      }
    }
    List<String> all = Stream.concat(Arrays.stream(Invariant.values()), Arrays.stream(Discipline.values())).map(Enum::name).toList();
    assertThat(tested).containsAll(all.stream().map(name -> name.toLowerCase(java.util.Locale.ROOT)).toList());
  }
}
