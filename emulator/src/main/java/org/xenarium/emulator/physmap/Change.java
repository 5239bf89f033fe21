package org.xenarium.emulator.physmap;

import org.xenarium.emulator.trace.Errno;

/** How a change of a physmap entry ended (spec §6.1, P2 and P3). */
public enum Change {
  DONE(0),
  /** The gfn lies beyond what the root table spans. */
  OUT_OF_REACH(-Errno.EINVAL),
  /** The domain is dying. */
  DYING(-Errno.ENOMEM),
  /** The pool has no page for a table that leads to the entry. */
  NO_TABLE(-Errno.ENOENT),
  /** The pool has not the pages to split the block that the entry is part of. */
  NO_SPLIT(-Errno.ENOMEM),
  /** Another frame than the expected one is mapped there. */
  OTHER_FRAME(-Errno.EILSEQ);

  private final int errno;

  Change(int errno) {
    this.errno = errno;
  }

  /** 0 or the negative errno that Xen uses for it. */
  public int errno() {
    return errno;
  }
}
