package org.xenarium.gnttab.driver;

import com.google.common.collect.ImmutableList;

/** {@code gnttabop_error(status)}: the text of a status. It needs no machine. */
public final class GnttabOpError {
  /** The texts of 0, -1, and so on. Xen's -13, no space, came after the table. */
  private static final ImmutableList<String> TEXTS =
      ImmutableList.of(
          "okay",
          "undefined error",
          "unrecognised domain id",
          "unrecognised or inappropriate grant reference",
          "unrecognised or inappropriate handle",
          "inappropriate virtual address to map",
          "inappropriate device address to unmap",
          "no spare translation slot in the I/O MMU",
          "permission denied",
          "bad page",
          "copy arguments cross page boundary",
          "page address size too large",
          "operation not done; try again");

  /** The status next to the table's, and one of those without a text of their own. */
  public static final int BAD_STATUS = -TEXTS.size();

  private GnttabOpError() {}

  /**
   * A constant text, never null.
   *
   * @param status a signed 16-bit {@code GNTST_*}; "bad status" for any other number
   */
  public static String text(int status) {
    int number = textNumber(status);
    return number == BAD_STATUS ? "bad status" : TEXTS.get(-number);
  }

  /** The status that has the same text: itself, or {@link #BAD_STATUS} for all without one. */
  public static int textNumber(int status) {
    short negated = (short) -(short) status;
    return negated >= 0 && negated < TEXTS.size() ? -negated : BAD_STATUS;
  }
}
