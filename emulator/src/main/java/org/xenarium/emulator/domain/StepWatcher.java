package org.xenarium.emulator.domain;

import org.xenarium.emulator.trace.Rule;

/**
 * Told before and after every indivisible step of a machine, of vCPUs and of dying domains. It watches only: nothing that it does may reach
 * back into the machine. Whatever changes between an end and the next beginning was done from outside, by who builds or drives the machine.
 */
public interface StepWatcher {
  /** Watches nothing. */
  StepWatcher NONE = new StepWatcher() {};

  /** The vCPU is about to take a step, of the hypercall that it is in or at, or of its guest code. */
  default void before(Vcpu vcpu) {}

  /** The vCPU has taken the step. */
  default void after(Vcpu vcpu) {}

  /** A rule decided an element of the call in flight; within a step. */
  default void decided(Vcpu vcpu, long element, Rule rule) {}

  /** A call of guest code into a driver is about to take a step, within a step of the vCPU; calls can be made of calls. */
  default void beforeCall(Vcpu vcpu, Routine call) {}

  /** The call has taken the step. With its last one {@code isOver} says that it has ended: its value is in x0, unless the guest has panicked. */
  default void afterCall(Vcpu vcpu, Routine call, boolean isOver) {}

  /** Guest code says by which rule it went, as it tells a trace; within a step. */
  default void guest(Vcpu vcpu, Rule rule, long value) {}

  /** Guest code has loaded or stored {@code size} bytes, or has tried to; within a step. */
  default void accessed(Vcpu vcpu, boolean store, long address, int size) {}

  /** The destruction of that domain is about to go on by a step. */
  default void beforeDeath(Domain domain) {}

  /** The destruction of that domain has gone on by a step; the domain may have left the list. */
  default void afterDeath(Domain domain) {}
}
