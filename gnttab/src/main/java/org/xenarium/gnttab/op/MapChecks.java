package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.MAP_01;
import static org.xenarium.gnttab.rule.GrantRule.MAP_02;
import static org.xenarium.gnttab.rule.GrantRule.MAP_05;
import static org.xenarium.gnttab.rule.GrantRule.MAP_05B;
import static org.xenarium.gnttab.rule.GrantRule.MAP_06;
import static org.xenarium.gnttab.rule.GrantRule.MAP_07A;
import static org.xenarium.gnttab.rule.GrantRule.MAP_07B;
import static org.xenarium.gnttab.rule.GrantRule.MAP_07C;
import static org.xenarium.gnttab.rule.GrantRule.MAP_08A;
import static org.xenarium.gnttab.rule.GrantRule.MAP_08B;
import static org.xenarium.gnttab.rule.GrantRule.MAP_08C;
import static org.xenarium.gnttab.rule.GrantRule.MAP_12;
import static org.xenarium.gnttab.rule.GrantRule.MAP_13A;
import static org.xenarium.gnttab.rule.GrantRule.MAP_13B;
import static org.xenarium.gnttab.rule.GrantRule.MAP_13C;
import static org.xenarium.gnttab.rule.GrantRule.MAP_13D;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.physmap.Change;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Pins;

/**
 * What refuses a map (spec §3.3): each check gives the rule that refuses, or null. They change nothing; when each is made, and what has to be
 * taken back then, is {@link MapGrantRef}'s.
 */
final class MapChecks {
  private static final int REFUSED_FLAGS = MapFlags.DEVICE_MAP | MapFlags.APPLICATION_MAP | MapFlags.CONTAINS_PTE;
  private static final int KNOWN_FLAGS = MapFlags.HOST_MAP | MapFlags.READONLY;

  private MapChecks() {}

  /** Checks 1 and 2. */
  static @Nullable GrantRule flags(int flags) {
    if ((flags & (MapFlags.DEVICE_MAP | MapFlags.HOST_MAP)) == 0) {
      return MAP_01;
    }
    return (flags & REFUSED_FLAGS) != 0 ? MAP_02 : null;
  }

  /** Check 5, of a domain that has no handle left. */
  static GrantRule noHandle(Semantics semantics) {
    return semantics.has(Difference.NO_SPACE) ? MAP_05 : MAP_05B;
  }

  /** Checks 6 and 7: the reference, and who has pinned the entry how often. */
  static @Nullable GrantRule pin(GrantTable table, int ref, Domain mapper, boolean readonly) {
    if (!table.contains(ref)) {
      return MAP_06;
    }
    ActiveEntries active = table.active();
    int pin = active.pin(ref);
    if (pin != 0 && active.domid(ref) != mapper.id()) {
      return MAP_07A;
    }
    if (Pins.isFull(pin, readonly, mapper.world().semantics())) {
      return MAP_07B;
    }
    return pin != 0 && active.isPart(ref) ? MAP_07C : null;
  }

  /** Check 8: what the granter wrote into the shared entry. Of an entry that is pinned only the access matters. */
  static @Nullable GrantRule header(int header, int pin, int mapper, boolean readonly) {
    if (pin == 0 && !Marking.permitsAccess(header, true)) {
      return MAP_08A;
    }
    if (pin == 0 && !Marking.isFor(header, mapper)) {
      return MAP_08B;
    }
    return !readonly && Marking.isReadonly(header) ? MAP_08C : null;
  }

  /** Check 12. */
  static @Nullable GrantRule unknownFlags(int flags) {
    return (flags & ~KNOWN_FLAGS) != 0 ? MAP_12 : null;
  }

  /** Check 13: what has become of the physmap entry. */
  static @Nullable GrantRule change(Change change) {
    return switch (change) {
      case OUT_OF_REACH -> MAP_13A;
      case DYING -> MAP_13B;
      case NO_TABLE -> MAP_13C;
      case NO_SPLIT -> MAP_13D;
      case DONE, OTHER_FRAME -> null;
    };
  }
}
