package org.xenarium.emulator.hypercall;

/** {@code struct multicall_entry} of 64-bit Arm ({@code xen/include/public/xen.h}): offsets in bytes. */
public final class MulticallLayout {
  public static final int SIZE = 64;

  /** In: the hypercall's number, u64. */
  public static final int OP = 0;

  /** Out: what the call returned, s64. */
  public static final int RESULT = 8;

  private static final int ARGUMENTS = 16;

  private MulticallLayout() {}

  /** In: argument 0 to 5, u64; no hypercall has more than five. */
  public static int argument(int number) {
    return ARGUMENTS + Long.BYTES * number;
  }
}
