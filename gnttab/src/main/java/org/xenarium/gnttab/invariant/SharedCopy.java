package org.xenarium.gnttab.invariant;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.gnttab.table.GrantTable;

/** The shared entries and status words of a table as they were after the last step. */
final class SharedCopy {
  private static final long STATUS = 1L << 40;

  private final SparseBytes bytes;

  SharedCopy() {
    this(new SparseBytes());
  }

  private SharedCopy(SparseBytes bytes) {
    this.bytes = bytes;
  }

  SharedCopy copy() {
    return new SharedCopy(bytes.copy());
  }

  /** Where a byte of a frame of entries lies in the copy. */
  static long entryByte(int frame, int offset) {
    return ((long) frame << MachineMemory.PAGE_SHIFT) + offset;
  }

  /** Where a byte of a status frame lies in the copy. */
  static long statusByte(int frame, int offset) {
    return STATUS + entryByte(frame, offset);
  }

  long word(long at) {
    return bytes.getLong(at);
  }

  void setWord(long at, long word) {
    bytes.setLong(at, word);
  }

  int status(long at) {
    return bytes.getShort(at);
  }

  void setStatus(long at, int status) {
    bytes.setShort(at, status);
  }

  /** Takes over whole frames of entries from {@code first} on, and all status frames. */
  void take(Domain domain, GrantTable table, int first) {
    for (int i = first; i < table.frameCount(); i++) {
      take(domain, table.frame(i), entryByte(i, 0));
    }
    for (int i = 0; i < table.statusFrameCount(); i++) {
      take(domain, table.statusFrame(i), statusByte(i, 0));
    }
  }

  private void take(Domain domain, long mfn, long at) {
    MachineMemory memory = domain.world().memory();
    long from = memory.address(mfn);
    for (int offset = 0; offset < MachineMemory.PAGE_SIZE; offset += Long.BYTES) {
      long word = memory.content().getLong(from + offset);
      if (word != bytes.getLong(at + offset)) {
        bytes.setLong(at + offset, word);
      }
    }
  }
}
