package org.xenarium.gnttab.model;

/**
 * What a domain reaches at a guest frame.
 *
 * @param by by what right
 * @param frame the machine frame
 * @param writable whether it can write, too
 */
record Reach(By by, long frame, boolean writable) {
  /** By what right a frame is reached. */
  enum By {
    /** It is the domain's RAM, or lent by Xen to it. */
    OWNERSHIP,
    /** Somebody granted it. */
    GRANT,
    /** Put there without a grant, by a domain that may. */
    FOREIGN,
    /** It is a device's. */
    DEVICE
  }

  /** Can what is here be granted on or copied by its guest frame, if the domain owns the page? (spec §3.3.3) */
  boolean isRam() {
    return by != By.DEVICE;
  }

  @Override
  public String toString() {
    String how = writable ? "read-write " : "read-only ";
    String right =
        switch (by) {
          case OWNERSHIP -> "as its own";
          case GRANT -> "by a grant";
          case FOREIGN -> "as a foreign page";
          case DEVICE -> "as a device";
        };
    return how + right + ", frame 0x" + Long.toHexString(frame);
  }
}
