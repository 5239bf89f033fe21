package org.xenarium.scenarios.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.scenarios.recording.ArmHeader;

/**
 * Bytes of guest memory that a recording does not determine: pages fresh from populate_physmap, and the page over which the domains of a
 * recording synchronise unseen.
 *
 * <p>A twin of the machine plays the same lines with other values in those bytes. A byte that differs between the two is undetermined,
 * wherever it has been copied to; one that was written since is the same in both.
 */
final class ArmUnknowns {
  /** The guest frame of the first domain over which several domains synchronise. */
  private static final long SHARED_GFN = 0x4010e;

  private static final int SHARED_BY = 1;

  private final Machine machine;
  private final LearnedFrames frames = new LearnedFrames();
  private @Nullable Machine twin;

  /** The machine frame over which domains synchronise, or -1. Its content is never looked at. */
  private long shared = -1;

  ArmUnknowns(Machine machine, ArmHeader header) {
    this.machine = machine;
    if (header.domains().size() > 1 && header.domains().contains(SHARED_BY)) {
      long entry = machine.domain(SHARED_BY).physmap().entry(SHARED_GFN);
      if (entry != Physmap.HOLE) {
        shared = Physmap.mfn(entry);
        forget(shared);
      }
    }
  }

  /** The other machine; null as long as nothing is unknown. */
  @Nullable Machine twin() {
    return twin;
  }

  LearnedFrames frames() {
    return frames;
  }

  /** Is this a byte of the page over which domains synchronise? */
  boolean isShared(Domain domain, long address) {
    return shared >= 0 && Physmap.mfn(domain.physmap().entry(address >>> MachineMemory.PAGE_SHIFT)) == shared;
  }

  /** RAM frames were given out by what was played: their content is unknown. */
  void allocated(List<Long> mfns) {
    for (long mfn : mfns) {
      frames.forget(mfn);
      forget(mfn);
    }
  }

  private void forget(long mfn) {
    if (twin == null) {
      twin = machine.copy();
    }
    fill(machine, mfn, 0);
    fill(twin, mfn, -1);
  }

  private static void fill(Machine machine, long mfn, int value) {
    MachineMemory memory = machine.world().memory();
    memory.content().fill(memory.address(mfn), MachineMemory.PAGE_SIZE, value);
  }

  /** From now on the bytes at a guest address are those of {@code value} in which {@code mask} is set. */
  void learn(Domain domain, long address, int size, long value, long mask) {
    for (int i = 0; i < size; i++) {
      if ((mask >>> (8 * i) & 0xff) != 0) {
        setByte(machine, domain.id(), address + i, (int) (value >>> (8 * i)));
        if (twin != null) {
          setByte(twin, domain.id(), address + i, (int) (value >>> (8 * i)));
        }
      }
    }
  }

  private static void setByte(Machine machine, int domid, long address, int value) {
    MachineMemory memory = machine.world().memory();
    SparseBytes content = memory.content();
    long mfn = Physmap.mfn(machine.domain(domid).physmap().entry(address >>> MachineMemory.PAGE_SHIFT));
    content.setByte(memory.address(mfn) + (address & (MachineMemory.PAGE_SIZE - 1)), value);
  }
}
