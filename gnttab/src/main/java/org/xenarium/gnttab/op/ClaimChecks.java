package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.CLAIM_01;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_02A;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_02B;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04A;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04B;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04C;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Pins;

/**
 * What refuses a copy's claim (spec §3.5.3), as {@link MapChecks} for a map: each check gives the rule that refuses, or null, and changes
 * nothing.
 */
final class ClaimChecks {
  private ClaimChecks() {}

  /** The reference, and who has pinned the entry how often. */
  static @Nullable GrantRule pin(GrantTable table, int ref, int caller, boolean readonly, Semantics semantics) {
    if (!table.contains(ref)) {
      return CLAIM_01;
    }
    ActiveEntries active = table.active();
    int pin = active.pin(ref);
    if (pin != 0 && active.domid(ref) != caller) {
      return CLAIM_02A;
    }
    return Pins.isFull(pin, readonly, semantics) ? CLAIM_02B : null;
  }

  /** What the granter wrote into the shared entry. Of an entry that is pinned only the access matters. */
  static @Nullable GrantRule header(int header, GrantTable table, int pin, int caller, boolean readonly) {
    if (pin == 0 && !passesOn(header, table) && !Marking.permitsAccess(header, false)) {
      return CLAIM_04A;
    }
    if (pin == 0 && !Marking.isFor(header, caller)) {
      return CLAIM_04B;
    }
    return !readonly && Marking.isReadonly(header) ? CLAIM_04C : null;
  }

  /** Is it a transitive entry? In version 1 there are none. */
  static boolean passesOn(int header, GrantTable table) {
    return table.version() == 2 && Marking.isTransitive(header);
  }
}
