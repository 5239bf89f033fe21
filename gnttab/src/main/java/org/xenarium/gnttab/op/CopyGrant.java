package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.COPY_01;
import static org.xenarium.gnttab.rule.GrantRule.COPY_02;
import static org.xenarium.gnttab.rule.GrantRule.COPY_03;
import static org.xenarium.gnttab.rule.GrantRule.COPY_05;
import static org.xenarium.gnttab.rule.GrantRule.COPY_08;
import static org.xenarium.gnttab.rule.GrantRule.COPY_09;
import static org.xenarium.gnttab.rule.GrantRule.COPY_10;
import static org.xenarium.gnttab.rule.GrantRule.COPY_11;
import static org.xenarium.gnttab.rule.GrantRule.COPY_F5;
import static org.xenarium.gnttab.rule.GrantRule.COPY_F6;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.CopyFlags;
import org.xenarium.gnttab.abi.CopyLayout;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantOptions;

/**
 * GNTTABOP_copy (spec §3.5): the steps C1 to C6 of §8.2. Pages claimed for one element stay claimed for the next ones that name the same; any
 * error, a preemption and the end of the batch release them, the source first.
 */
final class CopyGrant extends BatchOperation {
  private enum Phase {
    COPY_IN,
    CHECK,
    CLAIM_SOURCE,
    CLAIM_DEST,
    COPY,
    RELEASE_SOURCE,
    RELEASE_DEST,
    COPY_OUT,
    END,
    CONTINUE,
    DONE
  }

  private Phase next = Phase.COPY_IN;

  /** Where to go on when both pages are released. */
  private Phase afterRelease = Phase.DONE;

  private CopyOperand source = new CopyOperand(true);
  private CopyOperand dest = new CopyOperand(false);
  private int length;
  private @Nullable GrantRule rule;

  /** What the call fails with once the pages are released. */
  private @Nullable GrantRule failure;

  CopyGrant(int command) {
    super(command, CopyLayout.SIZE);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    next =
        switch (next) {
          case COPY_IN -> copyIn(vcpu);
          case CHECK -> check(vcpu);
          case CLAIM_SOURCE -> claim(vcpu, source, Phase.CLAIM_DEST);
          case CLAIM_DEST -> claim(vcpu, dest, Phase.COPY);
          case COPY -> copy(vcpu.world());
          case RELEASE_SOURCE -> release(vcpu, source);
          case RELEASE_DEST -> release(vcpu, dest);
          case COPY_OUT -> copyOut(vcpu);
          case END -> end(vcpu);
          case CONTINUE -> leave(vcpu);
          case DONE -> Phase.DONE;
        };
    if (next != Phase.DONE) {
      return true;
    }
    next = Phase.COPY_IN;
    vcpu.world().host().keep(command(), this);
    return false;
  }

  /** C1. */
  private Phase copyIn(Vcpu vcpu) {
    if (isDone()) {
      return releaseThen(Phase.END);
    }
    if (element() > 0 && vcpu.preempts()) {
      return releaseThen(Phase.CONTINUE);
    }
    if (!readElement(vcpu)) {
      failure = COPY_F5;
      return releaseThen(Phase.END);
    }
    byte[] struct = vcpu.world().host().scratch;
    int flags = Bytes.getShort(struct, CopyLayout.FLAGS);
    source.name(
        Bytes.getShort(struct, CopyLayout.SOURCE_DOMID),
        (flags & CopyFlags.SOURCE_GREF) != 0,
        Bytes.getLong(struct, CopyLayout.SOURCE),
        Bytes.getShort(struct, CopyLayout.SOURCE_OFFSET));
    dest.name(
        Bytes.getShort(struct, CopyLayout.DEST_DOMID),
        (flags & CopyFlags.DEST_GREF) != 0,
        Bytes.getLong(struct, CopyLayout.DEST),
        Bytes.getShort(struct, CopyLayout.DEST_OFFSET));
    length = Bytes.getShort(struct, CopyLayout.LEN);
    if (length == 0 && vcpu.world().semantics().has(Difference.EMPTY_COPY_OKAY)) {
      rule = COPY_01;
      return Phase.COPY_OUT;
    }
    return source.namesOtherDomain() || dest.namesOtherDomain() ? releaseThen(Phase.CHECK) : Phase.CHECK;
  }

  /** Checks 2 to 5. */
  private Phase check(Vcpu vcpu) {
    Domain from = source.find(vcpu);
    Domain to = dest.find(vcpu);
    GrantRule refusal = vcpu.world().semantics().has(Difference.COPY_DOMAINS_FIRST) ? null : forbiddenOrUnknown(from);
    if (refusal == null && (from == null || to == null)) {
      refusal = COPY_03;
    }
    if (refusal == null && from != null && to != null && !Policy.mayCopy(vcpu.domain(), from, to)) {
      refusal = COPY_05;
    }
    return refusal == null ? Phase.CLAIM_SOURCE : fail(refusal);
  }

  private @Nullable GrantRule forbiddenOrUnknown(@Nullable Domain from) {
    if (source.isForbiddenFrame()) {
      return COPY_02;
    }
    if (from == null) {
      return COPY_03;
    }
    return dest.isForbiddenFrame() ? COPY_02 : null;
  }

  /** C2 and C3. */
  private Phase claim(Vcpu vcpu, CopyOperand operand, Phase then) {
    if (operand.isClaimed()) {
      return then;
    }
    if (operand.isForbiddenFrame()) {
      return fail(COPY_02);
    }
    if (operand.isHeld()) {
      operand.release(vcpu.world());
      return next;
    }
    return switch (operand.claim(vcpu)) {
      case MORE -> next;
      case HELD -> then;
      case FAILED -> fail(operand.takeFailure());
      case RESTART -> releaseThen(Phase.CONTINUE);
    };
  }

  /** C4: checks 8 to 10 and the bytes. */
  private Phase copy(World world) {
    if (source.offset() + length > MachineMemory.PAGE_SIZE || dest.offset() + length > MachineMemory.PAGE_SIZE) {
      return fail(COPY_08);
    }
    if (!source.spans(length)) {
      return fail(COPY_09);
    }
    if (!dest.spans(length)) {
      return fail(COPY_10);
    }
    copyBytes(world);
    rule = COPY_11;
    return Phase.COPY_OUT;
  }

  private void copyBytes(World world) {
    MachineMemory memory = world.memory();
    long from = memory.address(source.mfn()) + source.offset();
    long to = memory.address(dest.mfn()) + dest.offset();
    boolean overlap = Math.abs(from - to) < length;
    if (overlap && GrantOptions.of(world.semantics()).copying() == GrantOptions.Copying.ARM64) {
      Arm64Copy.copy(memory.content(), from, to, length);
    } else {
      memory.content().move(from, to, length);
    }
  }

  private Phase fail(GrantRule because) {
    rule = because;
    return releaseThen(Phase.COPY_OUT);
  }

  private Phase releaseThen(Phase then) {
    afterRelease = then;
    return afterSource();
  }

  private Phase afterSource() {
    if (source.isHeld()) {
      return Phase.RELEASE_SOURCE;
    }
    return dest.isHeld() ? Phase.RELEASE_DEST : takeAfterRelease();
  }

  private Phase takeAfterRelease() {
    Phase then = afterRelease;
    afterRelease = Phase.DONE;
    return then;
  }

  /** C6. */
  private Phase release(Vcpu vcpu, CopyOperand operand) {
    return operand.release(vcpu.world()) ? afterSource() : next;
  }

  /** C5. */
  private Phase copyOut(Vcpu vcpu) {
    GrantRule decided = ruleOf(rule);
    decided(vcpu, decided);
    boolean written = writeStatus(vcpu, CopyLayout.STATUS, decided.result());
    source.forget();
    dest.forget();
    length = 0;
    rule = null;
    if (!written) {
      failure = COPY_F6;
      return releaseThen(Phase.END);
    }
    nextElement();
    return Phase.COPY_IN;
  }

  private Phase end(Vcpu vcpu) {
    GrantRule failed = failure;
    failure = null;
    if (failed == null) {
      endBatch(vcpu);
    } else {
      end(vcpu, failed);
    }
    return Phase.DONE;
  }

  /** Leaves for a preemption, or to begin the element again; what it named is read anew then. */
  private Phase leave(Vcpu vcpu) {
    source.forget();
    dest.forget();
    length = 0;
    continueLater(vcpu, 0);
    return Phase.DONE;
  }

  @Override
  public Routine copy() {
    CopyGrant copy = (CopyGrant) super.copy();
    copy.source = source.copy();
    copy.dest = dest.copy();
    return copy;
  }

  @Override
  public void forEachPin(Vcpu vcpu, PinVisitor visitor) {
    source.forEachPin(visitor);
    dest.forEachPin(visitor);
  }

  @Override
  public void forEachWindow(WindowVisitor visitor) {
    if (dest.isHeld()) {
      visitor.window(dest.mfn(), dest.offset(), length);
    }
  }

  @Override
  public boolean refersTo(int incarnation) {
    boolean claiming = next == Phase.CLAIM_SOURCE || next == Phase.CLAIM_DEST;
    return source.refersTo(incarnation, claiming) || dest.refersTo(incarnation, claiming);
  }

  @Override
  public long holds(Vcpu vcpu) {
    return switch (next) {
      case CLAIM_SOURCE -> source.holds();
      case CLAIM_DEST -> dest.holds();
      default -> Lock.NONE;
    };
  }

  @Override
  public long needs(Vcpu vcpu) {
    return switch (next) {
      case CLAIM_SOURCE -> source.isClaimed() ? Lock.NONE : source.needs();
      case CLAIM_DEST -> dest.isClaimed() ? Lock.NONE : dest.needs();
      case RELEASE_SOURCE -> source.needs();
      case RELEASE_DEST -> dest.needs();
      case COPY_IN, CHECK, COPY, COPY_OUT, END, CONTINUE, DONE -> Lock.NONE;
    };
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(next).add(afterRelease).add(length);
    digest.add(rule).add(failure);
    source.digest(digest);
    dest.digest(digest);
  }
}
