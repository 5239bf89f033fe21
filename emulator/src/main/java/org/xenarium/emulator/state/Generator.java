package org.xenarium.emulator.state;

/**
 * The machine's only source of randomness: SplitMix64, whose state is part of the machine. What a recorded machine drew can be fed in, and
 * comes out first.
 */
public final class Generator {
  private long state;

  /** Numbers to be drawn before the generator's own; never changed in place, so copies share it. */
  private long[] fed = {};

  /** How many numbers were drawn since the last feeding. */
  private int drawn;

  /** Beyond this nobody counts any more. */
  private static final int MANY = 1 << 30;

  public Generator(long seed) {
    state = seed;
  }

  /** The next 32 random bits, as an unsigned number. */
  public long nextInt() {
    if (drawn < fed.length) {
      return fed[drawn++] & 0xffff_ffffL;
    }
    drawn = Math.min(drawn, MANY) + 1;
    state += Digest.ODD;
    return Digest.mix(state) >>> 32;
  }

  /** The next numbers to be drawn are these; whatever was fed before and not drawn is forgotten. */
  public void feed(long... values) {
    fed = values.clone();
    drawn = 0;
  }

  /** How many numbers were drawn since {@link #feed}. */
  public int drawn() {
    return drawn;
  }

  public Generator copy() {
    Generator copy = new Generator(state);
    copy.fed = fed;
    copy.drawn = drawn;
    return copy;
  }

  public void digest(Digest digest) {
    digest.add(state);
    for (int i = drawn; i < fed.length; i++) {
      digest.add(fed[i]);
    }
  }
}
