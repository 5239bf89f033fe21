package org.xenarium.scenarios.campaign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.RandomMoves;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/** The runs of a campaign, by their numbers. For use in one thread. */
final class Runs {
  /** So many settings are drawn at a time. They are used again by other runs, so that machines are built seldom and copied often. */
  private static final int SETTINGS = 64;

  /** After so many runs there are others. */
  private static final int ROUND = SETTINGS * 64;

  /** What happens sometimes is looked for in one run of this many with each setting: it is to be seen at all, not to be counted. */
  private static final int LOOKED_AT = 16;

  // Names under which a coverage counts.
  static final String RUNS = "runs";
  static final String PLAYED = "moves";
  static final String HYPERCALLS = "hypercalls";

  /** A run in which the beginning has been made, and the properties of its copies. */
  private record Prepared(Run run, List<Property> properties) {}

  // What a seed is for.
  private static final int SETTING = 1;
  private static final int MOVES = 2;
  private static final int BEGINNING = 3;

  private final CampaignOptions options;
  private final Vocabulary vocabulary;
  private final List<Property> properties;
  private final List<Sometimes> sometimes;
  private final @Nullable Prepared[] prepared = new Prepared[SETTINGS];
  private long round;

  Runs(CampaignOptions options, Vocabulary vocabulary, List<Property> properties, List<Sometimes> sometimes) {
    this.sometimes = sometimes;
    this.options = options;
    this.vocabulary = vocabulary;
    this.properties = properties;
  }

  /** Plays a run and adds what it reaches; tells what does not hold. */
  Optional<Finding> play(long number, Coverage coverage) {
    Prepared beginning = prepared(number);
    Run run = beginning.run().copy();
    coverage.nextRun();
    Counter counter = new Counter(coverage);
    run.stage().machine().world().watch(counter);
    run.watch(counter);
    if (number / SETTINGS % LOOKED_AT == 0) {
      sometimes.forEach(one -> one.observe(run, () -> coverage.count(one.name(), 1)));
    }
    Optional<Finding> finding = Trial.drawn(run, vocabulary, seed(MOVES, number), options.moves(), beginning.properties(), coverage);
    coverage.count(RUNS, 1);
    coverage.count(PLAYED, counter.moves);
    coverage.count(HYPERCALLS, counter.hypercalls);
    return finding;
  }

  private Prepared prepared(long number) {
    if (number / ROUND != round) {
      Arrays.fill(prepared, null);
      round = number / ROUND;
    }
    int index = (int) (number % SETTINGS);
    Prepared known = prepared[index];
    if (known == null) {
      Run run = Run.of(setting(number));
      vocabulary.beginning(run.setting(), seed(BEGINNING, settingNumber(number))).forEach(run::play);
      known = new Prepared(run, properties.stream().map(property -> property.beginningWith(run)).toList());
      prepared[index] = known;
    }
    return known;
  }

  private static long settingNumber(long number) {
    return number / ROUND * SETTINGS + number % SETTINGS;
  }

  /** What the run begins with. */
  Setting setting(long number) {
    return Setting.drawn(options.semantics(), options.driver(), seed(SETTING, settingNumber(number)));
  }

  private long seed(int purpose, long number) {
    return new Digest().add(options.seed()).add(purpose).add(number).value();
  }

  /** The run as a case, its beginning included, up to where a guest asks for what is not emulated. */
  Case asCase(long number) {
    Run run = prepared(number).run().copy();
    List<Move> moves = new ArrayList<>(vocabulary.beginning(run.setting(), seed(BEGINNING, settingNumber(number))));
    RandomMoves random = new RandomMoves(vocabulary, run, seed(MOVES, number), true);
    playToTheEnd(random);
    moves.addAll(random.played());
    return new Case(run.setting(), moves);
  }

  private void playToTheEnd(RandomMoves random) {
    try {
      for (int i = 0; i < options.moves(); i++) {
        random.playOne();
      }
    } catch (NotEmulatedException e) {
      return;
    }
  }

  /** Counts moves and hypercalls, and hands on which rules decided. */
  private static final class Counter implements RunWatcher, Trace {
    private final Coverage coverage;
    private long moves;
    private long hypercalls;

    Counter(Coverage coverage) {
      this.coverage = coverage;
    }

    @Override
    public void played() {
      moves++;
    }

    @Override
    public void hypercall(int domid, int vcpu, int number, long[] registers) {
      hypercalls++;
    }

    @Override
    public void decided(int domid, int vcpu, long element, Rule rule) {
      coverage.decided(rule);
    }

    @Override
    public void guest(int domid, int vcpu, Rule rule, long value) {
      coverage.decided(rule);
    }
  }
}
