package org.xenarium.emulator;

import org.xenarium.emulator.domain.Vcpu;

/** How long things take in virtual time. Holds no state: all copies of a machine share it. */
@FunctionalInterface
public interface CostModel {
  /** 100 ns for a step inside the hypervisor, 10 ns for one of guest code: orders of magnitude, not measurements. */
  CostModel DEFAULT = vcpu -> vcpu.call() != null || vcpu.atHypercall() ? 100 : 10;

  /** Virtual nanoseconds of the step that the vCPU is about to take; not negative. */
  long nanos(Vcpu vcpu);

  /** Virtual nanoseconds of a step of a domain's destruction. */
  default long deathNanos() {
    return 100;
  }

  /** Virtual nanoseconds from the moment at which an event is told to a vCPU until its interrupt is there. */
  default long interruptNanos() {
    return 1000;
  }
}
