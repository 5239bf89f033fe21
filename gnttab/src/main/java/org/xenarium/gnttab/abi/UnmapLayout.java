package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_unmap_grant_ref} (spec §1.2): offsets in bytes. */
public final class UnmapLayout {
  public static final int SIZE = 24;

  /** u64, in. */
  public static final int HOST_ADDR = 0;
  /** u64, in: ignored on Arm. */
  public static final int DEV_BUS_ADDR = 8;
  /** u32, in. */
  public static final int HANDLE = 16;
  /** s16, out. */
  public static final int STATUS = 20;

  private UnmapLayout() {}
}
