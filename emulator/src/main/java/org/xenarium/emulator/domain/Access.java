package org.xenarium.emulator.domain;

/** What becomes of a guest's load or store (spec §0 and §3.3.6). */
public enum Access {
  DONE,
  /** Nothing is mapped there: an abort is injected into the guest. */
  ABORT,
  /** The mapping does not allow it: the vCPU executes the same instruction for ever. */
  STUCK
}
