package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.CLAIM_01;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_02A;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_02B;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04A;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04B;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04C;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04D;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04E;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04F;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04G;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_05;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_T2;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_T3;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_T4;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_T6;
import static org.xenarium.gnttab.rule.GrantRule.COPY_06;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Pins;
import org.xenarium.gnttab.table.SharedEntries;

/**
 * Source or destination of a copy: what the current element names, and the page that is held from this or an earlier element (spec §3.5). A
 * page named by reference is held by a pin (the acquire step of §3.5.3), one named by frame number by a page reference only.
 */
final class CopyOperand implements Cloneable {
  /** How far a claim has come. */
  enum Progress {
    MORE,
    HELD,
    FAILED
  }

  private enum Phase {
    PIN,
    CAS,
    MARK,
    RECHECK,
    FRAME,
    PASS_ON
  }

  private final boolean readonly;

  // What the current element names.
  private int domid;
  private boolean byRef;
  private long word;
  private int offset;

  /** The incarnation of the named domain, once it has been looked up. */
  private int named;

  // What is held.
  private boolean held;
  private int heldDomid;
  private boolean heldByRef;
  private long heldWord;
  private int heldOwner;
  private long mfn;
  private int start;
  private int length;

  /** Version 2: the grant that a transitive one passes on, held like the operand itself. */
  private @Nullable CopyOperand passedOn;

  // A claim on its way.
  private Phase next = Phase.PIN;
  private int header;
  private int attempts;
  private @Nullable GrantRule failure;

  CopyOperand(boolean readonly) {
    this.readonly = readonly;
  }

  CopyOperand copy() {
    try {
      CopyOperand copy = (CopyOperand) clone();
      copy.passedOn = passedOn == null ? null : passedOn.copy();
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes over what an element names; a reference is the low half of the word. */
  void name(int namedDomid, boolean namedByRef, long namedWord, int namedOffset) {
    domid = namedDomid;
    byRef = namedByRef;
    word = namedByRef ? namedWord & 0xffff_ffffL : namedWord;
    offset = namedOffset;
  }

  /** Has the named domain been looked up, or is a pin held, in the table of that incarnation? */
  boolean refersTo(int incarnation, boolean claiming) {
    return (claiming && named == incarnation)
        || (held && heldOwner == incarnation)
        || (passedOn != null && passedOn.refersTo(incarnation, false));
  }

  int offset() {
    return offset;
  }

  boolean isHeld() {
    return held;
  }

  /** The element names another domain than the one whose page is held. */
  boolean namesOtherDomain() {
    return held && heldDomid != domid;
  }

  /** The page held is the one that the element names; it is not looked at again then. */
  boolean isClaimed() {
    return held && heldOwner == named && heldByRef == byRef && heldWord == word;
  }

  /** A frame number may only go with DOMID_SELF. */
  boolean isForbiddenFrame() {
    return !byRef && domid != DomId.SELF;
  }

  /** Looks the named domain up; from now on the operand means this one, whatever becomes of the id. */
  @Nullable Domain find(Vcpu vcpu) {
    Domain found = vcpu.world().domainOrSelf(domid, vcpu.domain());
    named = found == null ? 0 : found.incarnation();
    return found;
  }

  /** The page that is held. */
  long mfn() {
    return mfn;
  }

  /** Visits the pin by which a page is held for {@code holder}, and that of what was passed on. */
  void forEachPin(int holder, GrantCall.PinVisitor visitor) {
    if (held && heldByRef) {
      visitor.pin(heldOwner, (int) heldWord, readonly, holder);
    }
    if (passedOn != null) {
      passedOn.forEachPin(Domain.idOf(heldOwner), visitor);
    }
  }

  /** Where the held page's bytes begin. */
  long address(MachineMemory memory) {
    return memory.address(mfn);
  }

  /** Is that range of the page inside what is granted? */
  boolean spans(int count) {
    return offset >= start && offset + count <= start + length;
  }

  /** Why the claim failed; reading it ends the claim. */
  GrantRule takeFailure() {
    GrantRule rule = BatchOperation.ruleOf(failure);
    failure = null;
    return rule;
  }

  /** One step of claiming what the element names. The operand must hold nothing. */
  Progress claim(Vcpu vcpu) {
    return claim(BatchOperation.found(vcpu.world(), named), vcpu.domain(), false);
  }

  private Progress claim(Domain owner, Domain caller, boolean passedOnAlready) {
    if (!byRef) {
      mfn = owner.physmap().lookupOwnedAndGet(word);
      length = MachineMemory.PAGE_SIZE;
      return mfn == Mfn.NONE ? fail(COPY_06) : hold(owner);
    }
    return switch (next) {
      case PIN -> pin(owner, caller);
      case CAS -> compareAndSwap(owner, caller);
      case MARK -> mark(owner, caller);
      case RECHECK -> recheck(owner, caller);
      case FRAME -> frame(owner, caller);
      case PASS_ON -> passOn(owner, caller, passedOnAlready);
    };
  }

  private Progress pin(Domain owner, Domain caller) {
    GrantTable table = GrantTable.of(owner);
    if (!table.contains(ref())) {
      return fail(CLAIM_01);
    }
    ActiveEntries active = table.active();
    int pin = active.pin(ref());
    if (pin != 0 && active.domid(ref()) != caller.id()) {
      return fail(CLAIM_02A);
    }
    if (Pins.isFull(pin, readonly)) {
      return fail(CLAIM_02B);
    }
    if (pin == 0 || (!readonly && !Pins.isWritePinned(pin))) {
      header = SharedEntries.header(owner, table, ref());
      next = table.version() == 1 ? Phase.CAS : Phase.MARK;
      return Progress.MORE;
    }
    if (table.version() == 2 && Marking.isTransitive(SharedEntries.header(owner, table, ref()))) {
      next = Phase.PASS_ON;
      return Progress.MORE;
    }
    return pinAgain(owner, active);
  }

  /** Pinned well enough already: the shared entry does not matter, but a dying owner does. */
  private Progress pinAgain(Domain owner, ActiveEntries active) {
    long pinned = active.mfn(ref());
    if (owner.life() != Life.ALIVE || !owner.world().memory().get(pinned, owner.incarnation())) {
      return fail(CLAIM_05);
    }
    mfn = pinned;
    start = active.start(ref());
    length = active.length(ref());
    active.increment(ref(), readonly);
    return hold(owner);
  }

  private Progress compareAndSwap(Domain owner, Domain caller) {
    GrantTable table = GrantTable.of(owner);
    GrantRule refusal = refusal(table, caller.id());
    if (refusal != null) {
      return fail(refusal);
    }
    if (SharedEntries.compareAndSet(owner, table, ref(), header, Marking.marked(header, readonly))) {
      next = Phase.FRAME;
      return Progress.MORE;
    }
    header = SharedEntries.header(owner, table, ref());
    return ++attempts == Marking.ATTEMPTS ? fail(CLAIM_04D) : Progress.MORE;
  }

  /** Version 2: the header is only looked at, the mark goes into the status word. */
  private Progress mark(Domain owner, Domain caller) {
    GrantTable table = GrantTable.of(owner);
    GrantRule refusal = refusal(table, caller.id());
    if (refusal != null) {
      return fail(refusal);
    }
    SharedEntries.setStatus(owner, table, ref(), Marking.marked(0, readonly));
    next = Phase.RECHECK;
    return Progress.MORE;
  }

  /** Version 2: the header must still allow the request, else the mark is taken back. */
  private Progress recheck(Domain owner, Domain caller) {
    GrantTable table = GrantTable.of(owner);
    header = SharedEntries.header(owner, table, ref());
    if (refusal(table, caller.id()) != null) {
      SharedEntries.clearStatus(owner, table, ref(), Marking.takenBack(table.active().pin(ref())));
      return fail(CLAIM_04G);
    }
    next = Marking.isTransitive(header) ? Phase.PASS_ON : Phase.FRAME;
    return Progress.MORE;
  }

  private @Nullable GrantRule refusal(GrantTable table, int caller) {
    int pin = table.active().pin(ref());
    boolean passesOn = table.version() == 2 && Marking.isTransitive(header);
    if (pin == 0 && !passesOn && !Marking.permitsAccess(header, false)) {
      return CLAIM_04A;
    }
    if (pin == 0 && !Marking.isFor(header, caller)) {
      return CLAIM_04B;
    }
    return !readonly && Marking.isReadonly(header) ? CLAIM_04C : null;
  }

  /** The frame that the entry names now; for a write upgrade it must still be the pinned one. */
  private Progress frame(Domain owner, Domain caller) {
    GrantTable table = GrantTable.of(owner);
    ActiveEntries active = table.active();
    int pin = active.pin(ref());
    boolean part = table.version() == 2 && Marking.isSubPage(SharedEntries.header(owner, table, ref()));
    mfn = owner.physmap().lookupOwnedAndGet(SharedEntries.frame(owner, table, ref()));
    start = part ? SharedEntries.pageOffset(owner, table, ref()) & ActiveEntries.START_MASK : 0;
    length = part ? SharedEntries.length(owner, table, ref()) : MachineMemory.PAGE_SIZE;
    if (mfn == Mfn.NONE || (pin != 0 && !isPinned(active, part))) {
      if (mfn != Mfn.NONE) {
        owner.world().memory().put(mfn);
      }
      SharedEntries.reduce(owner, table, ref(), pin, readonly);
      return fail(mfn == Mfn.NONE ? CLAIM_04E : CLAIM_04F);
    }
    if (pin == 0) {
      active.pinFirst(ref(), readonly, caller.id(), mfn);
      if (part) {
        active.setPart(ref(), start, length, owner.id(), ref());
      }
    } else {
      active.increment(ref(), readonly);
    }
    return hold(owner);
  }

  /** Is what was found what the entry has pinned? */
  private boolean isPinned(ActiveEntries active, boolean part) {
    return mfn == active.mfn(ref()) && part == active.isPart(ref()) && start == active.start(ref()) && length == active.length(ref());
  }

  /** Version 2: claims the grant that a transitive one names, for the domain that passes it on; one hop only (spec §3.5.4). */
  private Progress passOn(Domain owner, Domain caller, boolean passedOnAlready) {
    GrantTable table = GrantTable.of(owner);
    int domidBehind = SharedEntries.transitiveDomid(owner, table, ref());
    Domain behind = owner.world().domain(domidBehind);
    if (passedOnAlready || domidBehind == owner.id() || behind == null) {
      return failMarked(owner, table, passedOnAlready ? CLAIM_T2 : behind == null ? CLAIM_T4 : CLAIM_T3);
    }
    CopyOperand hop = new CopyOperand(readonly);
    hop.name(domidBehind, true, SharedEntries.transitiveRef(owner, table, ref()), 0);
    Progress progress;
    do {
      progress = hop.claim(behind, owner, true);
    } while (progress == Progress.MORE);
    if (progress == Progress.FAILED) {
      return failMarked(owner, table, hop.takeFailure());
    }
    ActiveEntries active = table.active();
    mfn = hop.mfn;
    start = hop.start;
    length = hop.length;
    if (active.pin(ref()) == 0) {
      active.pinFirst(ref(), readonly, caller.id(), mfn);
      active.setPart(ref(), start, length, behind.id(), hop.ref());
    } else if (isPinned(active, true) && active.sourceDomid(ref()) == behind.id() && active.sourceRef(ref()) == hop.ref()) {
      active.increment(ref(), readonly);
    } else {
      hop.unpin(owner.world());
      owner.world().memory().put(mfn);
      return failMarked(owner, table, CLAIM_T6);
    }
    passedOn = hop;
    return hold(owner);
  }

  private Progress failMarked(Domain owner, GrantTable table, GrantRule rule) {
    SharedEntries.reduce(owner, table, ref(), table.active().pin(ref()), readonly);
    return fail(rule);
  }

  private Progress hold(Domain owner) {
    endClaim();
    held = true;
    heldDomid = domid;
    heldByRef = byRef;
    heldWord = word;
    heldOwner = owner.incarnation();
    return Progress.HELD;
  }

  private Progress fail(GrantRule rule) {
    endClaim();
    mfn = 0;
    start = 0;
    length = 0;
    failure = rule;
    return Progress.FAILED;
  }

  private void endClaim() {
    next = Phase.PIN;
    header = 0;
    attempts = 0;
  }

  /** Gives the held page back: pin, flags, page reference (C6). */
  void release(Vcpu vcpu) {
    unpin(vcpu.world());
    vcpu.world().memory().put(mfn);
    passedOn = null;
    start = 0;
    length = 0;
    held = false;
    heldDomid = 0;
    heldByRef = false;
    heldWord = 0;
    heldOwner = 0;
    mfn = 0;
  }

  /** Takes the pin back, and that of what was passed on; the page reference stays. */
  private void unpin(World world) {
    if (heldByRef) {
      GrantTable.of(BatchOperation.found(world, heldOwner)).unpin((int) heldWord, readonly);
    }
    if (passedOn != null) {
      passedOn.unpin(world);
    }
  }

  /** The lock held in the middle of a claim. */
  long holds() {
    return next == Phase.PIN ? Lock.NONE : claimLock();
  }

  /** The lock that a claim needs. */
  long claimLock() {
    return byRef ? Lock.entry(named, ref()) : Lock.NONE;
  }

  /** Version 2: the lock of the entry that a transitive one passes on, which claim and release touch in the same step. */
  long passedOnLock(Vcpu vcpu) {
    if (passedOn != null) {
      return passedOn.releaseLock();
    }
    if (next != Phase.PASS_ON) {
      return Lock.NONE;
    }
    Domain passing = BatchOperation.found(vcpu.world(), named);
    GrantTable table = GrantTable.of(passing);
    Domain behind = vcpu.world().domain(SharedEntries.transitiveDomid(passing, table, ref()));
    return behind == null ? Lock.NONE : Lock.entry(behind.incarnation(), SharedEntries.transitiveRef(passing, table, ref()));
  }

  /** The lock that the release needs. */
  long releaseLock() {
    return held && heldByRef ? Lock.entry(heldOwner, (int) heldWord) : Lock.NONE;
  }

  private int ref() {
    return (int) word;
  }

  /** Forgets what the finished element named. */
  void forget() {
    domid = 0;
    byRef = false;
    word = 0;
    offset = 0;
    named = 0;
  }

  void digest(Digest digest) {
    digest.add(domid).add(byRef).add(word).add(offset).add(named);
    digest.add(held).add(heldDomid).add(heldByRef).add(heldWord).add(heldOwner).add(mfn);
    digest.add(start).add(length).add(passedOn != null);
    if (passedOn != null) {
      passedOn.digest(digest);
    }
    digest.add(next).add(header).add(attempts).add(failure);
  }
}
