package org.xenarium.emulator.semantics;

/** The kind of machine and guest that Xen was built for. */
public enum Profile {
  /** Arm64 guests. */
  ARM,
  /**
   * Translated x86 guests (HVM, PVH): SILO is not the default policy, and what hangs on {@link Difference#CACHE_FLUSH_ON_ARM_ONLY} is gone. What
   * x86 does otherwise to the physmap is not emulated: there all is as on Arm.
   */
  HVM
}
