package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_set_version} (spec §1.2): offsets in bytes. */
public final class SetVersionLayout {
  public static final int SIZE = 4;

  /** u32, in and out. */
  public static final int VERSION = 0;

  private SetVersionLayout() {}
}
