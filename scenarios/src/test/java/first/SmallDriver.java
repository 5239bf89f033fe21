package first;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.scenarios.property.GuestApi;
import org.xenarium.scenarios.property.GuestDriver;

/** A grant driver with 64 references and the pages of one extended region. */
class SmallDriver implements GuestDriver {
  static final int RESERVED = 8;
  private static final int REFERENCES = 64;
  private static final int PAGE = 4096;

  private final boolean[] used = new boolean[REFERENCES];

  /** Bit k stands for page k of the region. */
  private long taken;

  SmallDriver() {}

  SmallDriver(SmallDriver other) {
    System.arraycopy(other.used, 0, used, 0, REFERENCES);
    taken = other.taken;
  }

  @Override
  public GuestDriver copy() {
    return new SmallDriver(this);
  }

  @Override
  public int grantAccess(GuestApi guest, int domid, long gfn, boolean readonly) {
    for (int ref = RESERVED; ref < REFERENCES; ref++) {
      if (!used[ref]) {
        used[ref] = true;
        guest.store(guest.entry(ref) + 2, 2, domid);
        guest.store(guest.entry(ref) + 4, 4, gfn);
        guest.store(guest.entry(ref), 2, GrantFlags.PERMIT_ACCESS | (readonly ? GrantFlags.READONLY : 0));
        return ref;
      }
    }
    return -Errno.ENOSPC;
  }

  @Override
  public int endAccess(GuestApi guest, int ref) {
    if (!isUsed(ref)) {
      return -Errno.EINVAL;
    }
    long flags = guest.load(guest.entry(ref), 2);
    for (long expected = -1; flags != expected; ) {
      if ((flags & (GrantFlags.READING | GrantFlags.WRITING)) != 0) {
        return -Errno.EBUSY;
      }
      expected = flags;
      flags = guest.compareAndSwap(guest.entry(ref), 2, expected, 0);
    }
    release(ref);
    return 0;
  }

  boolean isUsed(int ref) {
    return ref >= RESERVED && ref < REFERENCES && used[ref];
  }

  void release(int ref) {
    used[ref] = false;
  }

  @Override
  public long getPages(GuestApi guest, int count) {
    int pages = guest.regions().isEmpty() ? 0 : Math.min(guest.regions().get(0).pages(), Long.SIZE);
    for (int first = 0; count > 0 && first + count <= pages; first++) {
      long wanted = (-1L >>> (Long.SIZE - count)) << first;
      if ((taken & wanted) == 0) {
        taken |= wanted;
        return guest.regions().get(0).base() + (long) first * PAGE;
      }
    }
    return 0;
  }

  @Override
  public int putPages(GuestApi guest, long address, int count) {
    long first = guest.regions().isEmpty() ? -1 : (address - guest.regions().get(0).base()) / PAGE;
    long given = count <= 0 || first < 0 || first + count > Long.SIZE ? 0 : (-1L >>> (Long.SIZE - count)) << first;
    if (given == 0 || (taken & given) != given) {
      return -Errno.EINVAL;
    }
    taken &= ~given;
    return 0;
  }

  @Override
  public int mapRefs(GuestApi guest, long array, int count) {
    return (int) guest.hypercall(GnttabOp.HYPERCALL, GnttabOp.MAP_GRANT_REF, array, count);
  }

  @Override
  public int unmapRefs(GuestApi guest, long array, int count) {
    return (int) guest.hypercall(GnttabOp.HYPERCALL, GnttabOp.UNMAP_GRANT_REF, array, count);
  }
}
