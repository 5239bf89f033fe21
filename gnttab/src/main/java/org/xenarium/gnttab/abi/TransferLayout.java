package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_transfer} (spec §1.2): offsets in bytes. */
public final class TransferLayout {
  public static final int SIZE = 24;

  /** u64, in. */
  public static final int MFN = 0;
  /** u16, in. */
  public static final int DOMID = 8;
  /** u32, in. */
  public static final int REF = 12;
  /** s16, out. */
  public static final int STATUS = 16;

  private TransferLayout() {}
}
