package org.xenarium.emulator.hypercall;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/** What decides before any module is asked (spec §2.1). */
public enum HypercallRule implements Rule {
  HYP_01("there is no hypercall of this number", -Errno.ENOSYS);

  private final Facts facts;

  HypercallRule(String when, int result) {
    facts = new Facts("hypercall", when, Kind.RETURN, result, "§2.1");
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
