package org.xenarium.emulator.semantics;

/** The kind of machine and guest that Xen was built for. */
public enum Profile {
  /** Arm64 guests: grant tables of version 1, unless the host was booted with {@code gnttab=max-ver:2}. */
  ARM,
  /**
   * Translated x86 guests (HVM, PVH), as far as grant tables go: version 2 is allowed, SILO is not the default policy, and {@code cache_flush}
   * is gone since 4.21 (V26). All else is as on Arm; what x86 does otherwise to the physmap is not emulated.
   */
  HVM
}
