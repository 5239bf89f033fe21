package org.xenarium.emulator.hypercall;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/**
 * How the hypervisor reads and writes a caller's hypercall arguments on Arm (spec §2.3): page by page, each page only if the physmap allows
 * the access and the page is RAM that the <em>caller owns</em>. There is no check in advance; bytes of pages before a failing one have been
 * transferred. Guests run with stage 1 off or identical, so addresses are guest-physical.
 */
public final class GuestBuffers {
  private static final int OFFSET_MASK = MachineMemory.PAGE_SIZE - 1;

  private GuestBuffers() {}

  /**
   * Reads {@code length} bytes at guest address {@code address} into {@code to} from {@code offset}.
   *
   * @return false when a page could not be read
   */
  public static boolean read(Domain caller, long address, byte[] to, int offset, int length) {
    MachineMemory memory = caller.world().memory();
    for (int done = 0; done < length; ) {
      long at = address + done;
      int part = Math.min(length - done, MachineMemory.PAGE_SIZE - ((int) at & OFFSET_MASK));
      long mfn = frame(caller, at, false);
      if (mfn < 0) {
        return false;
      }
      memory.content().read(memory.address(mfn) + (at & OFFSET_MASK), to, offset + done, part);
      done += part;
    }
    return true;
  }

  /**
   * Writes {@code length} bytes of {@code from} from {@code offset} on to guest address {@code address}.
   *
   * @return false when a page could not be written
   */
  public static boolean write(Domain caller, long address, byte[] from, int offset, int length) {
    MachineMemory memory = caller.world().memory();
    for (int done = 0; done < length; ) {
      long at = address + done;
      int part = Math.min(length - done, MachineMemory.PAGE_SIZE - ((int) at & OFFSET_MASK));
      long mfn = frame(caller, at, true);
      if (mfn < 0) {
        return false;
      }
      memory.content().write(memory.address(mfn) + (at & OFFSET_MASK), from, offset + done, part);
      done += part;
    }
    return true;
  }

  /** Writes one u64 of an array. */
  public static boolean writeLong(Domain caller, long address, long value) {
    byte[] scratch = caller.world().host().scratch;
    Bytes.setLong(scratch, 0, value);
    return write(caller, address, scratch, 0, Long.BYTES);
  }

  private static long frame(Domain caller, long address, boolean write) {
    long entry = caller.physmap().entry(address >>> MachineMemory.PAGE_SHIFT);
    if (entry == Physmap.HOLE) {
      return -1;
    }
    EntryType type = Physmap.type(entry);
    long mfn = Physmap.mfn(entry);
    boolean allowed = type.anyRam() && (write ? type.writable() : type.readable());
    return allowed && caller.world().memory().isHeldBy(mfn, caller.incarnation()) ? mfn : -1;
  }
}
