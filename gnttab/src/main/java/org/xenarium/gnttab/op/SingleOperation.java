package org.xenarium.gnttab.op;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.rule.GrantRule;

/** An operation on one argument struct: copy-in, everything under the table's lock in one step, copy-out. */
abstract class SingleOperation extends Routine {
  private enum Phase {
    COPY_IN,
    PERFORM,
    COPY_OUT
  }

  private final int size;
  private final GrantRule unreadable;
  private final GrantRule unwritable;
  private Phase next = Phase.COPY_IN;
  private @Nullable GrantRule rule;

  SingleOperation(int size, GrantRule unreadable, GrantRule unwritable) {
    this.size = size;
    this.unreadable = unreadable;
    this.unwritable = unwritable;
  }

  /** Takes the fields out of the struct, which is in {@code struct}. */
  abstract void read(byte[] struct);

  /** Does it. */
  abstract GrantRule perform(Vcpu vcpu);

  /**
   * Writes what the operation gives back.
   *
   * @param at guest address of the struct
   * @return false when that could not be written
   */
  abstract boolean write(Vcpu vcpu, long at, GrantRule decided);

  @Override
  public boolean step(Vcpu vcpu) {
    switch (next) {
      case COPY_IN -> {
        byte[] struct = vcpu.world().host().scratch;
        if (!GuestBuffers.read(vcpu.domain(), vcpu.x(1), struct, 0, size)) {
          return end(vcpu, unreadable);
        }
        read(struct);
        next = Phase.PERFORM;
        return true;
      }
      case PERFORM -> {
        rule = perform(vcpu);
        next = Phase.COPY_OUT;
        return true;
      }
      case COPY_OUT -> {
        GrantRule decided = BatchOperation.ruleOf(rule);
        return end(vcpu, write(vcpu, vcpu.x(1), decided) ? decided : unwritable);
      }
    }
    throw new AssertionError(next);
  }

  private static boolean end(Vcpu vcpu, GrantRule decided) {
    vcpu.decided(0, decided);
    vcpu.setX(0, decided.facts().kind() == GrantRule.Kind.STATUS ? 0 : decided.result());
    return false;
  }

  final boolean performsNext() {
    return next == Phase.PERFORM;
  }

  /** The domain that a struct names, or null. */
  static @Nullable Domain target(Vcpu vcpu, int domid) {
    return vcpu.world().domainOrSelf(domid, vcpu.domain());
  }

  @Override
  public void digest(Digest digest) {
    digest.add(size).add(unreadable.ordinal()).add(next.ordinal()).add(rule == null ? -1 : rule.ordinal());
  }
}
