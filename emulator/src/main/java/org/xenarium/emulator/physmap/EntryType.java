package org.xenarium.emulator.physmap;

/**
 * Type of a physmap entry: Xen's {@code p2m_type_t} on Arm, as far as it is observable (spec §0). The code is Xen's own number.
 */
public enum EntryType {
  /** Nothing is mapped. */
  HOLE(0, false, false, false),
  RAM_RW(1, true, true, true),
  RAM_RO(2, true, false, true),
  MMIO_DIRECT(3, true, true, false),
  /** Device memory that is cached like RAM: what space dev_mmio gives. */
  MMIO_CACHED(5, true, true, false),
  MAP_FOREIGN_RW(6, true, true, true),
  MAP_FOREIGN_RO(7, true, false, true),
  GRANT_MAP_RW(8, true, true, true),
  GRANT_MAP_RO(9, true, false, true);

  private static final EntryType[] BY_CODE = new EntryType[16];

  static {
    for (EntryType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;
  private final boolean readable;
  private final boolean writable;
  private final boolean anyRam;

  EntryType(int code, boolean readable, boolean writable, boolean anyRam) {
    this.code = code;
    this.readable = readable;
    this.writable = writable;
    this.anyRam = anyRam;
  }

  /** The type with Xen's number {@code code}. */
  public static EntryType of(int code) {
    EntryType type = BY_CODE[code];
    if (type == null) {
      throw new IllegalArgumentException("no physmap entry type has the number " + code);
    }
    return type;
  }

  public int code() {
    return code;
  }

  /** May a guest load through it? */
  public boolean readable() {
    return readable;
  }

  /** May a guest store through it? */
  public boolean writable() {
    return writable;
  }

  /** Xen's "any RAM" class: everything that stands for a page of memory. */
  public boolean anyRam() {
    return anyRam;
  }

  /** May a guest execute what is there? Only its own RAM. */
  public boolean executable() {
    return isRam();
  }

  public boolean isForeign() {
    return this == MAP_FOREIGN_RW || this == MAP_FOREIGN_RO;
  }

  public boolean isGrant() {
    return this == GRANT_MAP_RW || this == GRANT_MAP_RO;
  }

  /** Ordinary RAM of the domain, grant-table frames and shared_info included. */
  public boolean isRam() {
    return this == RAM_RW || this == RAM_RO;
  }
}
