package org.xenarium.scenarios.property;

import org.xenarium.emulator.trace.Errno;

/**
 * A grant driver of your own: the eight calls of Zephyr's {@code xen/gnttab.h}, written straight on as in C. Whatever a call does to the world it
 * does through its {@link GuestApi}: each access and each hypercall is one step, between which others act. What is not written returns {@link
 * #NO_SUCH_CALL} and does nothing.
 *
 * <p>A call may be executed several times until it is through, always on a fresh {@link #copy} and with the same answers as before. So
 * everything that the driver remembers is in its fields, and nothing but fields and answers decides what it does: no clock, no random numbers, no
 * output. A domain makes one call at a time, as under one lock.
 *
 * <p>A call may ask its {@link GuestApi} for 2,000 things, loads and stores of arguments included. One that asks for more has not come to its end,
 * as one that looks again and again until somebody else does something; this is found as an error of the driver. A loop that asks for nothing is
 * not noticed.
 */
public interface GuestDriver {
  /** What calls return that the driver does not have: -ENOSYS. */
  int NO_SUCH_CALL = -Errno.ENOSYS;

  /**
   * A driver in the same state that shares nothing with this one that changes. It is of the same class: one that extends another driver writes its
   * own. What has no state may return itself.
   */
  GuestDriver copy();

  /**
   * The driver's start, which has to make the grant table visible at {@link GuestApi#table}.
   *
   * @see GuestApi#mapTable
   */
  default void init(GuestApi guest) {
    guest.mapTable();
  }

  /**
   * {@code gnttab_grant_access}: grants a page.
   *
   * @return the reference; 0 or less when there is none
   */
  default int grantAccess(GuestApi guest, int domid, long gfn, boolean readonly) {
    return NO_SUCH_CALL;
  }

  /**
   * {@code gnttab_end_access}: withdraws a grant.
   *
   * @return 0 when it has ended, a negative errno otherwise
   */
  default int endAccess(GuestApi guest, int ref) {
    return NO_SUCH_CALL;
  }

  /**
   * {@code gnttab_alloc_and_grant}: takes a page from the heap and grants it to domain 0.
   *
   * @param map guest address of the pointer that receives the page's address
   * @return the reference, or a negative errno
   */
  default int allocAndGrant(GuestApi guest, long map, boolean readonly) {
    return NO_SUCH_CALL;
  }

  /**
   * {@code gnttab_get_pages}: pages at which grants can be mapped.
   *
   * @return address of the first, or 0
   */
  default long getPages(GuestApi guest, int count) {
    return 0;
  }

  /**
   * {@code gnttab_put_pages}: gives them back.
   *
   * @return 0 or a negative errno
   */
  default int putPages(GuestApi guest, long address, int count) {
    return NO_SUCH_CALL;
  }

  /**
   * {@code gnttab_map_refs}: maps foreign grants.
   *
   * @param array guest address of {@code struct gnttab_map_grant_ref[count]}, see {@link org.xenarium.gnttab.abi.MapLayout}
   * @return 0 when the hypercall completed, a negative errno otherwise
   */
  default int mapRefs(GuestApi guest, long array, int count) {
    return NO_SUCH_CALL;
  }

  /**
   * {@code gnttab_unmap_refs}: ends such mappings.
   *
   * @param array guest address of {@code struct gnttab_unmap_grant_ref[count]}, see {@link org.xenarium.gnttab.abi.UnmapLayout}
   * @return 0 when the hypercall completed, a negative errno otherwise
   */
  default int unmapRefs(GuestApi guest, long array, int count) {
    return NO_SUCH_CALL;
  }

  /**
   * {@code gnttab_query_size}: how large a domain's table is and may become.
   *
   * @param frames guest address of the u32 that receives the number of frames
   * @param most guest address of the u32 that receives the largest number
   * @param status guest address of the s16 that receives the status
   * @return 0 or a negative errno
   */
  default int querySize(GuestApi guest, int domid, long frames, long most, long status) {
    return NO_SUCH_CALL;
  }
}
