package org.xenarium.gnttab.abi;

/** Bits of the {@code flags} of a copy element, {@code GNTCOPY_*}; other bits are ignored (spec §1.2). */
public final class CopyFlags {
  public static final int SOURCE_GREF = 1;
  public static final int DEST_GREF = 2;

  private CopyFlags() {}
}
