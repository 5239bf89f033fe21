package org.xenarium.emulator.physmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of physmap types of spec §0. */
class EntryTypeTest {
  @ParameterizedTest
  @CsvSource({
    "HOLE,           false, false, false",
    "RAM_RW,         true,  true,  true",
    "RAM_RO,         true,  false, true",
    "MMIO_DIRECT,    true,  true,  false",
    "MAP_FOREIGN_RW, true,  true,  true",
    "MAP_FOREIGN_RO, true,  false, true",
    "GRANT_MAP_RW,   true,  true,  true",
    "GRANT_MAP_RO,   true,  false, true"
  })
  void access_and_class_are_those_of_the_table(EntryType type, boolean readable, boolean writable, boolean anyRam) {
    assertThat(type.readable()).isEqualTo(readable);
    assertThat(type.writable()).isEqualTo(writable);
    assertThat(type.anyRam()).isEqualTo(anyRam);
  }

  @ParameterizedTest
  @EnumSource(EntryType.class)
  void every_type_is_of_at_most_one_family_and_found_by_its_number(EntryType type) {
    assertThat(EntryType.of(type.code())).isSameAs(type);
    assertThat(type.isRam()).isEqualTo(type.name().startsWith("RAM_"));
    assertThat(type.isForeign()).isEqualTo(type.name().startsWith("MAP_FOREIGN_"));
    assertThat(type.isGrant()).isEqualTo(type.name().startsWith("GRANT_MAP_"));
  }

  @Test
  void a_number_without_a_type_is_refused() {
    assertThatThrownBy(() -> EntryType.of(4)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4");
  }
}
