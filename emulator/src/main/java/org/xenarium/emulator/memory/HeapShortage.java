package org.xenarium.emulator.memory;

import org.xenarium.emulator.state.Digest;

/**
 * An injected fault: Xen's heap gives so many more pages, then refuses so many requests, and then has pages again. Whatever Xen keeps for
 * itself comes from there: grant and status frames, maptrack frames. Without a shortage every request is granted as long as the host has
 * memory.
 */
public final class HeapShortage {
  /** A number of refusals that never ends. */
  public static final long FOR_EVER = Long.MAX_VALUE;

  private long before;
  private long refusals;

  HeapShortage copy() {
    HeapShortage copy = new HeapShortage();
    copy.before = before;
    copy.refusals = refusals;
    return copy;
  }

  void digest(Digest digest) {
    digest.add(before).add(refusals);
  }

  /**
   * Plans the shortage, in place of any before.
   *
   * @param pages that are still given, 0 or more
   * @param refused requests after that, 0 or more; {@link #FOR_EVER} for all
   */
  public void plan(long pages, long refused) {
    if (pages < 0 || refused < 0) {
      throw new IllegalArgumentException("a shortage after " + pages + " pages, of " + refused + " requests");
    }
    before = refused == 0 ? 0 : pages;
    refusals = refused;
  }

  /** True while refusals are planned that have not come yet. */
  public boolean isPlanned() {
    return refusals != 0;
  }

  /** One request for a page: is it granted? */
  public boolean grants() {
    if (refusals == 0) {
      return true;
    }
    if (before > 0) {
      before--;
      return true;
    }
    if (refusals != FOR_EVER) {
      refusals--;
    }
    return false;
  }
}
