package org.xenarium.scenarios.property;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;

/** A driver with all calls, and one thing wrong. */
final class FlawedDriver implements GuestDriver {
  private static final int RESERVED = 8;
  private static final int REFERENCES = 64;
  private static final int PAGE = 4096;
  private static final int XEN_BITS = GrantFlags.READING | GrantFlags.WRITING;

  // struct gnttab_query_size: dom, nr_frames, max_nr_frames, status.
  private static final int SIZE_FRAMES = 4;
  private static final int SIZE_MOST = 8;
  private static final int SIZE_STATUS = 12;

  private final Flaw flaw;
  private final boolean[] used;

  /** Bit k stands for page k of the region. */
  private long taken;

  FlawedDriver(Flaw flaw) {
    this(flaw, new boolean[REFERENCES], 0);
  }

  private FlawedDriver(Flaw flaw, boolean[] used, long taken) {
    this.flaw = flaw;
    this.used = used;
    this.taken = taken;
  }

  @Override
  public GuestDriver copy() {
    return new FlawedDriver(flaw, used.clone(), taken);
  }

  @Override
  public void init(GuestApi guest) {
    if (flaw == Flaw.INIT_MAPS_THE_FIRST_FRAME_ONLY) {
      guest.store(guest.arguments(), 2, 0x7ff0);
      guest.store(guest.arguments() + 4, 4, 1);
      guest.store(guest.arguments() + 8, 8, 0);
      guest.store(guest.arguments() + 16, 8, guest.table() / PAGE);
      guest.hypercall(12, 7, guest.arguments());
    } else if (flaw != Flaw.INIT_LEAVES_THE_TABLE_WHERE_IT_IS) {
      guest.mapTable();
    }
  }

  @Override
  public int grantAccess(GuestApi guest, int domid, long gfn, boolean readonly) {
    int first = flaw == Flaw.GRANT_HANDS_OUT_RESERVED_REFERENCES ? 1 : RESERVED;
    for (int ref = first; ref < REFERENCES; ref++) {
      if (!used[ref]) {
        used[ref] = flaw != Flaw.GRANT_HANDS_OUT_WHAT_IS_IN_USE;
        write(guest, ref, domid, gfn, readonly);
        return ref;
      }
    }
    return -Errno.ENOSPC;
  }

  private void write(GuestApi guest, int ref, int domid, long gfn, boolean readonly) {
    long flags = GrantFlags.PERMIT_ACCESS | (readonly && flaw != Flaw.GRANT_IGNORES_READONLY ? GrantFlags.READONLY : 0);
    if (flaw == Flaw.GRANT_WRITES_NO_ENTRY) {
      return;
    }
    if (flaw == Flaw.GRANT_WRITES_THE_FLAGS_FIRST) {
      guest.store(guest.entry(ref), 2, flags);
    }
    guest.store(guest.entry(ref) + 2, 2, flaw == Flaw.GRANT_NAMES_ANOTHER_DOMAIN ? domid + 1 : domid);
    guest.store(guest.entry(ref) + 4, 4, flaw == Flaw.GRANT_NAMES_ANOTHER_FRAME ? gfn + 1 : gfn);
    guest.store(guest.entry(ref), 2, flags);
  }

  @Override
  public int endAccess(GuestApi guest, int ref) {
    if (ref < 0 || ref >= REFERENCES || !used[ref] && flaw != Flaw.GRANT_HANDS_OUT_WHAT_IS_IN_USE) {
      return -Errno.EINVAL;
    }
    boolean ended = switch (flaw) {
      case END_DOES_NOTHING_AND_SAYS_ENDED -> true;
      case END_SAYS_BUSY -> false;
      case END_IS_INVERTED -> store(guest, ref, (guest.load(guest.entry(ref), 2) & XEN_BITS) != 0);
      case END_LOOKS_AND_STORES -> store(guest, ref, (guest.load(guest.entry(ref), 2) & XEN_BITS) == 0);
      default -> clear(guest, ref);
    };
    if (ended) {
      used[ref] = false;
      store(guest, ref + 1, flaw == Flaw.END_CLEARS_THE_NEXT_ENTRY_TOO);
    }
    return ended ? 0 : -Errno.EBUSY;
  }

  private static boolean store(GuestApi guest, int ref, boolean really) {
    if (really) {
      guest.store(guest.entry(ref), 2, 0);
    }
    return really;
  }

  private static boolean clear(GuestApi guest, int ref) {
    long flags = guest.load(guest.entry(ref), 2);
    for (long expected = -1; flags != expected; ) {
      if ((flags & XEN_BITS) != 0) {
        return false;
      }
      expected = flags;
      flags = guest.compareAndSwap(guest.entry(ref), 2, expected, 0);
    }
    return true;
  }

  @Override
  public int allocAndGrant(GuestApi guest, long map, boolean readonly) {
    long page = guest.allocate(PAGE);
    if (page == 0) {
      return -Errno.ENOMEM;
    }
    int ref = grantAccess(guest, 0, page / PAGE + (flaw == Flaw.ALLOC_GRANTS_THE_NEXT_PAGE ? 1 : 0), readonly);
    if (ref < 0) {
      guest.free(page);
    } else {
      guest.store(map, 8, page);
    }
    return ref;
  }

  @Override
  public long getPages(GuestApi guest, int count) {
    int pages = guest.regions().isEmpty() ? 0 : guest.regions().get(0).pages();
    if (flaw == Flaw.GET_PAGES_GIVES_WHAT_IS_BEHIND_THE_REGION && pages > 0) {
      pages++;
    }
    for (int first = 0; count > 0 && first + count <= pages; first++) {
      if ((taken & bits(first, count)) == 0) {
        taken |= flaw == Flaw.GET_PAGES_GIVES_TWICE ? 0 : bits(first, count);
        return guest.regions().get(0).base() + (long) first * PAGE;
      }
    }
    return 0;
  }

  private static long bits(long first, int count) {
    return count <= 0 || first < 0 || first + count > Long.SIZE ? 0 : (-1L >>> (Long.SIZE - count)) << first;
  }

  @Override
  public int putPages(GuestApi guest, long address, int count) {
    long given = guest.regions().isEmpty() ? 0 : bits((address - guest.regions().get(0).base()) / PAGE, count);
    boolean right = given != 0 && (taken & given) == given || flaw == Flaw.GET_PAGES_GIVES_TWICE;
    if (flaw == Flaw.PUT_PAGES_REFUSES || !right && flaw != Flaw.PUT_PAGES_TAKES_ANYTHING) {
      return -Errno.EINVAL;
    }
    taken &= ~given;
    return 0;
  }

  @Override
  public int mapRefs(GuestApi guest, long array, int count) {
    return switch (flaw) {
      case MAP_WRITES_NO_STATUS -> 0;
      case MAP_SAYS_OKAY -> answer(guest, array, count, MapLayout.SIZE, MapLayout.STATUS, 0);
      case MAP_MAPS_THE_FIRST_ONLY -> (int) guest.hypercall(GnttabOp.HYPERCALL, GnttabOp.MAP_GRANT_REF, array, 1);
      default -> (int) guest.hypercall(GnttabOp.HYPERCALL, GnttabOp.MAP_GRANT_REF, array, count);
    };
  }

  @Override
  public int unmapRefs(GuestApi guest, long array, int count) {
    return switch (flaw) {
      case UNMAP_WRITES_NO_STATUS -> 0;
      case UNMAP_SAYS_OKAY -> answer(guest, array, count, UnmapLayout.SIZE, UnmapLayout.STATUS, 0);
      case UNMAP_REFUSES -> answer(guest, array, count, UnmapLayout.SIZE, UnmapLayout.STATUS, -1);
      case UNMAP_UNMAPS_THE_FIRST_ONLY -> (int) guest.hypercall(GnttabOp.HYPERCALL, GnttabOp.UNMAP_GRANT_REF, array, 1);
      default -> (int) guest.hypercall(GnttabOp.HYPERCALL, GnttabOp.UNMAP_GRANT_REF, array, count);
    };
  }

  private static int answer(GuestApi guest, long array, int count, int size, int at, int status) {
    for (int i = 0; i < count; i++) {
      guest.store(array + (long) i * size + at, 2, status);
    }
    return 0;
  }

  @Override
  public int querySize(GuestApi guest, int domid, long frames, long most, long status) {
    if (flaw == Flaw.SIZE_WRITES_NOTHING) {
      return 0;
    }
    long struct = guest.arguments();
    guest.store(struct, 2, domid);
    long returned = guest.hypercall(GnttabOp.HYPERCALL, GnttabOp.QUERY_SIZE, struct, 1);
    boolean swapped = flaw == Flaw.SIZE_SWAPS_THE_NUMBERS;
    guest.store(swapped ? most : frames, 4, guest.load(struct + SIZE_FRAMES, 4));
    guest.store(swapped ? frames : most, 4, guest.load(struct + SIZE_MOST, 4));
    guest.store(status, 2, guest.load(struct + SIZE_STATUS, 2));
    return (int) returned;
  }
}
