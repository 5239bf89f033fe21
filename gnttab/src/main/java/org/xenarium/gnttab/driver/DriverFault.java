package org.xenarium.gnttab.driver;

import org.xenarium.emulator.fault.FaultPoint;

/** Places in a guest's kernel that can be made to fail; the domain is the guest. */
public enum DriverFault implements FaultPoint {
  /** The heap has no block; the key is the number of bytes. */
  ALLOCATION,
  /** A page gets no virtual address; the key is its guest address. */
  VA_MAP,
  /** The virtual address of a page cannot be removed; the key is its guest address. */
  VA_UNMAP
}
