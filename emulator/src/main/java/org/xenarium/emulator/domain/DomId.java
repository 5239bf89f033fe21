package org.xenarium.emulator.domain;

/** Domain ids with a meaning of their own, {@code DOMID_*} ({@code xen/include/public/xen.h}). Ordinary ids are below {@link #FIRST_RESERVED}. */
public final class DomId {
  public static final int FIRST_RESERVED = 0x7ff0;
  /** The caller itself, where an operation accepts it (spec §3.0). */
  public static final int SELF = 0x7ff0;

  public static final int IO = 0x7ff1;
  public static final int XEN = 0x7ff2;
  public static final int COW = 0x7ff3;
  public static final int INVALID = 0x7ff4;

  private DomId() {}

  /** The id of the domain with that {@link Domain#incarnation}; negative numbers, which name no domain, stay. */
  public static int of(int incarnation) {
    return incarnation < 0 ? incarnation : incarnation & ((1 << Domain.ID_BITS) - 1);
  }
}
