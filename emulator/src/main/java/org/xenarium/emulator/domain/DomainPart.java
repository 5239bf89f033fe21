package org.xenarium.emulator.domain;

import org.xenarium.emulator.state.Digest;

/**
 * What a module keeps per domain: created with the domain, copied and digested with it, and asked for its share when the domain dies. The
 * emulator's side of the grant tables' floor.
 */
public interface DomainPart {
  /** This part for the copied domain, which belongs to another world. */
  DomainPart copy(Domain copied);

  void digest(Digest digest);

  /** Makes the part safe to copy from several threads, until it is written to. */
  void freeze();

  /**
   * One step of giving back what the dying domain holds of others (spec §5.1, step 2). Asked again until nothing is left.
   *
   * @return false when nothing was left to do
   */
  boolean release();

  /** A global virtual interrupt for the domain, see {@link Virq}. */
  default void virq(int virq) {}

  /** The lock that the next {@link #release} needs, see {@link Lock}. */
  default long releaseNeeds() {
    return Lock.NONE;
  }
}
