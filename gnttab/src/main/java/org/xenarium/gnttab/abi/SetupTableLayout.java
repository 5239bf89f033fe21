package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_setup_table} (spec §1.2): offsets in bytes. */
public final class SetupTableLayout {
  public static final int SIZE = 24;

  /** u16, in. */
  public static final int DOM = 0;
  /** u32, in. */
  public static final int NR_FRAMES = 4;
  /** s16, out. */
  public static final int STATUS = 8;
  /** guest address of an array of u64, out. */
  public static final int FRAME_LIST = 16;

  private SetupTableLayout() {}
}
