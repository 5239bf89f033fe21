package org.xenarium.gnttab.model;

import org.jspecify.annotations.Nullable;
import org.xenarium.gnttab.abi.GrantFlags;

/**
 * What a granter has stored in a shared entry.
 *
 * @param flags the flags word without the bits that Xen sets
 * @param domid whom it is for
 * @param frame a guest frame of the granter's
 * @param told the bits that Xen sets, which say whether the grant is in use: reading and writing
 * @param version of the table, 1 or 2
 */
record Entry(int flags, int domid, long frame, int told, int version) {
  static final int TOLD = GrantFlags.READING | GrantFlags.WRITING;

  /** What is found where the frame is read at another moment than the rest. */
  static @Nullable Entry withFrameOf(@Nullable Entry entry, @Nullable Entry later) {
    return entry == null || later == null ? entry : new Entry(entry.flags, entry.domid, later.frame, entry.told, entry.version);
  }

  /** Has the granter stored the same in that one? */
  boolean says(@Nullable Entry other) {
    return other != null && flags == other.flags && domid == other.domid && frame == other.frame && version == other.version;
  }

  boolean isReadonly() {
    return (flags & GrantFlags.READONLY) != 0;
  }

  /** Does it permit that domain to map the whole page? */
  boolean permitsMap(int who) {
    return (flags & (GrantFlags.TYPE_MASK | GrantFlags.SUB_PAGE)) == GrantFlags.PERMIT_ACCESS && domid == who;
  }

  /** Does it permit that domain to copy the whole page? Version 1 has no parts of pages: the bit means nothing to a copy. */
  boolean permitsCopy(int who) {
    return (flags & GrantFlags.TYPE_MASK) == GrantFlags.PERMIT_ACCESS && domid == who;
  }

  /** An entry of version 2 that stands for a part of a page, or for another entry. */
  boolean isPart() {
    boolean subPage = (flags & GrantFlags.TYPE_MASK) == GrantFlags.PERMIT_ACCESS && (flags & GrantFlags.SUB_PAGE) != 0;
    return passesOn() || version == 2 && subPage;
  }

  /** An entry of version 2 that stands for another one. */
  boolean passesOn() {
    return version == 2 && (flags & GrantFlags.TYPE_MASK) == GrantFlags.TRANSITIVE;
  }
}
