package org.xenarium.emulator.fault;

/**
 * A failure on order. It strikes where all of the following hold.
 *
 * @param point what is to fail
 * @param domid in which domain; each point says whose it means
 * @param key which one there, a guest frame number for instance, or {@link #ANY}
 * @param from virtual nanoseconds, inclusive
 * @param until virtual nanoseconds, exclusive
 * @param passes how many times it lets pass before it strikes for the first time
 * @param strikes how many times it strikes
 */
public record Fault(FaultPoint point, int domid, long key, long from, long until, int passes, int strikes) {
  /** Every key. */
  public static final long ANY = -1;

  public Fault {
    if (from > until || passes < 0 || strikes < 1) {
      throw new IllegalArgumentException(point.name() + " from " + from + " until " + until + ", " + passes + ", " + strikes);
    }
  }

  /** Always and everywhere in that domain. */
  public static Fault of(FaultPoint point, int domid) {
    return new Fault(point, domid, ANY, 0, Long.MAX_VALUE, 0, Integer.MAX_VALUE);
  }

  /** Only for that key. */
  public Fault at(long value) {
    return new Fault(point, domid, value, from, until, passes, strikes);
  }

  /** Only at or after that time. */
  public Fault from(long nanos) {
    return new Fault(point, domid, key, nanos, until, passes, strikes);
  }

  /** Only before that time. */
  public Fault until(long nanos) {
    return new Fault(point, domid, key, from, nanos, passes, strikes);
  }

  /** Only after so many have passed. */
  public Fault after(int count) {
    return new Fault(point, domid, key, from, until, count, strikes);
  }

  /** Only so many times. */
  public Fault times(int count) {
    return new Fault(point, domid, key, from, until, passes, count);
  }

  boolean isMeant(FaultPoint where, int who, long what, long now) {
    return point == where && domid == who && (key == ANY || key == what) && from <= now && now < until;
  }
}
