package org.xenarium.emulator.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReleaseTest {
  @ParameterizedTest
  @EnumSource(Release.class)
  void a_release_is_found_by_the_name_that_it_has_and_by_no_other(Release release) {
    assertThat(Release.named(release.toString())).contains(release);
    assertThat(Release.named(release.toString() + " ")).isEmpty();
    assertThat(release.toString()).startsWith(release.major() + "." + release.minor());
  }

  @Test
  void releases_are_in_the_order_of_their_numbers() {
    assertThat(Release.values()).isSortedAccordingTo((a, b) -> a.major() != b.major() ? a.major() - b.major() : a.minor() - b.minor());
  }

  @Test
  void the_baseline_is_the_development_version() {
    assertThat(Semantics.baseline(SecurityPolicy.DUMMY)).isEqualTo(new Semantics(Release.V4_23_DEV, SecurityPolicy.DUMMY));
  }
}
