package org.xenarium.gnttab.property;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomDistribution;
import org.xenarium.gnttab.kit.run.Choice;
import org.xenarium.gnttab.kit.run.Move;
import org.xenarium.gnttab.kit.run.Vocabulary;

/** Moves for jqwik: lists of numbers that the vocabulary turns into moves, so that a failing run shrinks to few and simple moves. */
public final class Moves {
  private static final int NUMBERS = 24;
  private static final int LARGEST = 9_999;

  private Moves() {}

  static Arbitrary<Move> one() {
    Arbitrary<Integer> number =
        Arbitraries.integers().between(0, LARGEST).withDistribution(RandomDistribution.uniform()).withoutEdgeCases();
    return number.list().ofSize(NUMBERS).map(numbers -> Vocabulary.draw(Choice.of(numbers)));
  }

  /** Without the batches of hundreds of elements, for properties that look at every step. */
  public static Arbitrary<List<Move>> shortCalls(int most) {
    return listsOf(one().map(Moves::shortened), most);
  }

  private static Move shortened(Move move) {
    return move instanceof Move.Call(int who, int cpu, int preempt, Move.Maps(List<Move.MapElement> elements, _))
        ? new Move.Call(who, cpu, preempt, new Move.Maps(elements, 1))
        : move;
  }

  public static Arbitrary<List<Move>> lists(int most) {
    return listsOf(one(), most);
  }

  /** All lengths alike: left to itself, jqwik prefers lists too short to get anywhere. */
  private static Arbitrary<List<Move>> listsOf(Arbitrary<Move> moves, int most) {
    return moves.list().ofMinSize(1).ofMaxSize(most).withSizeDistribution(RandomDistribution.uniform());
  }
}
