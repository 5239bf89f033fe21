package org.xenarium.gnttab.table;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.gnttab.abi.GrantFlags;

/**
 * The entries that a table shares with its guest, version 1: {flags u16, domid u16, frame u32} in frames of guest-writable memory (spec
 * §1.1). The hypervisor updates flags and domid as one 32-bit word, the header.
 */
public final class SharedEntries {
  /** Entries in one frame. */
  public static final int PER_FRAME = 512;

  private static final int ENTRY_SHIFT = 3;
  private static final int FRAME = 4;

  private SharedEntries() {}

  /** Where entry {@code ref} lies in the bytes of {@link MachineMemory#content}. */
  public static long address(Domain domain, GrantTable table, int ref) {
    long mfn = table.frame(ref / PER_FRAME);
    return domain.world().memory().address(mfn) + ((long) (ref % PER_FRAME) << ENTRY_SHIFT);
  }

  /** Flags in the low half, domid in the high half. */
  public static int header(Domain domain, GrantTable table, int ref) {
    return content(domain).getInt(address(domain, table, ref));
  }

  /** Replaces the header if it still is {@code expected}. */
  public static boolean compareAndSet(Domain domain, GrantTable table, int ref, int expected, int replacement) {
    long at = address(domain, table, ref);
    if (content(domain).getInt(at) != expected) {
      return false;
    }
    content(domain).setInt(at, replacement);
    return true;
  }

  /** The guest frame number that the granter wrote. */
  public static long frame(Domain domain, GrantTable table, int ref) {
    return content(domain).getInt(address(domain, table, ref) + FRAME) & 0xffff_ffffL;
  }

  /** After a pin was taken away or a lookup failed: clears the bits that no pin justifies any more (spec §3.6). */
  public static void reduce(Domain domain, GrantTable table, int ref, int pin, boolean readonly) {
    int bits = pin == 0 ? GrantFlags.READING : 0;
    if (!readonly && !Pins.isWritePinned(pin)) {
      bits |= GrantFlags.WRITING;
    }
    long at = address(domain, table, ref);
    int flags = content(domain).getShort(at);
    if ((flags & bits) != 0) {
      content(domain).setShort(at, flags & ~bits);
    }
  }

  /** Exchanges two whole entries. */
  public static void swap(Domain domain, GrantTable table, int a, int b) {
    SparseBytes content = content(domain);
    long atA = address(domain, table, a);
    long atB = address(domain, table, b);
    long entry = content.getLong(atA);
    content.setLong(atA, content.getLong(atB));
    content.setLong(atB, entry);
  }

  private static SparseBytes content(Domain domain) {
    return domain.world().memory().content();
  }
}
