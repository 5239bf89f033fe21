package org.xenarium.gnttab.kit;

/** What most tests begin with: a bench in the start state, its two guests, and short names. */
public abstract class OnBench {
  /** Map flags: host_map. */
  protected static final int RW = 2;

  /** Map flags: host_map and readonly. */
  protected static final int RO = 6;

  /** An ordinary page of everybody's RAM that is granted to nobody. */
  protected static final long OWN = 0x40020;

  protected Bench bench = Bench.start();
  protected Guest a = bench.a();
  protected Guest b = bench.b();

  /** Replaces the bench. */
  protected final void startFrom(Bench other) {
    bench = other;
    a = other.a();
    b = other.b();
  }

  /** The flags word of A's entry 8. */
  protected final int f() {
    return a.flags(Bench.ENTRY);
  }

  /** The {@code n}-th page address in a hole. */
  protected static long place(int n) {
    return Bench.PLACE + 0x1000L * n;
  }
}
