package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The documented driver does what the documentation of 4.4.99 says; and each version of Zephyr's driver fails exactly where one of its named
 * differences makes it fail.
 */
class ContractTest {
  static final List<Check> CHECKS =
      Stream.of(GrantChecks.ALL, EndChecks.ALL, PageChecks.ALL, MapChecks.ALL, UnmapChecks.ALL).flatMap(List::stream).toList();

  @TestFactory
  Stream<DynamicTest> documented() {
    return CHECKS.stream().map(check -> dynamicTest(check.name(), () -> check.body().accept(new Check.Subject(DriverVersion.CONTRACT))));
  }

  @Test
  void every_version_fails_where_its_differences_say_and_nowhere_else() {
    List<String> surprises = new ArrayList<>();
    for (DriverVersion version : DriverVersion.values()) {
      for (Check check : CHECKS) {
        Throwable failure = check.run(version);
        if (check.isBrokenIn(version) != (failure != null)) {
          surprises.add(version + (failure == null ? " passes: " : " fails: ") + check.name() + (failure == null ? "" : "\n    " + failure));
        }
      }
    }
    assertThat(surprises).isEmpty();
  }

  /** Otherwise a difference could be switched off, or forgotten in a version, and nobody would notice. */
  @Test
  void every_difference_shows_in_a_check_that_nothing_else_in_that_version_breaks() {
    List<String> hidden = new ArrayList<>();
    for (DriverVersion version : DriverVersion.values()) {
      for (DriverDifference difference : version.differences()) {
        boolean shows =
            CHECKS.stream().map(Check::brokenBy).anyMatch(all -> all.contains(difference) && common(all, version).size() == 1);
        if (!shows) {
          hidden.add(version + ": " + difference);
        }
      }
    }
    assertThat(hidden).isEmpty();
  }

  private static Set<DriverDifference> common(Set<DriverDifference> some, DriverVersion version) {
    Set<DriverDifference> common = EnumSet.noneOf(DriverDifference.class);
    common.addAll(some);
    common.retainAll(version.differences());
    return common;
  }

  @Test
  void names_of_checks_are_unique() {
    TreeMap<String, Integer> counts = new TreeMap<>();
    CHECKS.forEach(check -> counts.merge(check.name(), 1, Integer::sum));
    assertThat(counts.values()).containsOnly(1);
  }
}
