package org.xenarium.gnttab.op;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.semantics.SecurityPolicy;

/** What the security policy allows (spec §2.6). */
final class Policy {
  private Policy() {}

  static boolean mayMap(Domain mapper, Domain granter) {
    return isOpen(mapper) || mapper == granter || mapper.privileged() || granter.privileged();
  }

  /** The two domains of the element count, not the caller, unless the caller is privileged. */
  static boolean mayCopy(Domain caller, Domain source, Domain dest) {
    return isOpen(caller) || source == dest || caller.privileged() || source.privileged() || dest.privileged();
  }

  private static boolean isOpen(Domain any) {
    return any.world().semantics().policy() == SecurityPolicy.DUMMY;
  }
}
