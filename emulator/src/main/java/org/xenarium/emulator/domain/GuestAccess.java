package org.xenarium.emulator.domain;

import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.SparseBytes;

/** Loads and stores of a guest whose addresses have been checked: aligned ones in one piece, others byte by byte across pages. */
final class GuestAccess {
  private GuestAccess() {}

  /** What lies at an address that can be read. */
  static long load(Vcpu vcpu, long address, int size) {
    SparseBytes content = vcpu.world().memory().content();
    if ((address & (size - 1)) == 0) {
      return loadAligned(content, machineAddress(vcpu, address), size);
    }
    byte[] scratch = vcpu.world().host().scratch;
    long value = 0;
    for (int done = 0; done < size; ) {
      int part = partOfPage(address + done, size - done);
      content.read(machineAddress(vcpu, address + done), scratch, 0, part);
      for (int i = 0; i < part; i++) {
        value |= (scratch[i] & 0xffL) << (8 * (done + i));
      }
      done += part;
    }
    return value;
  }

  /** Puts something at an address that can be written. */
  static void store(Vcpu vcpu, long address, int size, long value) {
    SparseBytes content = vcpu.world().memory().content();
    if ((address & (size - 1)) == 0) {
      storeAligned(content, machineAddress(vcpu, address), size, value);
      return;
    }
    byte[] scratch = vcpu.world().host().scratch;
    for (int i = 0; i < size; i++) {
      scratch[i] = (byte) (value >>> (8 * i));
    }
    for (int done = 0; done < size; ) {
      int part = partOfPage(address + done, size - done);
      content.write(machineAddress(vcpu, address + done), scratch, done, part);
      done += part;
    }
  }

  private static long loadAligned(SparseBytes content, long at, int size) {
    return switch (size) {
      case 1 -> content.getByte(at) & 0xff;
      case 2 -> content.getShort(at);
      case 4 -> content.getInt(at) & 0xffff_ffffL;
      default -> content.getLong(at);
    };
  }

  private static void storeAligned(SparseBytes content, long at, int size, long value) {
    switch (size) {
      case 1 -> content.setByte(at, (int) value);
      case 2 -> content.setShort(at, (int) value);
      case 4 -> content.setInt(at, (int) value);
      default -> content.setLong(at, value);
    }
  }

  private static long machineAddress(Vcpu vcpu, long address) {
    MachineMemory memory = vcpu.world().memory();
    long mfn = Physmap.mfn(vcpu.domain().physmap().entry(address >>> MachineMemory.PAGE_SHIFT));
    return memory.address(mfn) + (address & (MachineMemory.PAGE_SIZE - 1));
  }

  private static int partOfPage(long address, int length) {
    return (int) Math.min(length, MachineMemory.PAGE_SIZE - (address & (MachineMemory.PAGE_SIZE - 1)));
  }
}
