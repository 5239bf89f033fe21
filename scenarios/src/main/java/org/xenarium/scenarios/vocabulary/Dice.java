package org.xenarium.scenarios.vocabulary;

import java.util.Arrays;
import org.xenarium.emulator.state.Generator;

/**
 * Where the numbers come from that a move is made of. Small numbers mean simple things, so that what is made smaller becomes simpler: the first
 * choice is the plainest, and numbers that are missing are 0.
 */
public abstract class Dice {
  /** A number from 0 to {@code bound} - 1. */
  public abstract int below(int bound);

  /** One of these; the first is the plainest. */
  public final int of(int... values) {
    return values[below(values.length)];
  }

  /** Whether something rare happens, which is plainer if it does not. */
  public final boolean oneIn(int times) {
    return below(times) == times - 1;
  }

  /** These numbers one after the other, each brought into its bounds, then zeros. */
  static Dice of(int[] numbers, int from) {
    return new Dice() {
      private int next = from;

      @Override
      public int below(int bound) {
        return next < numbers.length ? Math.floorMod(numbers[next++], bound) : 0;
      }
    };
  }

  /** Numbers of a generator, which are remembered. */
  static final class Thrown extends Dice {
    private final Generator generator;
    private int[] numbers = new int[32];
    private int count;

    Thrown(Generator generator) {
      this.generator = generator;
    }

    @Override
    public int below(int bound) {
      int number = (int) (generator.nextInt() * bound >>> 32);
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = number;
      return number;
    }

    /** The numbers since the last time this was asked. */
    int[] take() {
      int[] taken = Arrays.copyOf(numbers, count);
      count = 0;
      return taken;
    }

    /** As {@link #take}, when nobody wants to know. */
    void forget() {
      count = 0;
    }
  }
}
