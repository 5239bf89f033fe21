package org.xenarium.emulator.domain;

/**
 * What a guest's load or store to a hole does, as an option of {@link DomainConfig} (spec §0, V27). Only Xen 4.21 and later can create a domain
 * with another choice than {@link #ABORT}.
 */
public enum HoleAccess {
  /** An abort is injected into the guest. */
  ABORT,
  /** A load reads all ones, a store is dropped. An atomic access aborts all the same, as Xen cannot perform it for the guest. */
  READ_ONES
}
