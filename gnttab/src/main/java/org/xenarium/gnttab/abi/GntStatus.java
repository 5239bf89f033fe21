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

  /** The public name of a status, such as {@code GNTST_bad_page} for -9; the number itself where it has none. */
  public static String name(int status) {
    return switch (status) {
      case OKAY -> "GNTST_okay";
      case GENERAL_ERROR -> "GNTST_general_error";
      case BAD_DOMAIN -> "GNTST_bad_domain";
      case BAD_GNTREF -> "GNTST_bad_gntref";
      case BAD_HANDLE -> "GNTST_bad_handle";
      case BAD_VIRT_ADDR -> "GNTST_bad_virt_addr";
      case BAD_DEV_ADDR -> "GNTST_bad_dev_addr";
      case NO_DEVICE_SPACE -> "GNTST_no_device_space";
      case PERMISSION_DENIED -> "GNTST_permission_denied";
      case BAD_PAGE -> "GNTST_bad_page";
      case BAD_COPY_ARG -> "GNTST_bad_copy_arg";
      case ADDRESS_TOO_BIG -> "GNTST_address_too_big";
      case EAGAIN -> "GNTST_eagain";
      case NO_SPACE -> "GNTST_no_space";
      default -> Integer.toString(status);
    };
  }
}
