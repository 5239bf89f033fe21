package org.xenarium.gnttab.rule;

import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Releases;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/** Why a domain is not created that asks for a grant table like that (spec §1.4). */
public enum TableRule implements Rule {
  TABLE_01("the highest version is not 1 or 2"),
  TABLE_02("the table may have no frame"),
  TABLE_03("the highest version is above the host's"),
  TABLE_04("a highest version other than the host's, which the release does not know", Releases.without(Difference.VERSION_PER_DOMAIN));

  private final Facts facts;

  TableRule(String when) {
    this(when, "§1.4", Releases.ALL);
  }

  TableRule(String when, Releases releases) {
    this(when, "§9.1, V17", releases);
  }

  TableRule(String when, String section, Releases releases) {
    facts = new Facts("create_domain", when, Kind.RETURN, -Errno.EINVAL, section, releases);
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
