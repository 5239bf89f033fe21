package org.xenarium.gnttab.abi;

/** Layout of {@code struct gnttab_swap_grant_ref} (spec §1.2): offsets in bytes. */
public final class SwapLayout {
  public static final int SIZE = 12;

  /** u32, in. */
  public static final int REF_A = 0;
  /** u32, in. */
  public static final int REF_B = 4;
  /** s16, out. */
  public static final int STATUS = 8;

  private SwapLayout() {}
}
