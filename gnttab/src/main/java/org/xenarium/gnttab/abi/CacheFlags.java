package org.xenarium.gnttab.abi;

/** Bits of the {@code op} of a cache_flush element, {@code GNTTAB_CACHE_*} (spec §1.2). */
public final class CacheFlags {
  public static final int CLEAN = 1;
  public static final int INVAL = 2;
  public static final int SOURCE_GREF = 0x80000000;

  private CacheFlags() {}
}
