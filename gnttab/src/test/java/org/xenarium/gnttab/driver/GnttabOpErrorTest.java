package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** gnttabop_error: Convert a Xen grant-table status into readable text. */
class GnttabOpErrorTest {
  private static final String BAD = "bad status";

  @Test
  void every_status_of_the_table_has_a_text_of_its_own() {
    assertThat(IntStream.rangeClosed(-12, 0).mapToObj(GnttabOpError::text)).doesNotHaveDuplicates().doesNotContain(BAD);
    assertThat(GnttabOpError.text(0)).isEqualTo("okay");
    assertThat(GnttabOpError.text(-9)).isEqualTo("bad page");
    assertThat(GnttabOpError.text(-12)).contains("try again");
  }

  @Test
  void a_status_that_is_not_in_the_table_is_a_bad_one() {
    for (int status : new int[] {1, -13, -32768, 32767, -14}) {
      assertThat(GnttabOpError.text(status)).as("%d", status).isEqualTo(BAD);
    }
  }

  @Test
  void a_pointer_to_a_constant_error_string_comes_back_for_every_16_bit_number() {
    assertThat(IntStream.rangeClosed(Short.MIN_VALUE, Short.MAX_VALUE).mapToObj(GnttabOpError::text)).doesNotContainNull();
    assertThat(GnttabOpError.text(-3)).isSameAs(GnttabOpError.text(-3));
  }
}
