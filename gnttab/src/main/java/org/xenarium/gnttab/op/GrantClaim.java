package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04D;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04E;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04F;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04G;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_05;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Pins;
import org.xenarium.gnttab.table.SharedEntries;

/**
 * A page that a copy claims by a grant reference: the acquire step (spec §3.5.3), then a pin that is held, then its release. What refuses a claim
 * is in {@link ClaimChecks}, and what a transitive entry of version 2 adds in {@link TransitiveClaim}.
 */
final class GrantClaim implements Cloneable {
  /** How far a claim has come. */
  enum Progress {
    MORE,
    HELD,
    FAILED,
    /** Nothing is held, and the element must begin again. */
    RESTART
  }

  private enum Phase {
    IDLE,
    PIN,
    CAS,
    MARK,
    RECHECK,
    FRAME,
    PASS_ON,
    HELD,
    /** The pin is released, that of the entry behind a transitive one is not yet. */
    HELD_BEHIND
  }

  private final boolean readonly;

  /** False for the entry behind a transitive one: one hop only. */
  private final boolean mayPassOn;

  private Phase next = Phase.IDLE;

  // What is claimed, of which incarnation of a domain, and for the domain of which id.
  private int owner;
  private int ref;
  private int caller;

  // On the way.
  private boolean transitive;
  private int header;
  private int attempts;
  private @Nullable GrantRule failure;
  private @Nullable TransitiveClaim passing;

  // Where the bytes go, and the page on which a reference is held; the same page in all but releases without V31.
  private long mfn;
  private int start;
  private int length;
  private long page;

  GrantClaim(boolean readonly, boolean mayPassOn) {
    this.readonly = readonly;
    this.mayPassOn = mayPassOn;
  }

  GrantClaim copy() {
    try {
      GrantClaim copy = (GrantClaim) clone();
      copy.passing = passing == null ? null : passing.copy();
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  boolean isIdle() {
    return next == Phase.IDLE;
  }

  /** Names the entry of the next claim, of an incarnation of a domain, and the domain that must have been granted it. */
  void begin(int ofIncarnation, int reference, int forDomid) {
    owner = ofIncarnation;
    ref = reference;
    caller = forDomid;
    next = Phase.PIN;
  }

  /** The incarnation of the domain whose entry it is. */
  int owner() {
    return owner;
  }

  int ref() {
    return ref;
  }

  /** The frame that is claimed. */
  long mfn() {
    return mfn;
  }

  /** Where in the page the claimed range begins. */
  int start() {
    return start;
  }

  /** How many bytes are claimed. */
  int length() {
    return length;
  }

  /** The frame on which the claim holds a reference. */
  long page() {
    return page;
  }

  /** Why the claim failed; reading it ends the claim. */
  GrantRule takeFailure() {
    GrantRule rule = BatchOperation.ruleOf(failure);
    failure = null;
    return rule;
  }

  /** One step of the claim. */
  Progress step(World world) {
    Domain granter = BatchOperation.found(world, owner);
    GrantTable table = GrantTable.of(granter);
    return switch (next) {
      case PIN -> pin(granter, table);
      case CAS -> compareAndSwap(granter, table);
      case MARK -> mark(granter, table);
      case RECHECK -> recheck(granter, table);
      case FRAME -> frame(granter, table);
      case PASS_ON -> passOn(granter);
      case IDLE, HELD, HELD_BEHIND -> throw new IllegalStateException("no claim is on its way");
    };
  }

  private Progress pin(Domain granter, GrantTable table) {
    GrantRule refusal = ClaimChecks.pin(table, ref, caller, readonly, granter.world().semantics());
    if (refusal != null) {
      return fail(refusal);
    }
    ActiveEntries active = table.active();
    int pin = active.pin(ref);
    header = SharedEntries.header(granter, table, ref);
    transitive = ClaimChecks.passesOn(header, table);
    if (pin == 0 || (!readonly && !Pins.isWritePinned(pin))) {
      return goOn(table.version() == 1 ? Phase.CAS : Phase.MARK);
    }
    return transitive ? goOn(Phase.PASS_ON) : pinAgain(granter, active);
  }

  /** Pinned well enough already: the shared entry does not matter, but a dying owner does. */
  private Progress pinAgain(Domain granter, ActiveEntries active) {
    long pinned = active.mfn(ref);
    if (granter.life() != Life.ALIVE || !granter.world().memory().get(pinned, owner)) {
      return fail(CLAIM_05);
    }
    active.increment(ref, readonly);
    return hold(active, pinned);
  }

  private Progress compareAndSwap(Domain granter, GrantTable table) {
    GrantRule refusal = refusal(table);
    if (refusal != null) {
      return fail(refusal);
    }
    if (SharedEntries.compareAndSet(granter, table, ref, header, Marking.marked(header, readonly))) {
      return goOn(Phase.FRAME);
    }
    header = SharedEntries.header(granter, table, ref);
    return ++attempts == Marking.ATTEMPTS ? fail(CLAIM_04D) : Progress.MORE;
  }

  /** Version 2: the header is only looked at, the mark goes into the status word. */
  private Progress mark(Domain granter, GrantTable table) {
    GrantRule refusal = refusal(table);
    if (refusal != null) {
      return fail(refusal);
    }
    SharedEntries.setStatus(granter, table, ref, Marking.marked(0, readonly));
    return goOn(Phase.RECHECK);
  }

  /**
   * Version 2: the header must still allow the request, else the mark is taken back. Whether the entry is a transitive one was decided by the
   * first look at it.
   */
  private Progress recheck(Domain granter, GrantTable table) {
    header = SharedEntries.header(granter, table, ref);
    if (refusal(table) != null) {
      SharedEntries.clearStatus(granter, table, ref, Marking.takenBack(table.active().pin(ref)));
      return fail(CLAIM_04G);
    }
    return goOn(transitive ? Phase.PASS_ON : Phase.FRAME);
  }

  private @Nullable GrantRule refusal(GrantTable table) {
    return ClaimChecks.header(header, table, table.active().pin(ref), caller, readonly);
  }

  /** The frame that the entry names now; for a write upgrade it must still be the pinned one (V31). */
  private Progress frame(Domain granter, GrantTable table) {
    ActiveEntries active = table.active();
    int pin = active.pin(ref);
    boolean part = table.version() == 2 && Marking.isSubPage(SharedEntries.header(granter, table, ref));
    int from = part ? SharedEntries.pageOffset(granter, table, ref) : 0;
    int count = part ? SharedEntries.length(granter, table, ref) : MachineMemory.PAGE_SIZE;
    long found = granter.physmap().lookupOwnedAndGet(SharedEntries.frame(granter, table, ref));
    if (found == Mfn.NONE) {
      SharedEntries.reduce(granter, table, ref, pin, readonly);
      return fail(CLAIM_04E);
    }
    if (pin == 0) {
      active.pinFirst(ref, readonly, caller, found);
      if (part) {
        active.setPart(ref, from, count, granter.id(), ref);
      }
    } else if (isPinned(granter, found, part, from, count) || !granter.world().semantics().has(Difference.UPGRADE_CHECKS_FRAME)) {
      active.increment(ref, readonly);
    } else {
      granter.world().memory().put(found);
      SharedEntries.reduce(granter, table, ref, pin, readonly);
      return fail(CLAIM_04F);
    }
    return hold(active, found);
  }

  /** Is what the entry names now what is pinned? A whole page that is pinned stays one, whatever part the entry names; a part
   * that begins at 0x8000 or beyond is never the pinned one, of whose start only 15 bits are kept (both measured on 4.17.7).
   */
  private boolean isPinned(Domain granter, long found, boolean part, int from, int count) {
    ActiveEntries active = GrantTable.of(granter).active();
    return active.mfn(ref) == found && (!active.isPart(ref) || (part && active.isPart(ref, from, count, granter.id(), ref)));
  }

  private Progress passOn(Domain granter) {
    if (passing == null) {
      passing = new TransitiveClaim(readonly, mayPassOn);
    }
    TransitiveClaim claim = passing;
    return switch (claim.step(granter, ref, caller)) {
      case MORE -> Progress.MORE;
      case HELD -> hold(GrantTable.of(granter).active(), claim.behind().page());
      case FAILED -> fail(claim.takeFailure());
      case RESTART -> {
        reset();
        yield Progress.RESTART;
      }
    };
  }

  private Progress goOn(Phase then) {
    next = then;
    return Progress.MORE;
  }

  private Progress hold(ActiveEntries active, long referenced) {
    next = Phase.HELD;
    transitive = false;
    header = 0;
    attempts = 0;
    mfn = active.mfn(ref);
    start = active.start(ref);
    length = active.length(ref);
    page = referenced;
    return Progress.HELD;
  }

  private Progress fail(GrantRule rule) {
    reset();
    failure = rule;
    return Progress.FAILED;
  }

  /** One step of giving back what is held: the pin, then that of the entry behind a transitive one. True when nothing is left. */
  boolean release(World world) {
    boolean last = passing == null || next == Phase.HELD_BEHIND;
    if (next == Phase.HELD) {
      unpin(world);
      next = Phase.HELD_BEHIND;
    } else if (passing != null) {
      passing.behind().unpin(world);
    }
    if (last) {
      world.memory().put(page);
      reset();
    }
    return last;
  }

  /** Visits the pins that are held: of the entry, and of the one behind a transitive one. */
  void forEachPin(GrantCall.PinVisitor visitor) {
    if (next == Phase.HELD) {
      visitor.pin(owner, ref, readonly, caller);
    }
    if (passing != null) {
      passing.forEachPin(visitor);
    }
  }

  /** Takes the pin back; the page reference stays. */
  void unpin(World world) {
    GrantTable.of(BatchOperation.found(world, owner)).unpin(ref, readonly);
  }

  private void reset() {
    next = Phase.IDLE;
    owner = 0;
    ref = 0;
    caller = 0;
    transitive = false;
    header = 0;
    attempts = 0;
    passing = null;
    mfn = 0;
    start = 0;
    length = 0;
    page = 0;
  }

  /** The lock that the next step of claim or release needs. */
  long needs() {
    if (next == Phase.HELD || passing == null) {
      return lock();
    }
    return next == Phase.HELD_BEHIND ? passing.behind().lock() : passing.needs(lock());
  }

  /** The lock held in the middle of a claim. */
  long holds() {
    return switch (next) {
      case IDLE, PIN, HELD, HELD_BEHIND -> Lock.NONE;
      case CAS, MARK, RECHECK, FRAME -> lock();
      case PASS_ON -> passing == null ? lock() : passing.holds();
    };
  }

  /** The lock of the claimed entry. */
  long lock() {
    return Lock.entry(owner, ref);
  }

  /** True while the claim, on its way or held, needs that incarnation: of the entry's domain, or of the one behind a transitive entry. */
  boolean refersTo(int incarnation) {
    return next != Phase.IDLE && (owner == incarnation || (passing != null && passing.behind().refersTo(incarnation)));
  }

  void digest(Digest digest) {
    digest.add(readonly).add(mayPassOn).add(next).add(owner).add(ref).add(caller);
    digest.add(transitive).add(header).add(attempts).add(failure).add(mfn).add(start).add(length).add(page).add(passing != null);
    if (passing != null) {
      passing.digest(digest);
    }
  }
}
