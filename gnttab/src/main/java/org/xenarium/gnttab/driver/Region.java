package org.xenarium.gnttab.driver;

import org.xenarium.emulator.memory.MachineMemory;

/**
 * An extended region as the device tree tells it to a guest (a {@code reg} of index 1 or above).
 *
 * @param base guest address, page-aligned, not 0
 * @param size bytes, a multiple of the page size
 */
public record Region(long base, long size) {
  /** The checks that Zephyr makes when it is built. */
  public Region {
    if (base == 0 || ((base | size) & (MachineMemory.PAGE_SIZE - 1)) != 0 || size <= 0) {
      throw new IllegalArgumentException("no extended region begins at " + base + " with " + size + " bytes");
    }
  }

  /** True when the address lies in the region. */
  public boolean contains(long address) {
    return Long.compareUnsigned(address - base, size) < 0;
  }

  /** How many pages it has. */
  public int pages() {
    return (int) (size >>> MachineMemory.PAGE_SHIFT);
  }
}
