package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.SparseBytes;

/** Bytes of a domain's pages that are meant for nobody else (G15): a mark on each, by machine address, which goes when the guest stores there. */
final class Secrets {
  private final Domain domain;
  private final MachineMemory memory;

  /** 1 for each secret byte. */
  private final SparseBytes marks = new SparseBytes();

  /** For each frame of the machine, how many bytes of it are secret. */
  private final SparseBytes counts = new SparseBytes();

  Secrets(Domain domain) {
    this.domain = domain;
    memory = domain.world().memory();
  }

  /** Marks {@code length} bytes from a guest address on, or takes the marks away; bytes at which no page lies are left out. */
  void mark(long address, long length, boolean secret) {
    for (long i = 0; i < length; i++) {
      long entry = domain.physmap().entry(address + i >>> MachineMemory.PAGE_SHIFT);
      if (entry != Physmap.HOLE && memory.isValid(Physmap.mfn(entry))) {
        mark(Physmap.mfn(entry), (int) (address + i) & (MachineMemory.PAGE_SIZE - 1), secret ? 1 : 0);
      }
    }
  }

  private void mark(long mfn, int offset, int value) {
    long at = memory.address(mfn) + offset;
    int change = value - marks.getByte(at);
    if (change != 0) {
      marks.setByte(at, value);
      counts.setInt(index(mfn), count(mfn) + change);
    }
  }

  /** How many bytes of that frame, as far as the domain owns it, are secret. */
  int count(long mfn) {
    return memory.owner(mfn) == domain.incarnation() ? counts.getInt(index(mfn)) : 0;
  }

  private long index(long mfn) {
    return (mfn - memory.firstMfn()) * Integer.BYTES;
  }
}
