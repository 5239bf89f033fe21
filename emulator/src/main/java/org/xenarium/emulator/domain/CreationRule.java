package org.xenarium.emulator.domain;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/** How the creation of a domain ends, apart from what modules refuse (spec §1.4). */
public enum CreationRule implements Rule {
  CREATE_01("the id is not one that a domain can have", -Errno.EINVAL),
  CREATE_02("a domain of that id is listed", -Errno.EEXIST),
  CREATE_03("the number of vCPUs is not 1 to 128", -Errno.EINVAL),
  CREATE_04("the host has no memory for what Xen keeps for the domain", -Errno.ENOMEM),
  CREATE_05("created", 0);

  private final Facts facts;

  CreationRule(String when, int result) {
    facts = new Facts("create_domain", when, Kind.RETURN, result, "§1.4");
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
