package org.xenarium.emulator.domain;

import org.xenarium.emulator.state.Digest;

/**
 * Code in flight on a vCPU, guest code or a hypercall: a small state machine that advances by one indivisible step at a time and can be
 * copied and digested between any two. Subclasses keep primitive fields only (or override {@link #copy}) and zero what has lost its meaning.
 */
public abstract class Routine implements Cloneable {
  /**
   * Performs the next indivisible step.
   *
   * @return false when that was the last one
   */
  public abstract boolean step(Vcpu vcpu);

  /** Adds everything that the future depends on. */
  public abstract void digest(Digest digest);

  /** The lock held between the step before and the next one, see {@link Lock}. */
  public long holds(Vcpu vcpu) {
    return Lock.NONE;
  }

  /** The lock that the next step needs. */
  public long needs(Vcpu vcpu) {
    return holds(vcpu);
  }

  /**
   * True while the routine has found the domain of that {@link Domain#incarnation} and not finished with it: the domain may leave the list, but
   * stays within the routine's reach.
   */
  public boolean refersTo(int incarnation) {
    return false;
  }

  /** The routine that takes the step: this one, or the one that it executes. */
  public Routine innermost() {
    return this;
  }

  /** True while the routine waits for something that somebody else must do first; a step would change nothing. */
  public boolean isWaiting(Vcpu vcpu) {
    return false;
  }

  public Routine copy() {
    try {
      return (Routine) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
