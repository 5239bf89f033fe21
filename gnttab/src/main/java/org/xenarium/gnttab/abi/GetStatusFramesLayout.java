package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_get_status_frames} (spec §1.2): offsets in bytes. */
public final class GetStatusFramesLayout {
  public static final int SIZE = 16;

  /** u32, in. */
  public static final int NR_FRAMES = 0;
  /** u16, in. */
  public static final int DOM = 4;
  /** s16, out. */
  public static final int STATUS = 6;
  /** guest address of an array of u64, out. */
  public static final int FRAME_LIST = 8;

  private GetStatusFramesLayout() {}
}
