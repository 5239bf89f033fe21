package org.xenarium.emulator.domain;

import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Releases;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/** How what the toolstack asks for ends, apart from what modules refuse. */
public enum ToolstackRule implements Rule {
  CREATE_01("create_domain", "the id is not one that a domain can have", -Errno.EINVAL, "§1.4"),
  CREATE_02("create_domain", "a domain of that id is listed", -Errno.EEXIST, "§1.4"),
  CREATE_03("create_domain", "the number of vCPUs is not 1 to 128", -Errno.EINVAL, "§1.4"),
  CREATE_04("create_domain", "the host has no memory for what Xen keeps for the domain", -Errno.ENOMEM, "§1.4"),
  CREATE_05("create_domain", "created", 0, "§1.4"),
  CREATE_06(
      "create_domain",
      "holes are to read ones, which the release does not know",
      -Errno.EINVAL,
      "§9.1, V27",
      Releases.without(Difference.UNMAPPED_READS_ONES)),

  SOFTRESET_01("soft_reset", "the domain is not paused", -Errno.EINVAL, "§5.4"),
  SOFTRESET_02("soft_reset", "event channels are reset, grants stay; Arm cannot do the rest, so the domain crashes", -Errno.ENOSYS, "§5.4");

  private final Facts facts;

  ToolstackRule(String operation, String when, int result, String section) {
    facts = new Facts(operation, when, Kind.RETURN, result, section);
  }

  ToolstackRule(String operation, String when, int result, String section, Releases releases) {
    facts = new Facts(operation, when, Kind.RETURN, result, section, releases);
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
