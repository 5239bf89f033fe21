package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_get_version} (spec §1.2): offsets in bytes. */
public final class GetVersionLayout {
  public static final int SIZE = 8;

  /** u16, in. */
  public static final int DOM = 0;
  /** u32, out. */
  public static final int VERSION = 4;

  private GetVersionLayout() {}
}
