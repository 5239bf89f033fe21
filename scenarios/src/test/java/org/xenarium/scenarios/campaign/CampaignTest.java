package org.xenarium.scenarios.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Verb;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/** What comes of a campaign is determined by its options alone. */
class CampaignTest {
  private static final int RUNS = 300;
  private static final int PHYSDEV_OP = 33;
  private static final int UNKNOWN = 63;
  private static final int MANY = 99;

  @TempDir Path folder;

  private static List<String> lines(CampaignOptions options, List<Property> properties, int threads) throws InterruptedException {
    return StateFile.lines(options, SmallCampaign.played(options, properties, threads));
  }

  @Test
  void the_result_does_not_depend_on_the_number_of_threads() throws Exception {
    CampaignOptions options = SmallCampaign.options(RUNS, 1, 1, List.of(SmallCampaign.TRUE), 1);
    List<String> alone = lines(options, List.of(SmallCampaign.TRUE), 1);
    assertThat(alone).contains("count\truns\t" + RUNS, "done\t" + RUNS).noneMatch(line -> line.startsWith("violation"));
    assertThat(lines(options, List.of(SmallCampaign.TRUE), 2)).isEqualTo(alone);
  }

  @Test
  void neither_do_the_violations_whether_it_ends_with_the_first_or_goes_on() throws Exception {
    for (int max : new int[] {1, MANY}) {
      CampaignOptions options = SmallCampaign.options(RUNS, 1, 1, SmallCampaign.BOTH, max);
      List<String> alone = lines(options, SmallCampaign.BOTH, 1);
      assertThat(alone).anyMatch(line -> line.startsWith("violation\t"));
      assertThat(lines(options, SmallCampaign.BOTH, 3)).isEqualTo(alone);
    }
  }

  @Test
  void of_violations_of_the_same_reason_only_the_first_run_is_kept() throws Exception {
    CampaignOptions options = SmallCampaign.options(RUNS, 1, 1, SmallCampaign.BOTH, MANY);
    List<Violated> violations = SmallCampaign.played(options, SmallCampaign.BOTH, 2).violations();
    assertThat(violations).extracting(violated -> violated.finding().property()).containsExactlyInAnyOrder("nobody-maps", "nobody-goes");
    assertThat(violations).isSortedAccordingTo((a, b) -> Long.compare(a.run(), b.run()));
  }

  @Test
  void another_seed_makes_other_runs() throws Exception {
    List<Property> properties = List.of(SmallCampaign.TRUE);
    CampaignOptions options = SmallCampaign.options(20, 1, 1, properties, 1);
    CampaignOptions other = new CampaignOptions(8, 20, 40, 1, 1, SmallCampaign.XEN, DriverVersion.CONTRACT, List.of("true"), 1);
    assertThat(SmallCampaign.played(other, properties, 1).coverage().of(Runs.HYPERCALLS))
        .isNotEqualTo(SmallCampaign.played(options, properties, 1).coverage().of(Runs.HYPERCALLS));
  }

  @Test
  void one_that_was_interrupted_and_goes_on_from_its_folder_ends_as_one_that_was_not() throws Exception {
    CampaignOptions options = SmallCampaign.options(RUNS, 1, 1, SmallCampaign.BOTH, MANY);
    CampaignState first = new CampaignState();
    AtomicInteger begun = new AtomicInteger();
    new Campaign(options, SmallCampaign.BOTH, List.of()).run(first, 1, () -> begun.incrementAndGet() > 2, now -> {});
    assertThat(first.isOver(options)).isFalse();
    assertThat(first.done()).isEqualTo(2L * options.portion()).isEqualTo(first.coverage().of(Runs.RUNS));
    StateFile.Read read;
    try (RunFolder kept = RunFolder.create(folder, LocalDateTime.of(2030, 1, 2, 3, 4, 5), 7)) {
      kept.save(options, first);
      read = kept.read(options.properties());
    }

    assertThat(read.options()).isEqualTo(options);
    new Campaign(options, SmallCampaign.BOTH, List.of()).run(read.state(), 2, () -> false, now -> {});
    assertThat(StateFile.lines(options, read.state())).isEqualTo(lines(options, SmallCampaign.BOTH, 2));
  }

  @Test
  void the_longer_the_runs_the_fewer_are_played_until_it_is_asked_whether_to_stop() {
    assertThat(ofMoves(1).portion()).isEqualTo(64);
    assertThat(ofMoves(CampaignOptions.MOVES).portion()).isEqualTo(8);
    assertThat(ofMoves(20_000).portion()).isEqualTo(1);
    assertThat(ofMoves(Integer.MAX_VALUE).portion()).isEqualTo(1);
  }

  private static CampaignOptions ofMoves(int moves) {
    return new CampaignOptions(7, RUNS, moves, 1, 1, SmallCampaign.XEN, DriverVersion.CONTRACT, List.of(), 1);
  }

  @Test
  void every_run_belongs_to_one_shard() {
    List<Long> runs = new ArrayList<>();
    for (int shard = 1; shard <= 4; shard++) {
      CampaignOptions part = SmallCampaign.options(10, shard, 4, SmallCampaign.BOTH, 1);
      for (long place = 0; place < part.ownRuns(); place++) {
        runs.add(part.ownRun(place));
      }
    }
    assertThat(runs).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void the_shards_together_are_the_whole() throws Exception {
    CampaignOptions options = SmallCampaign.options(RUNS, 1, 1, SmallCampaign.BOTH, MANY);
    CampaignState whole = SmallCampaign.played(options, SmallCampaign.BOTH, 2);
    for (int[] order : new int[][] {{1, 2, 3}, {3, 1, 2}}) {
      CampaignState joined = new CampaignState();
      for (int shard : order) {
        CampaignOptions part = SmallCampaign.options(RUNS, shard, 3, SmallCampaign.BOTH, MANY);
        assertThat(part.belongsTo(SmallCampaign.options(RUNS, 1, 3, SmallCampaign.BOTH, MANY))).isTrue();
        joined.join(SmallCampaign.played(part, SmallCampaign.BOTH, 2));
      }
      joined.setDone(whole.done());
      assertThat(StateFile.lines(options, joined)).isEqualTo(StateFile.lines(options, whole));
    }
  }

  @Test
  void parts_of_campaigns_with_other_options_do_not_belong_together() {
    CampaignOptions one = SmallCampaign.options(RUNS, 1, 3, SmallCampaign.BOTH, 1);
    assertThat(SmallCampaign.options(RUNS + 1, 2, 3, SmallCampaign.BOTH, 1).belongsTo(one)).isFalse();
    assertThat(SmallCampaign.options(RUNS, 2, 4, SmallCampaign.BOTH, 1).belongsTo(one)).isFalse();
    assertThat(SmallCampaign.options(RUNS, 2, 3, List.of(SmallCampaign.TRUE), 1).belongsTo(one)).isFalse();
    assertThat(new CampaignOptions(8, RUNS, 40, 2, 3, one.semantics(), one.driver(), one.properties(), 1).belongsTo(one)).isFalse();
    assertThat(new CampaignOptions(7, RUNS, 40, 2, 3, one.semantics(), DriverVersion.V4, one.properties(), 1).belongsTo(one)).isFalse();
  }

  @Test
  void a_shard_does_not_belong_to_a_campaign_in_which_it_would_have_no_runs() {
    CampaignOptions one = SmallCampaign.options(1, 1, 2, SmallCampaign.BOTH, 1);
    CampaignOptions second = SmallCampaign.options(10, 2, 2, SmallCampaign.BOTH, 1);
    assertThat(second.belongsTo(one)).isFalse();
    assertThat(one.belongsTo(second)).isFalse();
  }

  @Test
  void where_there_are_fewer_runs_than_shards_only_the_first_shards_have_some() {
    assertThat(SmallCampaign.options(3, 1, 8, SmallCampaign.BOTH, 1).shardsWithRuns()).isEqualTo(3);
    assertThat(SmallCampaign.options(8, 1, 3, SmallCampaign.BOTH, 1).shardsWithRuns()).isEqualTo(3);
    assertThat(SmallCampaign.options(CampaignOptions.NO_END, 1, 3, SmallCampaign.BOTH, 1).shardsWithRuns()).isEqualTo(3);
  }

  @Test
  void an_error_of_our_own_is_told_with_the_run_in_which_it_came() {
    Property broken = Property.of("broken", "it cannot be told", machine -> {
      throw new ArithmeticException("oh");
    });
    CampaignOptions options = SmallCampaign.options(2, 2, 2, List.of(broken), 1);
    assertThatThrownBy(() -> SmallCampaign.played(options, List.of(broken), 1)).hasMessageContaining("run 1 of seed 7 cannot be played").hasMessageContaining("oh");
  }

  @Test
  void a_run_that_does_not_show_again_what_was_found_is_no_counterexample() {
    List<Property> properties = List.of(SmallCampaign.TRUE);
    Campaign campaign = new Campaign(SmallCampaign.options(2, 1, 1, properties, 1), properties, List.of());
    Violated violated = new Violated(1, new Finding("true", "true", "something"));
    assertThatThrownBy(() -> campaign.smallest(violated)).hasMessage("run 1 of seed 7 does not show again: true: something");
  }

  @Test
  void a_counterexample_has_to_do_as_it_is_when_nobody_wants_to_wait() throws Exception {
    List<Property> properties = List.of(SmallCampaign.NOBODY_MAPS);
    CampaignOptions options = SmallCampaign.options(RUNS, 1, 1, properties, 1);
    Violated violated = SmallCampaign.played(options, properties, 1).violations().get(0);
    Campaign campaign = new Campaign(options, properties, List.of());
    assertThat(campaign.smallest(violated, () -> true).moves()).hasSizeGreaterThan(campaign.smallest(violated).moves().size());
  }

  @Test
  void a_campaign_without_an_end_has_said_something_once_a_portion_of_its_runs_is_done() {
    CampaignOptions options = SmallCampaign.options(CampaignOptions.NO_END, 1, 1, List.of(SmallCampaign.TRUE), 1);
    CampaignState state = new CampaignState();
    assertThat(state.isEnough(options)).isFalse();
    state.add(1, new Coverage(), List.of());
    assertThat(state.isEnough(options)).isTrue();
    assertThat(state.isOver(options)).isFalse();
    assertThat(state.isEnough(SmallCampaign.options(RUNS, 1, 1, List.of(SmallCampaign.TRUE), 1))).isFalse();
  }

  @Test
  void a_campaign_of_nothing_is_refused_by_name() {
    assertThatThrownBy(() -> SmallCampaign.options(0, 1, 1, SmallCampaign.BOTH, 1)).hasMessage("runs: expected a number from 1 on, found 0");
    assertThatThrownBy(() -> SmallCampaign.options(1, 3, 2, SmallCampaign.BOTH, 1)).hasMessage("shard: expected one from 1/2 to 2/2, found 3/2");
    assertThatThrownBy(() -> SmallCampaign.options(1, 1, 0, SmallCampaign.BOTH, 1)).hasMessage("shard: expected shards from 1 on, found 1/0");
    assertThatThrownBy(() -> SmallCampaign.options(1, 2, 2, SmallCampaign.BOTH, 1))
        .hasMessage("shard: 2/2 has no runs: there are only 1 to be divided");
    assertThatThrownBy(() -> SmallCampaign.options(1, 1, 1, SmallCampaign.BOTH, 0)).hasMessageStartingWith("max-violations: ");
    assertThatThrownBy(() -> SmallCampaign.options(1, 1, 1, List.of(SmallCampaign.TRUE, SmallCampaign.TRUE), 1))
        .hasMessage("property: expected different names, found 'true,true'");
  }

  @Test
  void the_latest_folder_is_linked_and_none_is_used_twice() throws Exception {
    LocalDateTime now = LocalDateTime.of(2030, 1, 2, 3, 4, 5);
    try (RunFolder first = RunFolder.create(folder, now, -1);
        RunFolder second = RunFolder.create(folder, now, -1)) {
      assertThat(first.path()).hasFileName("20300102-030405--1");
      assertThat(second.path()).hasFileName("20300102-030405--1-2");
      assertThat(folder.resolve("latest").toRealPath()).isEqualTo(second.path().toRealPath());
    }
  }

  @Test
  void a_folder_belongs_to_one_campaign_at_a_time_and_is_free_again_after_it() throws Exception {
    Path path;
    try (RunFolder first = RunFolder.create(folder, LocalDateTime.of(2030, 1, 2, 3, 4, 5), 1)) {
      path = first.path();
      assertThatThrownBy(() -> RunFolder.open(path)).isInstanceOf(RunFolder.BusyException.class);
    }
    RunFolder.open(path).close();
    RunFolder.open(path).close();
  }

  @Test
  void one_that_goes_on_through_a_link_stays_in_its_folder_when_the_link_is_moved() throws Exception {
    LocalDateTime now = LocalDateTime.of(2030, 1, 2, 3, 4, 5);
    CampaignOptions options = SmallCampaign.options(RUNS, 1, 1, SmallCampaign.BOTH, MANY);
    Path meant;
    try (RunFolder first = RunFolder.create(folder, now, 1)) {
      meant = first.path();
    }
    try (RunFolder resumed = RunFolder.open(folder.resolve("latest"));
        RunFolder other = RunFolder.create(folder, now, 2)) {
      resumed.save(options, new CampaignState());
      resumed.write("verdict.txt", "");
      assertThat(resumed.path()).isEqualTo(meant.toRealPath());
      assertThat(meant).isDirectoryContaining("glob:**/state.tsv").isDirectoryContaining("glob:**/verdict.txt");
      assertThat(other.path()).isDirectoryNotContaining("glob:**/{state.tsv,verdict.txt}");
    }
  }

  @Test
  void a_run_ends_where_a_guest_asks_for_what_is_not_emulated() {
    Setting setting = Setting.drawn(SmallCampaign.XEN, DriverVersion.CONTRACT, 5);
    List<Property> wrong = List.of(Property.of("wrong", "nothing is ever right", machine -> Optional.of("wrong")));
    assertThat(Trial.play(setting, List.of(new Move(0, hypercall(PHYSDEV_OP))), wrong)).isEmpty();
    assertThat(Trial.play(setting, List.of(new Move(0, hypercall(UNKNOWN))), wrong)).isPresent();
  }

  @Test
  void a_violation_has_its_case_although_the_run_would_meet_what_is_not_emulated_later() {
    Vocabulary words = Vocabulary.standard().only("init", "grant_access").with(hypercall(UNKNOWN), 2).with(hypercall(PHYSDEV_OP), 1);
    List<Property> second = List.of(new SecondMove());
    Runs runs = new Runs(SmallCampaign.options(MANY, 1, 1, second, 1), words, second, List.of());
    int found = 0;
    for (int run = 0; run < MANY; run++) {
      if (runs.play(run, new Coverage()).isPresent()) {
        Case shown = runs.asCase(run);
        assertThat(Trial.play(shown.setting(), shown.moves(), second)).isPresent();
        found++;
      }
    }
    assertThat(found).isPositive();
  }

  /** No run has two moves. */
  private static final class SecondMove implements Property {
    @Override
    public String name() {
      return "second-move";
    }

    @Override
    public String statement() {
      return "no run has two moves";
    }

    @Override
    public void observe(Run run, Consumer<Finding> findings, Tally tally) {
      AtomicInteger moves = new AtomicInteger();
      run.watch(new RunWatcher() {
        @Override
        public void played() {
          if (moves.incrementAndGet() == 2) {
            findings.accept(new Finding(name(), name(), "there are two"));
          }
        }
      });
    }
  }

  private static Verb hypercall(int number) {
    return Verb.of("hypercall " + number, any -> true, turn -> turn.call(Operation.HYP).with(number).with(0).with(0).with(0).with(0).with(0).play());
  }
}
