package org.xenarium.gnttab.kit;

import java.util.EnumSet;
import java.util.Set;
import org.xenarium.gnttab.rule.GrantRule;

/** Which rules the tests of this JVM have demanded so far, together with their result. */
public final class Expected {
  private static final Set<GrantRule> RULES = EnumSet.noneOf(GrantRule.class);

  private Expected() {}

  static synchronized void note(GrantRule rule) {
    RULES.add(rule);
  }

  /** Forgets everything and returns what there was. */
  public static synchronized Set<GrantRule> drain() {
    Set<GrantRule> rules = EnumSet.copyOf(RULES);
    RULES.clear();
    return rules;
  }
}
