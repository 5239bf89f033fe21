package org.xenarium.gnttab.table;

import java.util.Arrays;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.Change;
import org.xenarium.emulator.trace.Errno;

/** Frames that Xen lends a domain for its grant table, of shared entries or of status words. Lists of them are never changed in place. */
final class LentFrames {
  private LentFrames() {}

  /** The old frames and as many new, zeroed ones as are wanted, or only the old ones when the host has no memory for the new. */
  static long[] extended(Domain domain, long[] old, int wanted) {
    if (wanted <= old.length) {
      return old;
    }
    long[] grown = Arrays.copyOf(old, wanted);
    for (int i = old.length; i < wanted; i++) {
      grown[i] = domain.allocateXenHeap();
      if (grown[i] == Mfn.NONE) {
        giveBack(domain, grown, old.length, i);
        return old;
      }
    }
    return grown;
  }

  private static void giveBack(Domain domain, long[] frames, int from, int to) {
    for (int i = from; i < to; i++) {
      domain.returnXenHeap(frames[i]);
    }
  }

  /**
   * Takes frames out of the physmap and gives them back to the host: all of them, or none when one cannot go.
   *
   * @return 0, or the negative errno of the one that cannot go; those before it are mapped no more
   */
  static int drop(Domain domain, long[] frames) {
    MachineMemory memory = domain.world().memory();
    for (long mfn : frames) {
      long gfn = memory.storedGfn(mfn);
      Change removal = gfn == Mfn.NONE ? Change.DONE : domain.physmap().remove(gfn, mfn);
      if (removal != Change.DONE) {
        return removal.errno();
      }
      if (memory.references(mfn) != 1) {
        return -Errno.EBUSY;
      }
    }
    giveBack(domain, frames, 0, frames.length);
    return 0;
  }

  static void zero(Domain domain, long[] frames) {
    for (long mfn : frames) {
      domain.world().memory().zero(mfn);
    }
  }
}
