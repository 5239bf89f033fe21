package org.xenarium.emulator.domain;

/** Where a domain stands between creation and disappearance (spec §5.1). */
public enum Life {
  ALIVE,
  /** Being torn down; its vCPUs have stopped for good. */
  DYING,
  /** Torn down, but still in the domain list because somebody refers to a page of it: a zombie. */
  DEAD
}
