package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_map_grant_ref} (spec §1.2): offsets in bytes. */
public final class MapLayout {
  public static final int SIZE = 32;

  /** u64, in: guest-physical address to map at. */
  public static final int HOST_ADDR = 0;
  /** u32, in: {@link MapFlags}. */
  public static final int FLAGS = 8;
  /** u32, in. */
  public static final int REF = 12;
  /** u16, in: the granting domain. */
  public static final int DOM = 16;
  /** s16, out. */
  public static final int STATUS = 18;
  /** u32, out. */
  public static final int HANDLE = 20;
  /** u64, out: machine address of the granted frame. */
  public static final int DEV_BUS_ADDR = 24;

  private MapLayout() {}
}
