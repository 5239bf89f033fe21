package org.xenarium.scenarios.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.driver.GuestInvariant;
import org.xenarium.gnttab.invariant.Invariant;
import org.xenarium.scenarios.campaign.Coverage;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Sometimes;
import org.xenarium.scenarios.campaign.Violated;

/** The vocabulary reaches what is interesting, and a campaign says what it has not reached. */
class OccurrencesTest {
  /** Campaigns that may be needed. */
  private static final int SEEDS = 8;

  /** What happens once in some thousand runs. */
  private static final Set<String> RARE =
      Set.of("an entry changes while it is being marked", "a driver gives up after its last retry", "a version cannot be switched because of pins",
          "a domain dies with live handles", "a table of version 2 is in use");

  @Test
  void some_small_campaigns_reach_all_but_what_is_rare_and_count_the_rest_as_zero() throws Exception {
    Coverage coverage = new Coverage();
    for (int seed = 1; seed <= SEEDS && !missing(coverage).isEmpty(); seed++) {
      coverage.add(Campaigns.play(DriverVersion.CONTRACT, seed, 512, List.of(), Occurrences.all()).coverage());
    }
    assertThat(missing(coverage)).isEmpty();
    assertThat(coverage.counts()).containsKeys(Occurrences.all().stream().map(Sometimes::name).toArray(String[]::new));
  }

  private static List<String> missing(Coverage coverage) {
    return Occurrences.all().stream().map(Sometimes::name).filter(name -> !RARE.contains(name) && coverage.of(name) == 0).toList();
  }

  @Test
  void a_campaign_counts_how_often_each_invariant_was_put_to_the_test() throws Exception {
    Coverage coverage = Campaigns.play(DriverVersion.CONTRACT, 128, Properties.named(List.of("hypervisor-invariants", "guest-invariants")), List.of()).coverage();
    for (Invariant invariant : Invariant.values()) {
      assertThat(coverage.counts()).containsKey(invariant.id());
    }
    assertThat(coverage.of("I19")).isPositive();
    for (GuestInvariant invariant : GuestInvariant.values()) {
      assertThat(coverage.counts()).containsKey(invariant.id());
    }
    assertThat(coverage.of("G3")).isPositive();
    assertThat(coverage.of("G15")).as("nothing is declared secret").isZero();
    assertThat(coverage.of("I63")).as("nobody asks about SILO without it").isZero();
  }

  /** The run in which the violation comes counts at least one test of it more than the runs before. */
  @ParameterizedTest
  @ValueSource(strings = {"truthful-statuses", "guest-invariants", "conservation"})
  void what_is_violated_was_put_to_the_test(String name) throws Exception {
    List<Property> properties = Properties.named(List.of(name));
    Violated first = Campaigns.first(DriverVersion.V4, 64, properties);
    String what = first.finding().what();
    int before = (int) first.run();
    long tests = Campaigns.play(DriverVersion.V4, before + 1, properties, List.of()).coverage().of(what);
    assertThat(tests).isGreaterThan(before == 0 ? 0 : Campaigns.play(DriverVersion.V4, before, properties, List.of()).coverage().of(what));
  }

  @Test
  void what_a_run_has_put_to_the_test_until_a_violation_counts_too() throws Exception {
    List<Property> wrong = Properties.named(List.of("guest-invariants", "hypervisor-invariants"));
    Coverage one = Campaigns.play(DriverVersion.V4, 1, wrong, List.of()).coverage();
    assertThat(one.of("G1")).isPositive();
    assertThat(one.of("I70")).isPositive();
  }
}
