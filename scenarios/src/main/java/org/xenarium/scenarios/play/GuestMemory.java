package org.xenarium.scenarios.play;

import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.scenarios.script.Area;

/** Where the guest program of a scenario has its things: in the first MiB of RAM, as that of the recordings. */
final class GuestMemory {
  private static final long LIST = Area.LISTS.first() << MachineMemory.PAGE_SHIFT;

  /** The grant table. */
  static final long TABLE = Area.GRANTS.first() << MachineMemory.PAGE_SHIFT;

  /** Stacks of the driver. */
  static final long STACK = 0x40010000L;

  private static final long STRUCTS = 0x40020000L;
  private static final long STRUCT_SIZE = MachineMemory.PAGE_SIZE;
  private static final long BATCHES = 0x40030000L;

  /** Behind a single struct. */
  private static final long LIST_OFFSET = 0x100;

  private static final int BATCH_SIZE = 0x10000;

  /** Actors of one domain that have room for their arguments. */
  static final int MOST_ACTORS = 13;

  private GuestMemory() {}

  /** A page for single argument structs. */
  static long struct(int slot) {
    return STRUCTS + slot * STRUCT_SIZE;
  }

  /** Room for lists of frames; the first actor's is the one of the recordings. */
  static long lists(int slot) {
    return slot == 0 ? LIST : struct(slot) + LIST_OFFSET;
  }

  /** Bytes of room for the lists of one call. */
  static long listRoom(int slot) {
    return slot == 0 ? STACK - LIST : STRUCT_SIZE - LIST_OFFSET;
  }

  /** Room for a batch. */
  static long batch(int slot) {
    return BATCHES + (long) slot * BATCH_SIZE;
  }

  /** Bytes of room for a batch, where that many actors share the domain: the last one has what the others leave. */
  static long batchRoom(int slot, int actors) {
    return slot == actors - 1 ? batch(MOST_ACTORS) - batch(slot) : BATCH_SIZE;
  }
}
