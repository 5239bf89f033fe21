package org.xenarium.scenarios.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xenarium.scenarios.replay.Library;

/** What is written of a scenario says the same. */
class ScenarioWriterTest {
  @TestFactory
  Stream<DynamicTest> a_scenario_that_was_written_and_read_again_is_the_same() {
    return Scenarios.library().stream().map(file -> DynamicTest.dynamicTest(Library.name(file), () -> staysTheSame(file)));
  }

  private static void staysTheSame(Path file) throws ScenarioException {
    Scenario scenario = ScenarioReader.read(file);
    String text = ScenarioWriter.write(scenario);
    Scenario again = ScenarioReader.read("again", text);
    assertThat(ScenarioWriter.write(again)).isEqualTo(text);
    assertThat(again.steps()).hasSameSizeAs(scenario.steps());
    for (int i = 0; i < again.steps().size(); i++) {
      assertThat(again.steps().get(i).elements()).as("step %d", i).isEqualTo(scenario.steps().get(i).elements());
      assertThat(again.steps().get(i).expectations()).hasSameSizeAs(scenario.steps().get(i).expectations());
    }
    assertThat(again.machine()).isEqualTo(scenario.machine());
    assertThat(again.programs()).isEqualTo(scenario.programs());
    assertThat(again.conditions()).hasSameSizeAs(scenario.conditions());
  }

  @Test
  void what_goes_without_saying_is_left_out() throws ScenarioException {
    Scenario scenario =
        ScenarioReader.read(
            "f",
            """
            scenario: "quotes: \\" and colons"
            domains: {A: {vcpus: 2, ram: 20, grants: {frames: 2, maptrack: 1024}}}
            steps:
              - by: A/1
                map: [{dom: A, ref: 4 + 4, flags: [host_map, readonly], addr: "ram[3] + 16"}]
                as: m
                expect: {status: [okay], rule: [MAP-14]}
            always: [handles(A) == 0, "m.0.status != okay"]
            """);
    assertThat(ScenarioWriter.write(scenario))
        .isEqualTo(
            """
            scenario: "quotes: \\" and colons"
            xen: {release: "4.23-dev", xsm: dummy}
            domains:
              A: {id: 1, vcpus: 2, ram: 20, grants: {frames: 2}}
            steps:
              - {by: A/1, map: [{dom: A, ref: 4 + 4, flags: [host_map, readonly], addr: ram.3 + 16}], as: m, expect: {status: [okay], rule: [MAP-14]}}
            always:
              - handles(A) == 0
              - m.0.status != okay
            """);
  }
}
