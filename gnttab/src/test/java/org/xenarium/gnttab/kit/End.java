package org.xenarium.gnttab.kit;

import org.xenarium.emulator.domain.DomId;

/** Source or destination of a copy: a grant of a domain, or a frame of the caller. */
public record End(boolean byRef, int domid, long word, int offset) {
  /** The page behind reference {@code ref} of domain {@code dom}. */
  public static End grant(int dom, int ref) {
    return new End(true, dom, Integer.toUnsignedLong(ref), 0);
  }

  /** The caller's own page at guest frame {@code gfn}. */
  public static End own(long gfn) {
    return new End(false, DomId.SELF, gfn, 0);
  }

  /** A page by frame number with whatever domid. */
  public static End frameOf(int dom, long gfn) {
    return new End(false, dom, gfn, 0);
  }

  public End at(int newOffset) {
    return new End(byRef, domid, word, newOffset);
  }
}
