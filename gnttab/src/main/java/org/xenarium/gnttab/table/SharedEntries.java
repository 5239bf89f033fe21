package org.xenarium.gnttab.table;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.gnttab.abi.GrantFlags;

/**
 * The entries that a table shares with its guest, in frames of guest-writable memory (spec §1.1). Both versions begin with the header {flags
 * u16, domid u16}, which the hypervisor reads as one word. Version 1 goes on with {frame u32} and has the bits that the hypervisor sets among
 * the flags; version 2 has 16 bytes an entry, three kinds of entries, and those bits in a status word elsewhere.
 */
public final class SharedEntries {
  private static final int V1_PER_FRAME = 512;
  private static final int V1_SHIFT = 3;
  private static final int V1_FRAME = 4;

  private static final int V2_PER_FRAME = 256;
  private static final int V2_SHIFT = 4;
  private static final int V2_FRAME = 8;
  private static final int V2_PAGE_OFF = 4;
  private static final int V2_LENGTH = 6;
  private static final int V2_TRANS_DOMID = 4;
  private static final int V2_TRANS_GREF = 8;

  private static final long EACH_SHORT = 0x0001_0001_0001_0001L;

  /** Status words of version 2 in one frame. */
  static final int STATUS_PER_FRAME = 2048;

  private SharedEntries() {}

  /** Entries in one frame: none in a table that has no version yet (V9). */
  static int perFrame(int version) {
    return switch (version) {
      case 1 -> V1_PER_FRAME;
      case 2 -> V2_PER_FRAME;
      default -> 0;
    };
  }

  /** Where entry {@code ref} lies in the bytes of {@link MachineMemory#content}. */
  public static long address(Domain domain, GrantTable table, int ref) {
    boolean v1 = table.version() != 2;
    int perFrame = v1 ? V1_PER_FRAME : V2_PER_FRAME;
    return address(domain, table.frame(ref / perFrame)) + ((long) (ref % perFrame) << (v1 ? V1_SHIFT : V2_SHIFT));
  }

  /** Where the 16-bit word with the bits that the hypervisor sets lies: the flags in version 1, the status word in version 2. */
  public static long statusAddress(Domain domain, GrantTable table, int ref) {
    if (table.version() != 2) {
      return address(domain, table, ref);
    }
    return address(domain, table.statusFrame(ref / STATUS_PER_FRAME)) + (long) (ref % STATUS_PER_FRAME) * Short.BYTES;
  }

  private static long address(Domain domain, long mfn) {
    return domain.world().memory().address(mfn);
  }

  /** Flags in the low half, domid in the high half. */
  public static int header(Domain domain, GrantTable table, int ref) {
    return content(domain).getInt(address(domain, table, ref));
  }

  /** The word of {@link #statusAddress}. */
  public static int status(Domain domain, GrantTable table, int ref) {
    return content(domain).getShort(statusAddress(domain, table, ref));
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

  /** The first entry at or after {@code ref} with one of these bits in the word of {@link #statusAddress}; the number of entries when there is none. */
  public static int nextWithStatus(Domain domain, GrantTable table, int ref, int bits) {
    if (table.version() != 2) {
      return nextWithFlags(domain, table, ref, bits);
    }
    int at = ref;
    while (at < table.entryCount() && (status(domain, table, at) & bits) == 0) {
      int last = at | (Long.BYTES / Short.BYTES - 1);
      at = at != last ? at + 1 : nextStatusWord(domain, table, last + 1, bits * EACH_SHORT);
    }
    return Math.min(at, table.entryCount());
  }

  /** Version 2: the first entry at or after {@code ref}, a multiple of 4, that has bits of the mask in common with the three behind it. */
  private static int nextStatusWord(Domain domain, GrantTable table, int ref, long mask) {
    int found = ref;
    for (long at = -1; at < 0 && found < table.entryCount(); ) {
      long frame = address(domain, table.statusFrame(found / STATUS_PER_FRAME));
      long from = statusAddress(domain, table, found);
      at = content(domain).next(from, frame + MachineMemory.PAGE_SIZE, Long.BYTES, mask);
      found += at < 0 ? STATUS_PER_FRAME - found % STATUS_PER_FRAME : (int) ((at - from) / Short.BYTES);
    }
    return found;
  }

  /** The first entry at or after {@code ref} with one of these bits in its flags; the number of entries when there is none. */
  public static int nextWithFlags(Domain domain, GrantTable table, int ref, int bits) {
    int perFrame = table.version() != 2 ? V1_PER_FRAME : V2_PER_FRAME;
    int shift = table.version() != 2 ? V1_SHIFT : V2_SHIFT;
    int found = ref;
    for (long at = -1; at < 0 && found < table.entryCount(); ) {
      long from = address(domain, table, found);
      long end = address(domain, table.frame(found / perFrame)) + MachineMemory.PAGE_SIZE;
      at = content(domain).next(from, end, 1 << shift, bits);
      found += at < 0 ? perFrame - found % perFrame : (int) ((at - from) >>> shift);
    }
    return Math.min(found, table.entryCount());
  }

  /** The guest frame number that the granter wrote. */
  public static long frame(Domain domain, GrantTable table, int ref) {
    long at = address(domain, table, ref);
    return table.version() != 2 ? content(domain).getInt(at + V1_FRAME) & 0xffff_ffffL : content(domain).getLong(at + V2_FRAME);
  }

  /** Version 2: where in the page a sub-page grant begins, in bytes. */
  public static int pageOffset(Domain domain, GrantTable table, int ref) {
    return content(domain).getShort(address(domain, table, ref) + V2_PAGE_OFF);
  }

  /** Version 2: how many bytes a sub-page grant spans. */
  public static int length(Domain domain, GrantTable table, int ref) {
    return content(domain).getShort(address(domain, table, ref) + V2_LENGTH);
  }

  /** Version 2: whose grant a transitive one passes on. */
  public static int transitiveDomid(Domain domain, GrantTable table, int ref) {
    return content(domain).getShort(address(domain, table, ref) + V2_TRANS_DOMID);
  }

  /** Version 2: which grant a transitive one passes on. */
  public static int transitiveRef(Domain domain, GrantTable table, int ref) {
    return content(domain).getInt(address(domain, table, ref) + V2_TRANS_GREF);
  }

  /** Sets bits of the word of {@link #statusAddress}. */
  public static void setStatus(Domain domain, GrantTable table, int ref, int bits) {
    long at = statusAddress(domain, table, ref);
    content(domain).setShort(at, content(domain).getShort(at) | bits);
  }

  /** Clears bits of the word of {@link #statusAddress}; others stay as they are. */
  public static void clearStatus(Domain domain, GrantTable table, int ref, int bits) {
    long at = statusAddress(domain, table, ref);
    int flags = content(domain).getShort(at);
    if ((flags & bits) != 0) {
      content(domain).setShort(at, flags & ~bits);
    }
  }

  /** After a pin was taken away or a lookup failed: clears the bits that no pin justifies any more (spec §3.6). */
  public static void reduce(Domain domain, GrantTable table, int ref, int pin, boolean readonly) {
    int bits = pin == 0 ? GrantFlags.READING : 0;
    if (!readonly && !Pins.isWritePinned(pin)) {
      bits |= GrantFlags.WRITING;
    }
    clearStatus(domain, table, ref, bits);
  }

  /** Exchanges two whole entries, and their status words where they have any. */
  public static void swap(Domain domain, GrantTable table, int a, int b) {
    SparseBytes content = content(domain);
    exchange(content, address(domain, table, a), address(domain, table, b));
    if (table.version() == 2) {
      exchange(content, address(domain, table, a) + Long.BYTES, address(domain, table, b) + Long.BYTES);
      int status = status(domain, table, a);
      content.setShort(statusAddress(domain, table, a), status(domain, table, b));
      content.setShort(statusAddress(domain, table, b), status);
    }
  }

  private static void exchange(SparseBytes content, long a, long b) {
    long word = content.getLong(a);
    content.setLong(a, content.getLong(b));
    content.setLong(b, word);
  }

  /** Writes a whole full-page entry. */
  static void write(Domain domain, GrantTable table, int ref, int header, long frame) {
    long at = address(domain, table, ref);
    content(domain).setInt(at, header);
    if (table.version() == 1) {
      content(domain).setInt(at + V1_FRAME, (int) frame);
    } else {
      content(domain).setLong(at + V2_FRAME, frame);
    }
  }

  private static SparseBytes content(Domain domain) {
    return domain.world().memory().content();
  }
}
