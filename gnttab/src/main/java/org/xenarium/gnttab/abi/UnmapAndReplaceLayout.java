package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_unmap_and_replace} (spec §1.2): offsets in bytes. */
public final class UnmapAndReplaceLayout {
  public static final int SIZE = 24;

  /** u64, in. */
  public static final int HOST_ADDR = 0;
  /** u64, in. */
  public static final int NEW_ADDR = 8;
  /** u32, in. */
  public static final int HANDLE = 16;
  /** s16, out. */
  public static final int STATUS = 20;

  private UnmapAndReplaceLayout() {}
}
