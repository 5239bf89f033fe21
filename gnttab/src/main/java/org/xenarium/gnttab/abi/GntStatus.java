package org.xenarium.gnttab.abi;

/** Per-element status values {@code GNTST_*} (spec §1.3); signed 16 bit in guest memory. */
public final class GntStatus {
  public static final int OKAY = 0;
  public static final int GENERAL_ERROR = -1;
  public static final int BAD_DOMAIN = -2;
  public static final int BAD_GNTREF = -3;
  public static final int BAD_HANDLE = -4;
  public static final int BAD_VIRT_ADDR = -5;
  public static final int BAD_DEV_ADDR = -6;
  public static final int NO_DEVICE_SPACE = -7;
  public static final int PERMISSION_DENIED = -8;
  public static final int BAD_PAGE = -9;
  public static final int BAD_COPY_ARG = -10;
  public static final int ADDRESS_TOO_BIG = -11;
  public static final int EAGAIN = -12;
  public static final int NO_SPACE = -13;

  private GntStatus() {}
}
