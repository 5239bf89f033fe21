package org.xenarium.emulator.domain;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.memory.MachineMemory;

/**
 * What the emulator's own execution needs and no machine can see: scratch space and finished operations to be used again. Shared by copies of
 * a machine that run in the same thread; never part of a digest.
 */
public final class Host {
  private static final int KINDS = 32;

  /** Bytes on their way between guest memory and an operation; valid only within one step. */
  public final byte[] scratch = new byte[MachineMemory.PAGE_SIZE];

  private final @Nullable Routine[] idle = new Routine[KINDS];

  /** A finished routine of that kind, or null. */
  public @Nullable Routine take(int kind) {
    Routine routine = idle[kind];
    idle[kind] = null;
    return routine;
  }

  /** Keeps a finished routine, all of whose fields must be as new. */
  public void keep(int kind, Routine routine) {
    idle[kind] = routine;
  }
}
