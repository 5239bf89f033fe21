package org.xenarium.emulator.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The numbers are pinned: a digest that changes its values makes every stored digest worthless. */
class DigestTest {
  @Test
  void values_are_the_same_in_every_process() {
    assertThat(new Digest().value()).isZero();
    assertThat(new Digest().add(0).value()).isEqualTo(0x0397ab29740681d9L);
    assertThat(new Digest().add(1).value()).isEqualTo(0xddc1ed05282d1d64L);
    assertThat(new Digest().add(1).add(2).add(3).value()).isEqualTo(0x003f53a1fe784bbfL);
  }

  @Test
  void the_order_of_additions_counts() {
    assertThat(new Digest().add(1).add(2).value()).isNotEqualTo(new Digest().add(2).add(1).value());
  }

  @Test
  void the_number_of_additions_counts_even_of_zeros() {
    Set<Long> seen = new HashSet<>();
    Digest digest = new Digest();
    for (int i = 0; i < 1000; i++) {
      assertThat(seen.add(digest.value())).isTrue();
      digest.add(0);
    }
  }

  @Test
  void a_truth_value_counts_as_zero_or_one() {
    assertThat(new Digest().add(true).value()).isEqualTo(new Digest().add(1).value());
    assertThat(new Digest().add(false).value()).isEqualTo(new Digest().add(0).value());
  }

  private enum Letter { A, B }

  @Test
  void a_constant_of_an_enum_counts_by_its_name_and_none_as_0() {
    assertThat(new Digest().add(Letter.A).value()).isEqualTo(new Digest().add('A').value());
    assertThat(new Digest().add(Letter.B).value()).isEqualTo(new Digest().add('B').value());
    assertThat(new Digest().add((Letter) null).value()).isEqualTo(new Digest().add(0).value());
  }

  @Test
  void reading_the_value_changes_nothing() {
    Digest asked = new Digest().add(5);
    asked.value();
    assertThat(asked.add(6).value()).isEqualTo(new Digest().add(5).add(6).value());
  }
}
