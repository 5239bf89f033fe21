package org.xenarium.emulator.fault;

/** Places in {@code memory_op} that can be made to fail; the key is the guest frame number. */
public enum MemoryFault implements FaultPoint {
  /** remove_from_physmap of one guest frame. */
  REMOVE_FROM_PHYSMAP,
  /** One extent of populate_physmap: there is no page for it. */
  POPULATE_PHYSMAP
}
