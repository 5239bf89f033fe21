package org.xenarium.emulator.trace;

/** What can happen to a domain as a whole (spec §5). */
public enum LifeEvent {
  CREATED,
  PAUSED,
  UNPAUSED,
  /** It runs no more, for a reason of {@code SHUTDOWN_*}; it is alive and listed until somebody destroys it. */
  SHUT_DOWN,
  /** Its event channels are reset; grants stay as they are. */
  SOFT_RESET,
  /** Its destruction has begun. */
  DYING,
  /** It is torn down, and listed because of a page that somebody refers to: a zombie. */
  ZOMBIE,
  /** It has left the domain list; its id can be used again. */
  GONE;

  /** True for what Xen tells the toolstack by VIRQ_DOM_EXC. */
  public boolean isDomainException() {
    return this == SHUT_DOWN || this == ZOMBIE || this == GONE;
  }
}
