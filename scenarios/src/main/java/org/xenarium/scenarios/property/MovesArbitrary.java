package org.xenarium.scenarios.property;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.arbitraries.ArbitraryDecorator;
import net.jqwik.api.configurators.ArbitraryConfigurator;
import net.jqwik.api.configurators.SelfConfiguringArbitrary;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.providers.TypeUsage;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Turn;
import org.xenarium.scenarios.vocabulary.Verb;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/**
 * Lists of moves. They begin with the start of every driver; the rest is drawn by the weights of the vocabulary, of which in each list some verbs
 * are missing and some are frequent. Moves that make no sense when they are played do nothing, so any part of a list can be played, too.
 */
public final class MovesArbitrary extends ArbitraryDecorator<List<Move>> implements SelfConfiguringArbitrary<List<Move>> {
  /** Domains have at most so many vCPUs together; with more actors than there are, moves are somebody's in any case. */
  private static final int ACTORS = 8;

  private static final int NUMBERS = 16;

  /** Moves of a list if nobody says how many. */
  private static final int MOST = 100;

  private static final int UNSAID = -1;

  /** A multiple of most bounds that verbs draw below. */
  private static final int BOUND = 40_320;

  private static final int[] SWARM = {1, 1, 1, 1, 4, 0};

  /** So much more often than the vocabulary says are the calls of drivers drawn: it is drivers that are mostly looked at here. */
  private static final int DRIVER_CALLS = 2;

  /** And so much more often the entries are written that they map. */
  private static final int OTHER_GRANTS = 3;

  /** One in so many moves stops its call soon, within the first few accesses: the calls of drivers are short. */
  private static final int STOPS_SOON = 4;

  /** The first number of a move, if its call is to stop. */
  private static final int STOPS = 2;

  /** And after how many steps at most. */
  private static final int SOON = 4;

  /** One in so many times somebody maps what an end_access has begun to end: a driver that does not notice is rare otherwise. */
  private static final int RACED = 2;

  private static final Verb MAP_ENDING = Verb.of("map_ending", manner -> manner != Manner.DRIVER, MovesArbitrary::mapEnding);

  private static final Verb START = Verb.of("start", manner -> true, MovesArbitrary::start);

  private final Vocabulary vocabulary;
  private final int least;

  /** Or {@link #UNSAID}. */
  private final int most;

  private MovesArbitrary(Vocabulary vocabulary, int least, int most) {
    if (least < 0) {
      throw new IllegalArgumentException("there cannot be at least " + least + " moves");
    }
    if (most < least && most != UNSAID) {
      throw new IllegalArgumentException("there cannot be at least " + least + " moves and at most " + most);
    }
    this.vocabulary = vocabulary;
    this.least = least;
    this.most = most;
  }

  /**
   * Up to 100 moves, or as many as there are to be at least. A driver that is started again while it is in use forgets what it has handed out, so
   * {@code init} is no move of these.
   */
  static MovesArbitrary of(Vocabulary vocabulary) {
    return new MovesArbitrary(has(vocabulary, "init") ? vocabulary.without("init") : vocabulary, 0, UNSAID);
  }

  private static boolean has(Vocabulary vocabulary, String name) {
    return vocabulary.verbs().stream().anyMatch(weighted -> weighted.verb().name().equals(name));
  }

  /**
   * At least so many, the starts of the drivers not counted.
   *
   * @throws IllegalArgumentException if that is less than 0, or more than there are to be at most
   */
  public MovesArbitrary atLeast(int count) {
    return new MovesArbitrary(vocabulary, count, most);
  }

  /**
   * At most so many, the starts of the drivers not counted.
   *
   * @throws IllegalArgumentException if that is less than 0, or less than there are to be at least
   */
  public MovesArbitrary atMost(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("there cannot be at most " + count + " moves");
    }
    return new MovesArbitrary(vocabulary, least, count);
  }

  /** A parameter's {@code @Size} says how many moves there are, the starts of the drivers not counted. */
  @Override
  public Arbitrary<List<Move>> configure(ArbitraryConfigurator configurator, TypeUsage parameter) {
    return parameter.findAnnotation(Size.class).map(this::sized).orElse(this);
  }

  private MovesArbitrary sized(Size size) {
    if (size.value() != 0) {
      return new MovesArbitrary(vocabulary, size.value(), size.value());
    }
    return new MovesArbitrary(vocabulary, size.min(), size.max() == 0 ? UNSAID : size.max());
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

  private static void mapEnding(Turn turn) {
    Turn.Ending ending = turn.ending();
    if (ending != null) {
      int flags = MapFlags.HOST_MAP + (ending.grant().readonly() ? MapFlags.READONLY : 0);
      turn.call(Operation.MAP).asBatch().with(ending.granter()).with(ending.grant().ref()).with(flags).with(turn.hole() << MachineMemory.PAGE_SHIFT).play();
    }
  }

  private List<Move> draw(Random random) {
    List<Move> moves = new ArrayList<>();
    for (int actor = 0; actor < ACTORS; actor++) {
      moves.add(new Move(actor, START));
    }
    int[] bounds = bounds(random);
    int longest = most == UNSAID ? Math.max(MOST, least) : most;
    int count = least + random.nextInt(longest - least + 1);
    for (int i = 0; i < count; i++) {
      Verb verb = verb(bounds, random);
      boolean raced = verb.name().equals("end_access") && i + 1 < count && has(vocabulary, "map") && random.nextInt(RACED) == 0;
      moves.add(new Move(random.nextInt(ACTORS), verb, numbers(random, raced || random.nextInt(STOPS_SOON) == 0)));
      if (raced) {
        i++;
        moves.add(new Move(random.nextInt(ACTORS), MAP_ENDING, numbers(random, false)));
      }
    }
    return moves;
  }

  private static int[] numbers(Random random, boolean stopsSoon) {
    int[] numbers = random.ints(NUMBERS, 0, BOUND).toArray();
    if (stopsSoon) {
      numbers[0] = STOPS;
      numbers[1] %= SOON;
    }
    return numbers;
  }

  /** Weights of the verbs, summed up. */
  private int[] bounds(Random random) {
    int[] bounds = new int[vocabulary.verbs().size()];
    int sum = 0;
    for (int i = 0; i < bounds.length; i++) {
      Vocabulary.Weighted one = vocabulary.verbs().get(i);
      sum += one.weight() * often(one.verb()) * SWARM[random.nextInt(SWARM.length)];
      bounds[i] = sum;
    }
    return bounds;
  }

  private static int often(Verb verb) {
    boolean ofDriver = verb.suits(Manner.DRIVER) && !verb.suits(Manner.CAREFUL);
    return ofDriver ? DRIVER_CALLS : verb.name().equals("gte") ? OTHER_GRANTS : 1;
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
