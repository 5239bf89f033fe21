package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.COPY_06;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantCall;

/**
 * Source or destination of a copy: what the current element names, and the page that is held from this or an earlier element (spec §3.5). A
 * page named by reference is held by a {@link GrantClaim}, one named by frame number by a page reference only.
 */
final class CopyOperand implements Cloneable {
  // What the current element names.
  private int domid;
  private boolean byRef;
  private long word;
  private int offset;

  /** The incarnation of the named domain, once it has been looked up. */
  private int named;

  // What is held: a claim, or a frame.
  private boolean held;
  private int heldDomid;
  private int heldOwner;
  private boolean heldByRef;
  private long heldWord;
  private GrantClaim claim;
  private long frame;

  CopyOperand(boolean readonly) {
    claim = new GrantClaim(readonly, true);
  }

  CopyOperand copy() {
    try {
      CopyOperand copy = (CopyOperand) clone();
      copy.claim = claim.copy();
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
    return (claiming && named == incarnation) || (held && heldOwner == incarnation) || claim.refersTo(incarnation);
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

  /** The machine frame of the held page. */
  long mfn() {
    return heldByRef ? claim.mfn() : frame;
  }

  /** Visits the pins by which a page is held. */
  void forEachPin(GrantCall.PinVisitor visitor) {
    claim.forEachPin(visitor);
  }

  /** Is that range of the page inside what is granted? */
  boolean spans(int count) {
    int start = heldByRef ? claim.start() : 0;
    int length = heldByRef ? claim.length() : MachineMemory.PAGE_SIZE;
    return offset >= start && offset + count <= start + length;
  }

  /** Why the claim failed; reading it ends the claim. */
  GrantRule takeFailure() {
    return byRef ? claim.takeFailure() : COPY_06;
  }

  /** One step of claiming what the element names. The operand must hold nothing. */
  GrantClaim.Progress claim(Vcpu vcpu) {
    if (!byRef) {
      frame = vcpu.domain().physmap().lookupOwnedAndGet(word);
      return held(frame == Mfn.NONE ? GrantClaim.Progress.FAILED : GrantClaim.Progress.HELD);
    }
    if (claim.isIdle()) {
      claim.begin(named, (int) word, vcpu.domain().id());
    }
    return held(claim.step(vcpu.world()));
  }

  private GrantClaim.Progress held(GrantClaim.Progress progress) {
    if (progress == GrantClaim.Progress.HELD) {
      held = true;
      heldDomid = domid;
      heldOwner = named;
      heldByRef = byRef;
      heldWord = word;
    } else if (progress == GrantClaim.Progress.FAILED) {
      frame = 0;
    }
    return progress;
  }

  /** One step of giving the held page back (C6). True when nothing is left. */
  boolean release(World world) {
    if (heldByRef && !claim.release(world)) {
      return false;
    }
    if (!heldByRef) {
      world.memory().put(frame);
    }
    frame = 0;
    held = false;
    heldDomid = 0;
    heldOwner = 0;
    heldByRef = false;
    heldWord = 0;
    return true;
  }

  /** The lock held in the middle of a claim. */
  long holds() {
    return claim.holds();
  }

  /** The lock that the next step of claim or release needs. */
  long needs() {
    if (!claim.isIdle()) {
      return claim.needs();
    }
    return !held && byRef ? Lock.entry(named, (int) word) : Lock.NONE;
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
    digest.add(held).add(heldDomid).add(heldByRef).add(heldWord).add(heldOwner).add(frame);
    claim.digest(digest);
  }
}
