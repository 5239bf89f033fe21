package org.xenarium.emulator.hypercall;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/** What decides before any module is asked (spec §2.1), and around the calls of a {@code multicall} (spec §2.5). */
public enum HypercallRule implements Rule {
  HYP_01("hypercall", "there is no hypercall of this number", -Errno.ENOSYS, "§2.1"),

  MULTI_01("multicall", "an entry of a multicall asks for a multicall", -Errno.EINVAL, "§2.5"),
  MULTI_02("multicall", "an entry cannot be read; the calls of those before it are made", -Errno.EFAULT, "§10.3 F20"),
  MULTI_03("multicall", "an entry's call was made and its result cannot be written", -Errno.EFAULT, "§10.3 F20"),
  MULTI_04("multicall", "an entry's call was preempted and what remains of it cannot be written", -Errno.EFAULT, "§10.3 F20"),
  MULTI_05("multicall", "the calls of all entries are made", 0, "§2.5");

  private final Facts facts;

  HypercallRule(String operation, String when, int result, String section) {
    facts = new Facts(operation, when, Kind.RETURN, result, section);
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
