package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_dump_table} (spec §1.2): offsets in bytes. */
public final class DumpTableLayout {
  public static final int SIZE = 4;

  /** u16, in. */
  public static final int DOM = 0;
  /** s16, out. */
  public static final int STATUS = 2;

  private DumpTableLayout() {}
}
