package org.xenarium.scenarios.property;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.arbitraries.ArbitraryDecorator;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Turn;
import org.xenarium.scenarios.vocabulary.Verb;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/**
 * Lists of moves. They begin with the start of every driver; the rest is drawn by the weights of the vocabulary, of which in each list some verbs
 * are missing and some are frequent. Moves that make no sense when they are played do nothing, so any part of a list can be played, too.
 */
public final class MovesArbitrary extends ArbitraryDecorator<List<Move>> {
  /** Domains have at most so many vCPUs together; with more actors than there are, moves are somebody's in any case. */
  private static final int ACTORS = 8;

  private static final int NUMBERS = 16;

  /** A multiple of most bounds that verbs draw below. */
  private static final int BOUND = 40_320;

  private static final int[] SWARM = {1, 1, 1, 1, 4, 0};

  private static final Verb START = Verb.of("start", manner -> true, MovesArbitrary::start);

  private final Vocabulary vocabulary;
  private final int least;
  private final int most;

  private MovesArbitrary(Vocabulary vocabulary, int least, int most) {
    this.vocabulary = vocabulary;
    this.least = least;
    this.most = most;
  }

  /** Up to 100 moves. A driver that is started again while it is in use forgets what it has handed out, so {@code init} is no move of these. */
  static MovesArbitrary of(Vocabulary vocabulary) {
    return new MovesArbitrary(vocabulary.without("init"), 0, 100);
  }

  /** At least so many, the starts of the drivers not counted. */
  public MovesArbitrary atLeast(int count) {
    return new MovesArbitrary(vocabulary, count, Math.max(count, most));
  }

  /** At most so many, the starts of the drivers not counted. */
  public MovesArbitrary atMost(int count) {
    return new MovesArbitrary(vocabulary, Math.min(least, count), count);
  }

  @Override
  protected Arbitrary<List<Move>> arbitrary() {
    List<Verb> verbs = vocabulary.verbs().stream().map(Vocabulary.Weighted::verb).toList();
    return Arbitraries.fromGenerator(random -> new ShrinkableMoves(verbs, draw(random)));
  }

  /** A driver that has started is not started again. */
  private static void start(Turn turn) {
    long table = Area.GRANTS.first();
    if (turn.domain().physmap().entry(table) == Physmap.HOLE) {
      turn.call(Operation.INIT).play();
    }
  }

  private List<Move> draw(Random random) {
    List<Move> moves = new ArrayList<>();
    for (int actor = 0; actor < ACTORS; actor++) {
      moves.add(new Move(actor, START));
    }
    int[] bounds = bounds(random);
    int count = least + random.nextInt(most - least + 1);
    for (int i = 0; i < count; i++) {
      int[] numbers = random.ints(NUMBERS, 0, BOUND).toArray();
      moves.add(new Move(random.nextInt(ACTORS), verb(bounds, random), numbers));
    }
    return moves;
  }

  /** Weights of the verbs, summed up. */
  private int[] bounds(Random random) {
    int[] bounds = new int[vocabulary.verbs().size()];
    int sum = 0;
    for (int i = 0; i < bounds.length; i++) {
      sum += vocabulary.verbs().get(i).weight() * SWARM[random.nextInt(SWARM.length)];
      bounds[i] = sum;
    }
    return bounds;
  }

  private Verb verb(int[] bounds, Random random) {
    int number = random.nextInt(Math.max(1, bounds[bounds.length - 1]));
    int index = 0;
    while (index < bounds.length - 1 && bounds[index] <= number) {
      index++;
    }
    return vocabulary.verbs().get(index).verb();
  }
}
