package org.xenarium.emulator.state;

import org.jspecify.annotations.Nullable;

/**
 * Accumulates numbers, in order, into a 64-bit fingerprint that is the same in every process. It uses no {@code hashCode}
 * but that of strings, which the language defines.
 */
public final class Digest {
  /** An odd multiplier without structure (the golden ratio). */
  static final long ODD = 0x9e3779b97f4a7c15L;

  private long state;

  /** Adds a number; the order of additions counts. */
  public Digest add(long value) {
    state = mix((state + ODD) ^ mix(value + ODD));
    return this;
  }

  public Digest add(boolean value) {
    return add(value ? 1 : 0);
  }

  /** Adds a constant of an enum, or that there is none. */
  public Digest add(@Nullable Enum<?> constant) {
    return add(constant == null ? 0 : constant.name().hashCode());
  }

  /** The fingerprint of all that was added so far. */
  public long value() {
    return state;
  }

  /** Scrambles all bits of a word, reversibly (Stafford's variant 13 of the MurmurHash3 finalizer). */
  static long mix(long word) {
    long z = (word ^ (word >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
