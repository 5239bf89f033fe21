package org.xenarium.scenarios.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/** What is asked of the kit it does, or it says why not. */
class InputsOfKitTest {
  private static final int STARTS = 8;

  private static <T> T drawn(Arbitrary<T> arbitrary) {
    return arbitrary.generator(1000).next(new Random(1)).value();
  }

  @Test
  void a_verb_that_is_not_there_cannot_be_left_out() {
    assertThatIllegalArgumentException().isThrownBy(() -> Vocabulary.standard().without("copi")).withMessageStartingWith(
        "there is no verb copi; there are: acquire_resource, ");
    assertThatIllegalArgumentException().isThrownBy(() -> Vocabulary.standard().only("grant")).withMessageContaining(
        "there is no verb grant; near to it: alloc_and_grant, grant_access, swap_grant_ref; there are: ");
  }

  @Test
  void words_without_init_have_none_left_out() {
    assertThat(drawn(Xenarium.moves(Vocabulary.standard().only("map")).atLeast(5))).hasSizeGreaterThanOrEqualTo(STARTS + 5);
  }

  @Test
  void one_bound_does_not_change_the_other() {
    assertThatIllegalArgumentException().isThrownBy(() -> Xenarium.moves().atLeast(10).atMost(5))
        .withMessage("there cannot be at least 10 moves and at most 5");
    assertThatIllegalArgumentException().isThrownBy(() -> Xenarium.moves().atMost(5).atLeast(10));
    assertThatIllegalArgumentException().isThrownBy(() -> Xenarium.moves().atMost(-1)).withMessage("there cannot be at most -1 moves");
    assertThatIllegalArgumentException().isThrownBy(() -> Xenarium.moves().atLeast(-1)).withMessage("there cannot be at least -1 moves");
    assertThat(drawn(Xenarium.moves().atLeast(150))).hasSize(STARTS + 150);
  }

  @Property(tries = 20)
  void size_says_how_many_moves_there_are(@ForAll @Size(max = 3) List<Move> few, @ForAll @Size(7) List<Move> seven) {
    assertThat(few).hasSizeLessThanOrEqualTo(STARTS + 3);
    assertThat(seven).hasSize(STARTS + 7);
  }

  @Test
  void manners_are_looked_at_as_they_are_in_the_end() {
    Setting setting = drawn(Xenarium.settings().manners(Manner.DRIVER).mannersAmong(Manner.DRIVER));
    assertThat(setting.manners()).containsOnly(Manner.DRIVER);
    Arbitrary<Setting> none = Xenarium.settings().manners(Manner.WILD).mannersAmong(Manner.DRIVER);
    assertThatIllegalStateException().isThrownBy(() -> drawn(none)).withMessage("no setting is as it is asked for");
  }
}
