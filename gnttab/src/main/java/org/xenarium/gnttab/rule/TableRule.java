package org.xenarium.gnttab.rule;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/** Why a domain is not created that asks for a grant table like that (spec §1.4). */
public enum TableRule implements Rule {
  TABLE_01("the highest version is not 1 or 2"),
  TABLE_02("the table may have no frame");

  private final Facts facts;

  TableRule(String when) {
    facts = new Facts("create_domain", when, Kind.RETURN, -Errno.EINVAL, "§1.4");
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
