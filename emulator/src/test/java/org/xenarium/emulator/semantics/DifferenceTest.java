package org.xenarium.emulator.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DifferenceTest {
  @Test
  void each_difference_has_an_id_of_its_own() {
    assertThat(Arrays.stream(Difference.values()).map(Difference::id)).doesNotHaveDuplicates();
  }

  /** A difference that all releases share would be dead code. */
  @ParameterizedTest
  @EnumSource(Difference.class)
  void some_releases_have_a_difference_and_some_have_not(Difference difference) {
    assertThat(Releases.with(difference).list()).isNotEmpty().startsWith(difference.first()).isSorted();
    assertThat(Releases.without(difference).list()).isNotEmpty();
    assertThat(Releases.ALL.list()).hasSameElementsAs(Arrays.asList(Release.values()));
    for (Release release : Release.values()) {
      assertThat(new Semantics(release, SecurityPolicy.DUMMY).has(difference)).isEqualTo(Releases.with(difference).contains(release));
      assertThat(Releases.with(difference).contains(release)).isNotEqualTo(Releases.without(difference).contains(release));
    }
  }

  @Test
  void V10_an_arm_host_boots_under_silo_since_4_13_and_an_x86_host_does_not() {
    assertThat(Semantics.of(Release.V4_12, Profile.ARM).policy()).isEqualTo(SecurityPolicy.DUMMY);
    assertThat(Semantics.of(Release.V4_13, Profile.ARM).policy()).isEqualTo(SecurityPolicy.SILO);
    assertThat(Semantics.of(Release.V4_23_DEV, Profile.HVM).policy()).isEqualTo(SecurityPolicy.DUMMY);
  }

  @Test
  void V34_begins_with_4_17_and_is_not_yet_in_the_baseline() {
    assertThat(Releases.with(Difference.COPY_DOMAINS_FIRST).list()).startsWith(Release.V4_17).endsWith(Release.V4_22);
  }

  @Test
  void options_of_a_type_replace_earlier_ones() {
    Semantics semantics = Semantics.baseline(SecurityPolicy.DUMMY).with(String.class, "one").with(Long.class, 2L).with(String.class, "three");
    assertThat(semantics.option(String.class)).contains("three");
    assertThat(semantics.option(Long.class)).contains(2L);
    assertThat(semantics.option(Integer.class)).isEmpty();
    assertThat(semantics.withRelease(Release.V4_11).withProfile(Profile.HVM).withPolicy(SecurityPolicy.SILO))
        .isEqualTo(new Semantics(Release.V4_11, Profile.HVM, SecurityPolicy.SILO, semantics.options()));
  }
}
