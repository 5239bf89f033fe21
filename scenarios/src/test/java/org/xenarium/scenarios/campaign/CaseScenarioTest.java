package org.xenarium.scenarios.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.claim.Properties;
import org.xenarium.scenarios.play.Failure;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.play.Watcher;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.ScenarioWriter;

/** A counterexample is a file that shows by itself what does not hold. */
class CaseScenarioTest {
  private static Scenario readAgain(Scenario scenario) throws Exception {
    return ScenarioReader.read("counterexample.yaml", ScenarioWriter.write(scenario));
  }

  @Test
  void the_inverted_end_access_of_V4_is_shown_in_at_most_six_steps_that_fail_for_the_same_invariant() throws Exception {
    List<String> names = List.of("guest-invariants");
    CampaignOptions options = new CampaignOptions(1, 640, 100, 1, 1, SmallCampaign.XEN, DriverVersion.V4, names, 99);
    List<Property> properties = Properties.named(names);
    CampaignState state = SmallCampaign.played(options, properties, 2);
    assertThat(state.violations()).extracting(violated -> violated.finding().what()).contains("G3");
    for (Violated violated : state.violations()) {
      Case smallest = new Campaign(options, properties, List.of()).smallest(violated);
      Scenario scenario = readAgain(CaseScenario.of(smallest, violated.finding(), Properties.named(violated.finding().property())));
      assertThat(scenario.steps()).as(scenario.toString()).hasSizeLessThanOrEqualTo(6);
      Failure failure = Player.play(scenario, Watcher.NONE).failure().orElseThrow();
      assertThat(failure.field()).isEqualTo(violated.finding().what());
      assertThat(failure.step()).as("it ends where the violation comes").isEqualTo(scenario.steps().size() - 1);
    }
  }

  /** What is expected of the last step is not what is wrong with it. */
  @ParameterizedTest
  @CsvSource({"V4, guest-invariants", "V7, driver-survives"})
  void when_the_cause_is_repaired_the_file_says_that_all_is_well(DriverVersion version, String name) throws Exception {
    CampaignOptions options = new CampaignOptions(1, 640, 100, 1, 1, SmallCampaign.XEN, version, List.of(name), 1);
    List<Property> properties = Properties.named(List.of(name));
    Violated violated = SmallCampaign.played(options, properties, 2).violations().get(0);
    Case smallest = new Campaign(options, properties, List.of()).smallest(violated);
    String text = ScenarioWriter.write(CaseScenario.of(smallest, violated.finding(), Properties.named(name)));
    assertThat(Player.play(ScenarioReader.read("f", text), Watcher.NONE).failure()).map(Failure::field).hasValue(
        name.equals("driver-survives") ? name : violated.finding().what());
    assertThat(Player.play(ScenarioReader.read("f", text.replace("zephyr: " + version, "zephyr: contract")), Watcher.NONE).failure()).as(text).isEmpty();
  }

  @Test
  void of_a_property_that_is_no_invariant_the_steps_that_break_it_are_kept() throws Exception {
    List<Property> properties = List.of(SmallCampaign.NOBODY_MAPS);
    CampaignOptions options = SmallCampaign.options(300, 1, 1, properties, 1);
    Violated violated = SmallCampaign.played(options, properties, 1).violations().get(0);
    Case smallest = new Campaign(options, properties, List.of()).smallest(violated);
    Scenario scenario = readAgain(CaseScenario.of(smallest, violated.finding(), SmallCampaign.NOBODY_MAPS));
    assertThat(scenario.title()).isEqualTo("nobody-maps is violated");
    assertThat(Trial.play(smallest.setting(), smallest.moves(), properties)).map(Finding::message).hasValue(scenario.asks());
    assertThat(scenario.invariants()).isEmpty();
    assertThat(Player.play(scenario, Watcher.NONE).failure()).isEmpty();
  }
}
