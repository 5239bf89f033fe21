package org.xenarium.emulator.state;

/**
 * What a store held when it was last looked at. It finds out what is different by now; other than a digest it leaves the store alone, which need
 * not copy again what it writes to next. Nothing is to be looked at where nothing was written.
 */
public final class Mirror {
  /** Takes words that are different by now. */
  public interface Visitor {
    /** The eight bytes at that address were and are these numbers. */
    void changed(long at, long old, long now);
  }

  private static final long NONE = -1;

  private final SparseBytes store;
  private final SparseBytes seen;
  private long writes;

  /** Has a first look. */
  public Mirror(SparseBytes store) {
    this.store = store;
    seen = store.copy();
    writes = store.writes();
  }

  /** True when the content is not what it was at the last look, which this is none. */
  public boolean differs() {
    return store.writes() != writes && store.nextDifference(seen, 0) != NONE;
  }

  /** Looks again: visits all that is different, in the order of addresses. */
  public void look(Visitor visitor) {
    if (store.writes() == writes) {
      return;
    }
    for (long at = store.nextDifference(seen, 0); at != NONE; at = store.nextDifference(seen, at + Long.BYTES)) {
      long old = seen.getLong(at);
      long now = store.getLong(at);
      seen.setLong(at, now);
      visitor.changed(at, old, now);
    }
    writes = store.writes();
  }
}
