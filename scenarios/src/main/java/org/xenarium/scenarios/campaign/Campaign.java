package org.xenarium.scenarios.campaign;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/**
 * Plays the runs of a campaign on all cores. Runs are taken in portions; what has come of them is added in the order of their numbers, so that
 * the result does not depend on how fast they were.
 */
public final class Campaign {
  /** Xenarium's version. Seed and number of a run say which run it is only together with it: another version may draw other moves. */
  public static final String VERSION = "xenarium 0.1.0";

  /** More threads than any campaign has use for. */
  public static final int MOST_THREADS = 1024;

  /** Portions that wait for each thread, so that none has nothing to do while a slow one is waited for. */
  private static final int AHEAD = 8;

  /** Attempts to make a case smaller. */
  private static final int ATTEMPTS = 20_000;

  private final CampaignOptions options;
  private final Vocabulary vocabulary = Vocabulary.standard();
  private final List<Property> properties;
  private final List<Sometimes> sometimes;

  /** Machines that no thread uses at the moment. */
  private final ConcurrentLinkedQueue<Runs> idle = new ConcurrentLinkedQueue<>();

  /**
   * A campaign with Xenarium's own vocabulary.
   *
   * @param properties what is to hold: those that the options name
   * @param sometimes what is to happen in some run
   */
  public Campaign(CampaignOptions options, List<Property> properties, List<Sometimes> sometimes) {
    this.options = options;
    this.properties = List.copyOf(properties);
    this.sometimes = List.copyOf(sometimes);
  }

  /**
   * Goes on from a state until all runs are done, enough violations are found, or it is told to stop. Portions that have begun are played to
   * their ends then, and what was played up to the first portion that was not begun is kept.
   *
   * @param state with which the campaign begins or goes on; it is changed
   * @param threads 1 to {@link #MOST_THREADS}
   * @param stops asked before each portion, by several threads; once true it stays so
   * @param progress told each time that the state has changed
   */
  public void run(CampaignState state, int threads, BooleanSupplier stops, Consumer<CampaignState> progress) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      ArrayDeque<Future<Optional<Portion>>> underWay = new ArrayDeque<>();
      long next = state.done();
      while (!state.isOver(options)) {
        while (underWay.size() < AHEAD * threads && next < options.ownRuns()) {
          long from = next;
          next = endOfPortion(from);
          underWay.add(pool.submit(() -> stops.getAsBoolean() ? Optional.empty() : Optional.of(portion(from))));
        }
        Optional<Portion> done = underWay.remove().get();
        if (done.isEmpty()) {
          return;
        }
        state.add(done.get().runs(), done.get().coverage(), done.get().found());
        progress.accept(state);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
      pool.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  /** Portions end at the same runs wherever a campaign goes on: with them ends one that has found enough. */
  private long endOfPortion(long from) {
    return Math.min((from / options.portion() + 1) * options.portion(), options.ownRuns());
  }

  /**
   * What has come of some runs.
   *
   * @param found the runs in which something does not hold
   */
  private record Portion(long runs, Coverage coverage, List<Violated> found) {}

  /** Plays the runs of a portion, given by the place of the first one among those of this shard. */
  private Portion portion(long from) {
    Runs free = idle.poll();
    Runs runs = free == null ? new Runs(options, vocabulary, properties, sometimes) : free;
    Coverage coverage = new Coverage();
    List<Violated> found = new ArrayList<>();
    long end = endOfPortion(from);
    for (long place = from; place < end; place++) {
      found.addAll(played(runs, options.ownRun(place), coverage));
    }
    sometimes.forEach(one -> coverage.count(one.name(), one.times(coverage)));
    idle.add(runs);
    return new Portion(end - from, coverage, found);
  }

  /** An error of our own is told with the run in which it came, so that it can be looked at. */
  private List<Violated> played(Runs runs, long run, Coverage coverage) {
    try {
      return runs.play(run, coverage).map(finding -> new Violated(run, finding)).stream().toList();
    } catch (RuntimeException e) {
      throw new IllegalStateException("run " + run + " of seed " + options.seed() + " cannot be played: " + e, e);
    }
  }

  /** As {@link #smallest(Violated, BooleanSupplier)}, however long it takes. */
  public Case smallest(Violated violated) {
    return smallest(violated, () -> false);
  }

  /**
   * The case of a run, made as small as it can be.
   *
   * @param stops whether the smallest that was found so far has to do
   * @throws IllegalStateException if the run does not show again what was found in it, which is an error of our own
   */
  public Case smallest(Violated violated, BooleanSupplier stops) {
    Case found = new Runs(options, vocabulary, properties, sometimes).asCase(violated.run());
    if (!fails(found, violated.finding())) {
      throw new IllegalStateException("run " + violated.run() + " of seed " + options.seed() + " does not show again: " + violated.finding());
    }
    return Minimiser.minimise(found, smaller -> !stops.getAsBoolean() && fails(smaller, violated.finding()), ATTEMPTS);
  }

  private boolean fails(Case tried, Finding like) {
    return Trial.play(tried.setting(), tried.moves(), properties).filter(finding -> finding.isLike(like)).isPresent();
  }
}
