package org.xenarium.scenarios.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;

/** Drivers with one thing wrong, for which settings and moves are drawn as for everybody. */
class FlawsTest {
  /** As many as jqwik makes if nobody says anything. */
  private static final int TRIES = 1000;

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void what_is_wrong_with_a_driver_is_found(Flaw flaw) {
    assertThat(found(flaw, Manner.CAREFUL, TRIES).map(found -> found.finding().what())).hasValue(flaw.breaks());
  }

  @ParameterizedTest
  @EnumSource
  void a_driver_with_nothing_wrong_holds_whatever_the_others_do(Manner others) {
    assertThat(found(Flaw.NONE, others, TRIES)).isEmpty();
  }

  private static Optional<Counterexample> found(Flaw flaw, Manner others, int tries) {
    RandomGenerator<Setting> settings = Xenarium.settings().manners(Manner.DRIVER, others).generator(TRIES);
    RandomGenerator<List<Move>> moves = Xenarium.moves().generator(TRIES);
    Random random = new Random(1);
    Optional<Counterexample> found = Optional.empty();
    for (int i = 0; i < tries && found.isEmpty(); i++) {
      Check check = Xenarium.in(settings.next(random).value()).withDriver(1, () -> new FlawedDriver(flaw)).that(Xenarium.driverPromises());
      found = check.counterexample(moves.next(random).value());
    }
    return found;
  }
}
