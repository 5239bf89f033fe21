package org.xenarium.emulator.hypercall;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/** A hypercall on one argument struct, whose address is in x1: copy-in, everything else in one step, copy-out. */
public abstract class StructCall extends Routine {
  private enum Phase {
    COPY_IN,
    PERFORM,
    COPY_OUT
  }

  private final int size;
  private final Rule unreadable;
  private final Rule unwritable;
  private Phase next = Phase.COPY_IN;
  private @Nullable Rule rule;

  /**
   * A call on a struct of {@code size} bytes.
   *
   * @param unreadable decides when the struct cannot be read
   * @param unwritable decides when what the call gives back cannot be written
   */
  protected StructCall(int size, Rule unreadable, Rule unwritable) {
    this.size = size;
    this.unreadable = unreadable;
    this.unwritable = unwritable;
  }

  /** Takes the fields out of the struct. */
  protected abstract void read(byte[] struct);

  /** Does it. */
  protected abstract Rule perform(Vcpu vcpu);

  /**
   * Writes what the call gives back.
   *
   * @param at guest address of the struct
   * @return false when that could not be written
   */
  protected abstract boolean write(Vcpu vcpu, long at, Rule decided);

  @Override
  public final boolean step(Vcpu vcpu) {
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
        if (rule == null) {
          throw new IllegalStateException("a call was performed without a rule");
        }
        return end(vcpu, write(vcpu, vcpu.x(1), rule) ? rule : unwritable);
      }
    }
    throw new AssertionError(next);
  }

  private static boolean end(Vcpu vcpu, Rule decided) {
    vcpu.decided(0, decided);
    vcpu.setX(0, decided.facts().kind() == Rule.Kind.STATUS ? 0 : decided.result());
    return false;
  }

  /** The next step is {@link #perform}. */
  protected final boolean performsNext() {
    return next == Phase.PERFORM;
  }

  /** The domain that a struct names, DOMID_SELF being the caller, or null. */
  protected static @Nullable Domain target(Vcpu vcpu, int domid) {
    return vcpu.world().domainOrSelf(domid, vcpu.domain());
  }

  @Override
  public void digest(Digest digest) {
    digest.add(size).add(unreadable.name().hashCode()).add(next).add(rule == null ? 0 : rule.name().hashCode());
  }
}
