package org.xenarium.scenarios.report;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GntStatus;

/** What a rule decides on, in words. */
public final class RuleResult {
  private RuleResult() {}

  /** A status such as {@code GNTST_okay}, a return value such as {@code 0} or {@code -EINVAL}, or what the number returned means. */
  public static String of(Rule.Facts facts) {
    return switch (facts.kind()) {
      case STATUS -> GntStatus.name(facts.result());
      case RETURN -> Errno.name(facts.result());
      case COUNT -> "how many extents were done";
      case VALUE -> "the number asked for";
      case PANIC -> "the guest stops";
      case NOTE -> "only a remark";
    };
  }

  /** True where {@link #of} is the name of a number, and not a description. */
  public static boolean isNumber(Rule.Facts facts) {
    return switch (facts.kind()) {
      case STATUS, RETURN -> true;
      case COUNT, VALUE, PANIC, NOTE -> false;
    };
  }
}
