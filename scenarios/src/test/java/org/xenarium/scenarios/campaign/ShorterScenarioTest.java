package org.xenarium.scenarios.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.ScenarioWriter;

/** What is left of a scenario needs all that it has. */
class ShorterScenarioTest {
  private static final String XEN = "scenario: x\nxen: {release: \"4.23-dev\", xsm: dummy}\n";

  private static Scenario read(String text) throws Exception {
    return ScenarioReader.read("f", XEN + text);
  }

  @Test
  void steps_elements_expectations_results_and_settings_that_are_not_needed_are_left_out() throws Exception {
    Scenario scenario = read(
        """
        domains:
          A: {id: 1, vcpus: 2, privileged: true, driver: {zephyr: V7, heap: 6}}
          B: {id: 2, driver: {zephyr: V7, frames: 1}}
          C: {id: 3, driver: {zephyr: V7}}
        invariants: [B.G3]
        steps:
          - {by: A, init: {}}
          - {by: A, get_pages: 2, as: p}
          - {by: B, init: {}}
          - {by: B, grant_access: {domid: A, gfn: ram.0}, as: g}
          - {by: A, map: [{dom: B, ref: g, addr: p}, {dom: B, ref: 12, addr: free.7}]}
          - {by: B, end_access: g, expect: {blocks: true}}
        """);
    assertThat(ScenarioWriter.write(ShorterScenario.of(scenario))).endsWith(
        """
        domains:
          A: {id: 1, driver: {zephyr: V7}}
          B: {id: 2, driver: {zephyr: V7}}
        invariants: [B.G3]
        steps:
          - {by: B, init: {}}
          - {by: B, grant_access: {domid: A, gfn: ram.0}, as: g}
          - {by: A, map: [{dom: B, ref: g, addr: free.0}]}
          - {by: B, end_access: g}
        """);
  }

  @Test
  void what_shows_nothing_of_what_it_watches_stays_as_it_is() throws Exception {
    Scenario passes = read("domains: {A: {}}\ninvariants: [model]\nsteps:\n  - {by: A, init: {}}\n  - {by: A, r32: ram.0}\n");
    assertThat(ShorterScenario.of(passes)).isSameAs(passes);
    Scenario expectsMore = read("domains: {A: {}}\ninvariants: [model]\nsteps:\n  - {by: A, r32: ram.0, expect: {val: 7}}\n");
    assertThat(ShorterScenario.of(expectsMore)).isSameAs(expectsMore);
  }
}
