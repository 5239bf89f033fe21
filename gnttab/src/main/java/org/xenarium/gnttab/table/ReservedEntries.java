package org.xenarium.gnttab.table;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.gnttab.abi.GrantFlags;

/**
 * The first entries of a table, which the toolstack may have seeded: all that is left of a table when its version changes (spec §4). They are
 * kept as version 1 has them, with the bits that the hypervisor sets among the flags.
 */
final class ReservedEntries {
  static final int COUNT = 8;

  private static final int STATUS_BITS = GrantFlags.READING | GrantFlags.WRITING;

  private final int[] headers = new int[COUNT];
  private final long[] frames = new long[COUNT];

  private ReservedEntries() {}

  /** Those of a table of version 1. */
  static ReservedEntries ofVersion1(Domain domain, GrantTable table) {
    ReservedEntries kept = new ReservedEntries();
    for (int ref = 0; ref < COUNT; ref++) {
      kept.headers[ref] = SharedEntries.header(domain, table, ref);
      kept.frames[ref] = SharedEntries.frame(domain, table, ref);
    }
    return kept;
  }

  /** Those of a table of version 2 that grant access; the others become unused ones. */
  static ReservedEntries ofVersion2(Domain domain, GrantTable table) {
    ReservedEntries kept = new ReservedEntries();
    for (int ref = 0; ref < COUNT; ref++) {
      int header = SharedEntries.header(domain, table, ref);
      if ((header & GrantFlags.TYPE_MASK) == GrantFlags.PERMIT_ACCESS) {
        kept.headers[ref] = header | SharedEntries.status(domain, table, ref);
        kept.frames[ref] = SharedEntries.frame(domain, table, ref);
      }
    }
    return kept;
  }

  void writeAsVersion1(Domain domain, GrantTable table) {
    for (int ref = 0; ref < COUNT; ref++) {
      SharedEntries.write(domain, table, ref, headers[ref], frames[ref]);
    }
  }

  /** The bits that the hypervisor sets go to the status words. */
  void writeAsVersion2(Domain domain, GrantTable table) {
    for (int ref = 0; ref < COUNT; ref++) {
      SharedEntries.write(domain, table, ref, headers[ref] & ~STATUS_BITS, frames[ref]);
      SharedEntries.setStatus(domain, table, ref, headers[ref] & STATUS_BITS);
    }
  }

  /** False when one of them cannot be expressed in version 1: it is transitive, or its frame needs more than 32 bits. */
  static boolean fitVersion1(Domain domain, GrantTable table) {
    for (int ref = 0; ref < COUNT; ref++) {
      int type = SharedEntries.header(domain, table, ref) & GrantFlags.TYPE_MASK;
      boolean wide = type == GrantFlags.PERMIT_ACCESS && SharedEntries.frame(domain, table, ref) >>> Integer.SIZE != 0;
      if (type == GrantFlags.TRANSITIVE || wide) {
        return false;
      }
    }
    return true;
  }

  /** True while one of them is pinned as a part of a page. */
  static boolean anyIsPart(ActiveEntries active) {
    for (int ref = 0; ref < COUNT; ref++) {
      if (active.isPart(ref)) {
        return true;
      }
    }
    return false;
  }
}
