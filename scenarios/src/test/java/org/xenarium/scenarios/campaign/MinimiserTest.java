package org.xenarium.scenarios.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/** A case is made smaller as long as it fails for the same reason. */
class MinimiserTest {
  private static final int ATTEMPTS = 20_000;

  private static final int TOOLSTACK = 0;

  private static final Vocabulary VOCABULARY = Vocabulary.standard();

  private static Case largeCase() {
    List<Move> moves = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      moves.add(new Move(1 + i % 3, VOCABULARY.verbs().get(i % VOCABULARY.verbs().size()).verb(), i, 100 + i, 7));
    }
    return new Case(Setting.drawn(SmallCampaign.XEN, DriverVersion.CONTRACT, 5), moves);
  }

  private static Case smallest(Predicate<Case> fails) {
    return Minimiser.minimise(largeCase(), fails, ATTEMPTS);
  }

  @Test
  void moves_that_are_not_needed_are_left_out_and_the_others_keep_their_order() {
    List<Move> all = largeCase().moves();
    Case smallest = smallest(tried -> has(tried, all.get(31)) && has(tried, all.get(4)) && tried.moves().size() >= 2);
    assertThat(smallest.moves()).extracting(Move::verb).containsExactly(all.get(4).verb(), all.get(31).verb());
  }

  private static boolean has(Case tried, Move wanted) {
    return tried.moves().stream().anyMatch(move -> move.verb() == wanted.verb());
  }

  @Test
  void numbers_become_as_small_as_they_may_and_those_at_the_end_disappear() {
    Case smallest = smallest(tried -> tried.moves().stream().anyMatch(move -> move.size() > 1 && move.number(1) >= 103));
    assertThat(smallest.moves()).singleElement().satisfies(move -> {
      assertThat(move.actor()).isZero();
      assertThat(move.size()).isEqualTo(2);
      assertThat(move.number(0)).isZero();
      assertThat(move.number(1)).isEqualTo(103);
    });
  }

  @Test
  void the_machine_becomes_the_plainest_that_still_fails() {
    assertThat(smallest(tried -> true).setting().plainer()).isEmpty();
    Setting large = largeCase().setting();
    assertThat(smallest(tried -> tried.setting().actors() == large.actors()).setting().actors()).isEqualTo(large.actors());
  }

  /** Of the vCPUs in a large machine the last ones have other numbers than in the plainest one. */
  @Test
  void a_move_stays_that_of_the_same_domain_or_of_the_toolstack_when_the_machine_becomes_plainer() {
    Setting large = Setting.drawn(SmallCampaign.XEN, DriverVersion.V4, 0);
    for (int seed = 1; large.actors() < 5; seed++) {
      large = Setting.drawn(SmallCampaign.XEN, DriverVersion.V4, seed);
    }
    Case byLast = smallestBy(large, 2);
    assertThat(byLast.setting().plainer()).isEmpty();
    assertThat(byLast.moves()).extracting(Move::actor).containsExactly(1);
    Case byToolstack = smallestBy(large, TOOLSTACK);
    assertThat(byToolstack.setting().plainer()).isEmpty();
    assertThat(byToolstack.moves()).extracting(Move::actor).containsExactly(2);
  }

  private static Case smallestBy(Setting setting, int domid) {
    List<Move> moves = IntStream.rangeClosed(0, setting.actors()).mapToObj(actor -> new Move(actor, VOCABULARY.verbs().get(0).verb())).toList();
    Predicate<Case> fails = tried -> tried.moves().stream().anyMatch(move -> by(tried.setting(), move) == domid);
    return Minimiser.minimise(new Case(setting, moves), fails, ATTEMPTS);
  }

  private static int by(Setting setting, Move move) {
    int left = Math.floorMod(move.actor(), setting.actors() + 1);
    for (DomainSetup domain : setting.scenario().domains()) {
      left -= domain.vcpus();
      if (left < 0) {
        return domain.id();
      }
    }
    return TOOLSTACK;
  }

  @Test
  void nothing_is_tried_that_was_not_asked_for() {
    AtomicInteger tried = new AtomicInteger();
    Case found = largeCase();
    Case smallest = Minimiser.minimise(found, any -> tried.incrementAndGet() < 0, ATTEMPTS);
    assertThat(smallest).isEqualTo(found);
    assertThat(tried.get()).isPositive();
    tried.set(0);
    Minimiser.minimise(found, any -> tried.incrementAndGet() > 0, 5);
    assertThat(tried.get()).isEqualTo(5);
  }

  @Test
  void a_run_that_fails_is_made_smaller_for_the_same_reason_and_not_for_another() throws Exception {
    CampaignOptions options = SmallCampaign.options(300, 1, 1, SmallCampaign.BOTH, 99);
    CampaignState state = SmallCampaign.played(options, SmallCampaign.BOTH, 2);
    assertThat(state.violations()).hasSize(2);
    for (Violated violated : state.violations()) {
      Case smallest = new Campaign(options, SmallCampaign.BOTH, List.of()).smallest(violated);
      Optional<Finding> finding = Trial.play(smallest.setting(), smallest.moves(), SmallCampaign.BOTH);
      assertThat(finding).hasValueSatisfying(found -> assertThat(found.isLike(violated.finding())).isTrue());
      assertThat(smallest.moves()).hasSizeLessThanOrEqualTo(6);
      for (int left = 0; left < smallest.moves().size(); left++) {
        List<Move> fewer = new ArrayList<>(smallest.moves());
        fewer.remove(left);
        assertThat(Trial.play(smallest.setting(), fewer, SmallCampaign.BOTH).filter(found -> found.isLike(violated.finding())))
            .as("every move of the smallest case is needed").isEmpty();
      }
    }
  }
}
