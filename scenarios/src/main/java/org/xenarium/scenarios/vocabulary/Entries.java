package org.xenarium.scenarios.vocabulary;

import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.scenarios.script.Area;

/** Where a guest finds the entries of its grant table, which its first frames window shows. */
final class Entries {
  private static final int SIZE = 8;
  private static final long TABLE = Area.GRANTS.first() << MachineMemory.PAGE_SHIFT;

  private Entries() {}

  /** Address of the flags of a version 1 entry. */
  static long address(long ref) {
    return TABLE + SIZE * ref;
  }

  /** The reference whose flags are at that address. */
  static long ref(long address) {
    return (address - TABLE) / SIZE;
  }
}
