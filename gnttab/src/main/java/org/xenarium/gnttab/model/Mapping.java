package org.xenarium.gnttab.model;

import org.jspecify.annotations.Nullable;

/**
 * What a live handle stands for.
 *
 * @param granter id of the domain whose grant it is
 * @param ref the grant, unsigned 32 bits
 * @param frame the machine frame that was granted when it was mapped
 * @param readonly whether the mapper asked for reading only
 * @param gfn where the mapper asked for it, or {@link #SOMEWHERE}: Xen itself does not remember
 */
record Mapping(int granter, int ref, long frame, boolean readonly, long gfn) {
  static final long SOMEWHERE = -1;

  /** Is it the same as far as Xen remembers? */
  boolean agrees(@Nullable Mapping other) {
    return other != null && granter == other.granter && ref == other.ref && frame == other.frame && readonly == other.readonly;
  }

  @Override
  public String toString() {
    String at = gfn == SOMEWHERE ? "" : " at 0x" + Long.toHexString(gfn);
    return "grant " + Integer.toUnsignedString(ref) + " of domain " + granter + ", frame 0x" + Long.toHexString(frame) + (readonly ? ", read-only" : "") + at;
  }
}
