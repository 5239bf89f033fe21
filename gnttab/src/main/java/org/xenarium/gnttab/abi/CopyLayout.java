package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_copy} (spec §1.2): offsets in bytes. */
public final class CopyLayout {
  public static final int SIZE = 40;

  /** u64, in: a gfn, or a u32 grant reference when {@link CopyFlags#SOURCE_GREF} is set. */
  public static final int SOURCE = 0;
  /** u16, in. */
  public static final int SOURCE_DOMID = 8;
  /** u16, in. */
  public static final int SOURCE_OFFSET = 10;
  /** u64, in: a gfn, or a u32 grant reference when {@link CopyFlags#DEST_GREF} is set. */
  public static final int DEST = 16;
  /** u16, in. */
  public static final int DEST_DOMID = 24;
  /** u16, in. */
  public static final int DEST_OFFSET = 26;
  /** u16, in: bytes. */
  public static final int LEN = 32;
  /** u16, in: {@link CopyFlags}. */
  public static final int FLAGS = 34;
  /** s16, out. */
  public static final int STATUS = 36;

  private CopyLayout() {}
}
