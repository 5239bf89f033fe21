package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Routine;

/** Attention: Available only when the following Kconfig option is enabled: CONFIG_XEN_GRANT_TABLE. */
class KconfigTest {
  private static final List<Routine> CALLS =
      List.of(
          new InitDriver(),
          new GrantAccess(2, 0, false),
          new EndAccess(8),
          new AllocAndGrant(0, false),
          new GetPages(1),
          new PutPages(0, 1),
          new MapRefs(0, 0),
          new UnmapRefs(0, 0),
          new QueryTableSize(1, 1, 1, 1));

  @Test
  void without_the_option_no_call_exists() {
    DriverBench bench = new DriverBench(config -> config.withEnabled(false));
    for (Routine call : CALLS) {
      assertThatThrownBy(() -> bench.run(bench.granter(), call.copy()))
          .as(call.getClass().getSimpleName())
          .isInstanceOf(NoSuchCallException.class)
          .hasMessageContaining("CONFIG_XEN_GRANT_TABLE");
    }
  }

  @Test
  void a_call_that_a_version_does_not_have_is_refused_by_name() {
    DriverBench v0 = new DriverBench(config -> config.withVersion(DriverVersion.V0));
    assertThatThrownBy(() -> v0.getPages(1)).isInstanceOf(NoSuchCallException.class).hasMessageContaining("gnttab_get_pages");
    DriverBench v4 = new DriverBench(config -> config.withVersion(DriverVersion.V4));
    assertThatThrownBy(() -> v4.putPages(0, 2)).isInstanceOf(NoSuchCallException.class).hasMessageContaining("one page at a time");
    assertThat(v4.getPages(1)).isNotZero();
  }

  @Test
  void an_extended_region_is_page_aligned_and_not_at_address_0() {
    for (long[] wrong : new long[][] {{0, 4096}, {8, 4096}, {4096, 8}, {4096, 0}, {4096, -4096}}) {
      assertThatThrownBy(() -> new Region(wrong[0], wrong[1])).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
