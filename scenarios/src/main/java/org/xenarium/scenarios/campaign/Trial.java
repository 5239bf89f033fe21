package org.xenarium.scenarios.campaign;

import java.util.List;
import java.util.Optional;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.RandomMoves;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/**
 * One run under observation. A guest whose bytes are executed as a multicall can ask for hypercalls that are not emulated: there the run ends,
 * and what it has shown until then counts.
 */
public final class Trial {
  /** Under which such ends are counted. */
  static final String NOT_EMULATED = "runs that end where a guest asks for what is not emulated";

  private final Run run;
  private final Tally tally;

  private Trial(Run run, List<Property> properties, Tally tally) {
    this.run = run;
    this.tally = tally;
    properties.forEach(property -> property.observe(run, finding -> {
      throw new FoundException(finding);
    }, tally));
  }

  /** Plays those moves on a new machine and says what does not hold first; empty when all holds. */
  public static Optional<Finding> play(Setting setting, List<Move> moves, List<Property> properties, RunWatcher... watchers) {
    return play(Run.of(setting), moves, properties, (name, times) -> {}, watchers);
  }

  /**
   * As {@link #play(Setting, List, List, RunWatcher...)}, on a run in which nothing has been done; the trial takes it over.
   *
   * @param tally where is counted how often what is to hold was put to the test
   */
  public static Optional<Finding> play(Run run, List<Move> moves, List<Property> properties, Tally tally, RunWatcher... watchers) {
    for (RunWatcher watcher : watchers) {
      run.watch(watcher);
    }
    return new Trial(run, properties, tally).end(() -> moves.forEach(run::play));
  }

  /**
   * Plays drawn moves.
   *
   * @param run in which the beginning has been made; the trial takes it over
   */
  static Optional<Finding> drawn(Run run, Vocabulary vocabulary, long seed, int count, List<Property> properties, Tally tally) {
    return new Trial(run, properties, tally).end(() -> {
      RandomMoves moves = new RandomMoves(vocabulary, run, seed, false);
      for (int i = 0; i < count; i++) {
        moves.playOne();
      }
    });
  }

  private Optional<Finding> end(Runnable moves) {
    try {
      moves.run();
      run.finish();
      return Optional.empty();
    } catch (NotEmulatedException e) {
      tally.count(NOT_EMULATED, 1);
      return Optional.empty();
    } catch (FoundException e) {
      return Optional.of(e.finding());
    }
  }
}
