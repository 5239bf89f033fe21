package org.xenarium.gnttab.kit.run;

import org.xenarium.emulator.state.Generator;

/** Where the numbers come from that a move is drawn from. Small numbers mean simple things, so that a shrunk run is a simple one. */
public interface Choice {
  /** A number from 0 to {@code n} - 1. */
  int below(int n);

  /** One of these, the first being the simplest. */
  default int of(int... values) {
    return values[below(values.length)];
  }

  /** These numbers one after the other, then zeros. */
  static Choice of(Iterable<Integer> numbers) {
    var rest = numbers.iterator();
    return n -> rest.hasNext() ? rest.next() % n : 0;
  }

  /** Numbers of a seed. */
  static Choice seeded(long seed) {
    Generator generator = new Generator(seed);
    return n -> (int) (generator.nextInt() % n);
  }
}
