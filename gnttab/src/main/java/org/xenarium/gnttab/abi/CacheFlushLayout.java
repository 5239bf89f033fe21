package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_cache_flush} (spec §1.2): offsets in bytes. */
public final class CacheFlushLayout {
  public static final int SIZE = 16;

  /** u64, in: a machine address. */
  public static final int DEV_BUS_ADDR = 0;
  /** u16, in. */
  public static final int OFFSET = 8;
  /** u16, in. */
  public static final int LENGTH = 10;
  /** u32, in: {@link CacheFlags}. */
  public static final int OP = 12;

  private CacheFlushLayout() {}
}
