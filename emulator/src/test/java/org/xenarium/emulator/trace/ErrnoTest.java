package org.xenarium.emulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class ErrnoTest {
  @Test
  void every_number_has_its_name() throws IllegalAccessException {
    for (Field field : Errno.class.getFields()) {
      assertThat(Errno.name(-field.getInt(null))).isEqualTo("-" + field.getName());
    }
  }

  @Test
  void what_is_no_errno_is_a_number() {
    assertThat(Errno.name(0)).isEqualTo("0");
    assertThat(Errno.name(14)).isEqualTo("14");
    assertThat(Errno.name(-999)).isEqualTo("-999");
  }
}
