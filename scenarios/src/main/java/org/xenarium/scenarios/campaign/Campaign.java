package org.xenarium.scenarios.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
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

  /** Runs of one portion. */
  static final int PORTION = 64;

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
   * Goes on from a state until all runs are done, enough violations are found, or it is told to stop.
   *
   * @param state with which the campaign begins or goes on; it is changed
   * @param threads 1 to {@link #MOST_THREADS}
   * @param stops asked before each run, by several threads
   * @param progress told each time that the state has changed
   */
  public void run(CampaignState state, int threads, BooleanSupplier stops, Consumer<CampaignState> progress) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      TreeMap<Long, Future<Optional<Portion>>> underWay = new TreeMap<>();
      long next = state.portions();
      while (!state.isOver(options)) {
        for (; underWay.size() < 2 * threads && next < portions(); next++) {
          long number = next;
          underWay.put(number, pool.submit(() -> portion(number, stops)));
        }
        Optional<Portion> done = underWay.pollFirstEntry().getValue().get();
        if (done.isEmpty()) {
          return;
        }
        state.add(done.get().coverage(), done.get().found());
        progress.accept(state);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
      pool.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  private long portions() {
    return options.portions();
  }

  /**
   * What has come of some runs.
   *
   * @param found the runs in which something does not hold
   */
  private record Portion(Coverage coverage, List<Violated> found) {}

  /** Plays the runs of a portion; empty when it was told to stop before the last one. */
  private Optional<Portion> portion(long number, BooleanSupplier stops) {
    Runs free = idle.poll();
    Runs runs = free == null ? new Runs(options, vocabulary, properties, sometimes) : free;
    Coverage coverage = new Coverage();
    List<Violated> found = new ArrayList<>();
    for (long run = number * PORTION; run < Math.min((number + 1) * PORTION, options.runs()); run++) {
      if (stops.getAsBoolean() || Thread.currentThread().isInterrupted()) {
        return Optional.empty();
      }
      if (options.isOwn(run)) {
        found.addAll(played(runs, run, coverage));
      }
    }
    sometimes.forEach(one -> coverage.count(one.name(), one.times(coverage)));
    idle.add(runs);
    return Optional.of(new Portion(coverage, found));
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
