package org.xenarium.scenarios.vocabulary;

import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.scenarios.script.Area;

/** Where a guest finds the entries of its grant table, which its first frames window shows. */
final class Entries {
  private static final int SIZE = 8;
  private static final int SECOND_SIZE = 16;
  private static final long TABLE = Area.GRANTS.first() << MachineMemory.PAGE_SHIFT;

  private Entries() {}

  /** Address of the flags of an entry. */
  static long address(long ref, boolean second) {
    return TABLE + (second ? SECOND_SIZE : SIZE) * ref;
  }

  /** The reference whose flags are at that address in a table of version 1. */
  static long ref(long address) {
    return (address - TABLE) / SIZE;
  }
}
