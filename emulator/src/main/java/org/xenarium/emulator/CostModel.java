package org.xenarium.emulator;

import org.xenarium.emulator.domain.Vcpu;

/** How long a step takes in virtual time. Holds no state: all copies of a machine share it. */
@FunctionalInterface
public interface CostModel {
  /** 100 ns for a step inside the hypervisor, 10 ns for one of guest code: orders of magnitude, not measurements. */
  CostModel DEFAULT = vcpu -> vcpu.call() != null || vcpu.atHypercall() ? 100 : 10;

  /** Virtual nanoseconds of the step that the vCPU is about to take; not negative. */
  long nanos(Vcpu vcpu);
}
