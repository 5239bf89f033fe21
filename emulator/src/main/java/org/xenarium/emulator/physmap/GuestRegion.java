package org.xenarium.emulator.physmap;

import com.google.common.collect.Range;

/**
 * Where things lie in the address space of a domain that does not have the host's layout (spec §7.1, {@code xen/include/public/arch-arm.h}). A
 * guest should ask its device tree instead: nothing here is promised.
 */
public enum GuestRegion {
  VIRTIO_MMIO(0x0200_0000L, 1 << 20),
  GICV2_DISTRIBUTOR(0x0300_1000L, 4 << 10),
  GICV2_CPU(0x0300_2000L, 8 << 10),
  GICV3_DISTRIBUTOR(0x0300_1000L, 64 << 10),
  GICV3_REDISTRIBUTORS(0x0302_0000L, 16 << 20),
  /** Configuration space of PCI devices. */
  PCI_ECAM(0x1000_0000L, 256 << 20),
  ACPI(0x2000_0000L, 32 << 20),
  PL011(0x2200_0000L, 4 << 10),
  PCI_MEMORY(0x2300_0000L, 256 << 20),
  /** Unbacked addresses for the frames of the grant table; nothing forces a guest to map them here. */
  GRANT_TABLE(0x3800_0000L, 16 << 20),
  /** Page 0 for the console, 1 for xenstore, 2 for the monitor ring, 3 for the virtual UART. */
  MAGIC_PAGES(0x3900_0000L, 16 << 20),
  RAM_BANK_0(0x4000_0000L, 3L << 30),
  PCI_PREFETCH(0x1_0000_0000L, 4L << 30),
  RAM_BANK_1(0x2_0000_0000L, 1016L << 30);

  /** The private peripheral interrupt that says that an event channel is pending. */
  public static final int EVENT_INTERRUPT = 31;

  private final long base;
  private final long size;

  GuestRegion(long base, long size) {
    this.base = base;
    this.size = size;
  }

  /** Guest-physical address of the first byte. */
  public long base() {
    return base;
  }

  /** In bytes. */
  public long size() {
    return size;
  }

  /** The addresses. */
  public Range<Long> range() {
    return Range.closedOpen(base, base + size);
  }
}
