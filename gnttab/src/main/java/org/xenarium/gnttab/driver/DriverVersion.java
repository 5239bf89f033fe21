package org.xenarium.gnttab.driver;

import com.google.common.collect.ImmutableSet;
import java.util.Arrays;
import org.xenarium.gnttab.driver.DriverDifference.Kind;

/**
 * Which of Zephyr's drivers a guest has: the one that the API documentation of 4.4.99 promises, or a version of {@code drivers/xen/gnttab.c}.
 * A version is the promised driver with named differences, see {@link DriverDifference}.
 */
public enum DriverVersion {
  CONTRACT("what the API documentation of 4.4.99 promises"),
  V0("first draft, December 2021 (pull request 40969)"),
  V1("Zephyr 3.x"),
  V2("a table that grows"),
  V3("downstream, V1 with extended regions"),
  V4("rewritten, December 2024 (pull request 82810)"),
  V5("several pages at a time, Zephyr 4.3 (pull request 95934)"),
  V6("extended regions, draft (of pull request 103152)"),
  V7("extended regions, merged April 2026 (pull request 103152)");

  private final String origin;

  DriverVersion(String origin) {
    this.origin = origin;
  }

  /** Where it comes from. */
  public String origin() {
    return origin;
  }

  /** How it differs from what is promised. What the promised driver shares with it is no difference. */
  public ImmutableSet<DriverDifference> differences() {
    return Arrays.stream(DriverDifference.values())
        .filter(difference -> difference.kind() != Kind.SETTLED && difference.isIn(this))
        .collect(ImmutableSet.toImmutableSet());
  }
}
