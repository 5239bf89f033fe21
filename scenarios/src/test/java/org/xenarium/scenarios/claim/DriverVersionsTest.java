package org.xenarium.scenarios.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.campaign.Property;

/** Each version of the driver breaks the properties that its mistakes are about; what is promised breaks none, and few runs show that. */
class DriverVersionsTest {
  private static final int RUNS = 128;

  /** Campaigns of so many runs that may be needed until a mistake shows. */
  private static final int SEEDS = 20;

  @ParameterizedTest
  @CsvSource({
    "V0, no-use-after-end-access, G2",
    "V0, conservation, G1",
    "V0, driver-survives, end_access",
    "V1, no-use-after-end-access, G13",
    "V1, truthful-statuses, G3",
    "V2, conservation, G1",
    "V2, truthful-statuses, G3",
    "V3, driver-faults, driver-faults",
    "V3, guest-invariants, G11",
    "V4, no-use-after-end-access, G13",
    "V4, truthful-statuses, G3",
    "V5, failure-neutrality, G9",
    "V5, conservation, G6",
    "V6, driver-faults, driver-faults",
    "V6, guest-invariants, G11",
    "V7, conservation, G1",
    "V7, failure-neutrality, G9",
    "V7, driver-survives, end_access"
  })
  void a_version_breaks_what_its_mistakes_are_about(DriverVersion version, String property, String what) throws Exception {
    List<String> found = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS && !found.contains(what); seed++) {
      found.addAll(Campaigns.found(version, seed, RUNS, property));
    }
    assertThat(found).contains(what);
  }

  @Test
  void what_is_promised_breaks_nothing() throws Exception {
    List<String> all = Properties.all().stream().map(Property::name).toList();
    assertThat(Campaigns.play(DriverVersion.CONTRACT, RUNS, Properties.named(all), List.of()).violations()).isEmpty();
  }
}
