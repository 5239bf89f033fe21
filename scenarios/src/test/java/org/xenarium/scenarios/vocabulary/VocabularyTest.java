package org.xenarium.scenarios.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.script.Operation;

/** What can be done next is found by chance, fits the state, and can be extended. */
class VocabularyTest {
  private static final Semantics XEN = new Semantics(Release.V4_23_DEV, SecurityPolicy.DUMMY);
  private static final int MOST_RUNS = 5_000;
  private static final int MOVES = 60;

  private static List<Move> played(Vocabulary vocabulary, long seed) {
    Setting setting = Setting.drawn(XEN, DriverVersion.CONTRACT, seed);
    Run run = Run.of(setting);
    vocabulary.beginning(setting).forEach(run::play);
    RandomMoves moves = new RandomMoves(vocabulary, run, seed, true);
    for (int i = 0; i < MOVES; i++) {
      moves.playOne();
    }
    run.finish();
    return moves.played();
  }

  @Test
  void random_moves_reach_every_verb() {
    Vocabulary vocabulary = Vocabulary.standard();
    TreeSet<String> missing = new TreeSet<>();
    vocabulary.verbs().forEach(weighted -> missing.add(weighted.verb().name()));
    missing.remove("init"); // who uses a driver has started it before the first move
    for (int seed = 0; seed < MOST_RUNS && !missing.isEmpty(); seed++) {
      played(vocabulary, seed).forEach(move -> missing.remove(move.verb().name()));
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void every_verb_has_a_name_of_its_own() {
    assertThat(Vocabulary.standard().verbs()).extracting(weighted -> weighted.verb().name()).doesNotHaveDuplicates();
  }

  @Test
  void a_verb_that_was_left_out_is_never_drawn_and_one_that_was_added_is() {
    Verb own = Verb.of("ask the version", any -> true, turn -> turn.call(Operation.XEN_VERSION).play());
    Vocabulary vocabulary = Vocabulary.standard().without("map").with(own, 50);
    List<Verb> verbs = Stream.iterate(0L, seed -> seed + 1).limit(20).flatMap(seed -> played(vocabulary, seed).stream()).map(Move::verb).toList();
    assertThat(verbs).contains(own).extracting(Verb::name).doesNotContain("map");
    assertThatThrownBy(() -> vocabulary.verb("map")).hasMessageStartingWith("there is no verb map; near to it: ");
  }

  @Test
  void every_move_can_be_made_in_every_state_whatever_its_numbers() {
    List<Move> moves = played(Vocabulary.standard(), 3);
    Setting setting = Setting.drawn(XEN, DriverVersion.CONTRACT, 4);
    Run run = Run.of(setting);
    for (Move move : moves) {
      run.play(move.by(-move.actor()));
      run.play(new Move(move.actor(), move.verb(), Integer.MIN_VALUE, -1, Integer.MAX_VALUE));
      run.play(move.first(0));
    }
    run.finish();
    assertThat(moves).isNotEmpty();
  }

  @Test
  void plainer_settings_end_in_one_that_cannot_be_made_plainer() {
    for (int seed = 0; seed < 50; seed++) {
      Setting setting = Setting.drawn(XEN, DriverVersion.CONTRACT, seed);
      int steps = 0;
      for (; !setting.plainer().isEmpty(); steps++) {
        setting = setting.plainer().get(0);
        assertThat(steps).as("it ends").isLessThan(100);
        assertThat(Run.of(setting).stage().actors()).hasSize(setting.actors());
      }
      assertThat(setting.actors()).isEqualTo(2);
      assertThat(setting.interleaves()).isFalse();
    }
  }
}
