package first;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.scenarios.property.GuestApi;
import org.xenarium.scenarios.property.GuestDriver;

/** Takes a grant back by a look and a plain store, which leaves a gap between the two. */
class CarelessDriver extends SmallDriver {
  CarelessDriver() {}

  private CarelessDriver(CarelessDriver other) {
    super(other);
  }

  @Override
  public GuestDriver copy() {
    return new CarelessDriver(this);
  }

  @Override
  public int endAccess(GuestApi guest, int ref) {
    if (!isUsed(ref)) {
      return -Errno.EINVAL;
    }
    long flags = guest.load(guest.entry(ref), 2);
    if ((flags & (GrantFlags.READING | GrantFlags.WRITING)) != 0) {
      return -Errno.EBUSY;
    }
    guest.store(guest.entry(ref), 2, 0);
    release(ref);
    return 0;
  }
}
