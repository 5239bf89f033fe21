package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.CLAIM_T2;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_T2B;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_T3;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_T4;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantOptions;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.SharedEntries;

/**
 * What a claim does when its entry is a transitive one of version 2 (spec §3.5.4): it claims the entry behind it for the domain that passes it
 * on, without the lock of its own entry, and then looks whether that is as it was. If not, everything is given back and the element begins
 * again.
 */
final class TransitiveClaim implements Cloneable {
  private enum Phase {
    NAME,
    BEHIND,
    COMPARE,
    GIVE_BACK,
    UNMARK
  }

  private final boolean readonly;
  private final boolean mayPassOn;
  private GrantClaim behind;
  private Phase next = Phase.NAME;

  /** The pin word of the entry when its lock was left. */
  private int pinned;

  private @Nullable GrantRule failure;

  TransitiveClaim(boolean readonly, boolean mayPassOn) {
    this.readonly = readonly;
    this.mayPassOn = mayPassOn;
    behind = new GrantClaim(readonly, false);
  }

  TransitiveClaim copy() {
    try {
      TransitiveClaim copy = (TransitiveClaim) clone();
      copy.behind = behind.copy();
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** The claim of the entry that is passed on. */
  GrantClaim behind() {
    return behind;
  }

  /** Why the claim failed; reading it ends the claim. */
  GrantRule takeFailure() {
    GrantRule rule = BatchOperation.ruleOf(failure);
    failure = null;
    return rule;
  }

  /** One step; the entry is {@code granter}'s and claimed for the domain {@code caller}. */
  GrantClaim.Progress step(Domain granter, int ref, int caller) {
    GrantTable table = GrantTable.of(granter);
    return switch (next) {
      case NAME -> name(granter, table, ref);
      case BEHIND -> claimBehind(granter.world());
      case COMPARE -> compare(granter, table, ref, caller);
      case GIVE_BACK -> giveBack(granter.world());
      case UNMARK -> unmark(granter, table, ref);
    };
  }

  private GrantClaim.Progress name(Domain granter, GrantTable table, int ref) {
    if (!mayPassOn) {
      return fail(CLAIM_T2, granter, table, ref);
    }
    if (!GrantOptions.of(granter.world().semantics()).transitive()) {
      return fail(CLAIM_T2B, granter, table, ref);
    }
    int domid = SharedEntries.transitiveDomid(granter, table, ref);
    if (domid == granter.id()) {
      return fail(CLAIM_T3, granter, table, ref);
    }
    Domain found = granter.world().domain(domid);
    if (found == null) {
      return fail(CLAIM_T4, granter, table, ref);
    }
    behind.begin(found.incarnation(), SharedEntries.transitiveRef(granter, table, ref), granter.id());
    pinned = table.active().pin(ref);
    table.beginPassingOn();
    return goOn(Phase.BEHIND);
  }

  private GrantClaim.Progress claimBehind(World world) {
    return switch (behind.step(world)) {
      case MORE -> GrantClaim.Progress.MORE;
      case HELD -> goOn(Phase.COMPARE);
      case FAILED -> {
        failure = behind.takeFailure();
        yield goOn(Phase.COMPARE);
      }
      case RESTART -> throw new IllegalStateException("an entry behind a transitive one passed on a third");
    };
  }

  private GrantClaim.Progress compare(Domain granter, GrantTable table, int ref, int caller) {
    GrantRule failed = failure;
    if (failed != null) {
      table.endPassingOn();
      return fail(failed, granter, table, ref);
    }
    ActiveEntries active = table.active();
    if (table.version() != 2 || active.pin(ref) != pinned || (pinned != 0 && !isPinned(granter, ref, caller))) {
      return goOn(Phase.GIVE_BACK);
    }
    if (pinned == 0) {
      active.pinFirst(ref, readonly, caller, behind.mfn());
      active.setPart(ref, behind.start(), behind.length(), domidBehind(granter.world()), behind.ref());
    } else {
      active.increment(ref, readonly);
    }
    table.endPassingOn();
    pinned = 0;
    return GrantClaim.Progress.HELD;
  }

  private int domidBehind(World world) {
    return BatchOperation.found(world, behind.owner()).id();
  }

  private boolean isPinned(Domain granter, int ref, int caller) {
    ActiveEntries active = GrantTable.of(granter).active();
    return active.domid(ref) == caller
        && active.mfn(ref) == behind.mfn()
        && active.isPart(ref, behind.start(), behind.length(), domidBehind(granter.world()), behind.ref());
  }

  private GrantClaim.Progress giveBack(World world) {
    behind.unpin(world);
    return goOn(Phase.UNMARK);
  }

  private GrantClaim.Progress unmark(Domain granter, GrantTable table, int ref) {
    table.endPassingOn();
    reduce(granter, table, ref);
    granter.world().memory().put(behind.page());
    return GrantClaim.Progress.RESTART;
  }

  private GrantClaim.Progress fail(GrantRule rule, Domain granter, GrantTable table, int ref) {
    reduce(granter, table, ref);
    failure = rule;
    return GrantClaim.Progress.FAILED;
  }

  /** Where the version changed meanwhile (before V32), the status word is gone. */
  private void reduce(Domain granter, GrantTable table, int ref) {
    if (table.version() == 2) {
      SharedEntries.reduce(granter, table, ref, table.active().pin(ref), readonly);
    }
  }

  private GrantClaim.Progress goOn(Phase then) {
    next = then;
    return GrantClaim.Progress.MORE;
  }

  /** Visits the pin behind, while it is there. */
  void forEachPin(GrantCall.PinVisitor visitor) {
    if (next != Phase.UNMARK) {
      behind.forEachPin(visitor);
    }
  }

  /** The lock that the next step needs, where {@code entry} is that of the transitive entry. */
  long needs(long entry) {
    return switch (next) {
      case NAME, COMPARE, UNMARK -> entry;
      case BEHIND, GIVE_BACK -> behind.lock();
    };
  }

  /** The lock held between steps. That of the transitive entry is left before the first one. */
  long holds() {
    return next == Phase.BEHIND ? behind.holds() : Lock.NONE;
  }

  void digest(Digest digest) {
    digest.add(readonly).add(mayPassOn).add(next).add(pinned).add(failure);
    behind.digest(digest);
  }
}
