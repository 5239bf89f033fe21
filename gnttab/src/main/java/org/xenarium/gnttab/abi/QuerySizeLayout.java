package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_query_size} (spec §1.2): offsets in bytes. */
public final class QuerySizeLayout {
  public static final int SIZE = 16;

  /** u16, in. */
  public static final int DOM = 0;
  /** u32, out. */
  public static final int NR_FRAMES = 4;
  /** u32, out. */
  public static final int MAX_NR_FRAMES = 8;
  /** s16, out. */
  public static final int STATUS = 12;

  private QuerySizeLayout() {}
}
