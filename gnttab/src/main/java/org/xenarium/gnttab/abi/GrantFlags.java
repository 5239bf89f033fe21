package org.xenarium.gnttab.abi;

/** Bits of the 16-bit {@code flags} word of a shared grant entry, {@code GTF_*} (spec §1.1). */
public final class GrantFlags {
  public static final int TYPE_MASK = 0x0003;
  public static final int INVALID = 0;
  public static final int PERMIT_ACCESS = 1;
  public static final int ACCEPT_TRANSFER = 2;
  public static final int TRANSITIVE = 3;
  public static final int READONLY = 0x0004;
  /** Written by Xen: some pin exists. */
  public static final int READING = 0x0008;
  /** Written by Xen: some write pin exists. */
  public static final int WRITING = 0x0010;
  public static final int SUB_PAGE = 0x0100;

  private GrantFlags() {}
}
