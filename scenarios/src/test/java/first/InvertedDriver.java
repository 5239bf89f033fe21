package first;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.scenarios.property.GuestApi;
import org.xenarium.scenarios.property.GuestDriver;

/** Takes a grant back when it is in use, and only then. */
class InvertedDriver extends SmallDriver {
  InvertedDriver() {}

  private InvertedDriver(InvertedDriver other) {
    super(other);
  }

  @Override
  public GuestDriver copy() {
    return new InvertedDriver(this);
  }

  @Override
  public int endAccess(GuestApi guest, int ref) {
    if (!isUsed(ref)) {
      return -Errno.EINVAL;
    }
    long flags = guest.load(guest.entry(ref), 2);
    if ((flags & (GrantFlags.READING | GrantFlags.WRITING)) == 0) {
      return -Errno.EBUSY;
    }
    guest.store(guest.entry(ref), 2, 0);
    release(ref);
    return 0;
  }
}
