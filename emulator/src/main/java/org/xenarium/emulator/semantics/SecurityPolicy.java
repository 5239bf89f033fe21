package org.xenarium.emulator.semantics;

/** The security module that the hypervisor was booted with (spec §2.6). */
public enum SecurityPolicy {
  /** Everything between domains that know of each other; {@code xsm=dummy}. */
  DUMMY,
  /** No grants or event channels between two unprivileged domains; the default of Arm builds since 4.13. */
  SILO
}
