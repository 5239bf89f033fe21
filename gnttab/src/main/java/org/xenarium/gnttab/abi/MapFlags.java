package org.xenarium.gnttab.abi;

/** Bits of the {@code flags} of a map element, {@code GNTMAP_*} (spec §1.2). */
public final class MapFlags {
  public static final int DEVICE_MAP = 1;
  public static final int HOST_MAP = 2;
  public static final int READONLY = 4;
  public static final int APPLICATION_MAP = 8;
  public static final int CONTAINS_PTE = 16;

  private MapFlags() {}
}
