package org.xenarium.scenarios.replay;

import org.xenarium.emulator.memory.MachineMemory;

/** Where in machine memory domains are put of which nobody says where they lie. */
public final class RamSlots {
  /** They begin at multiples of this, above the frames that stay free for them. */
  private static final long SLOT = 0x1000;

  private RamSlots() {}

  /** The first frame of the lowest free run of so many. */
  public static long free(MachineMemory memory, long pages) {
    long mfn = memory.firstMfn() + SLOT;
    for (long end = mfn; end < mfn + pages; end++) {
      if (memory.owner(end) >= 0) {
        mfn = (end / SLOT + 1) * SLOT;
        end = mfn - 1;
      }
    }
    return mfn;
  }
}
