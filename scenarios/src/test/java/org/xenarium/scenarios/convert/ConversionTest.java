package org.xenarium.scenarios.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.play.Outcome;
import org.xenarium.scenarios.replay.Library;
import org.xenarium.scenarios.replay.Listener;
import org.xenarium.scenarios.replay.Replay;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.ScenarioWriter;
import org.xenarium.scenarios.script.Scenarios;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A recording says the same as a scenario and as a recording again, where its content allows; where it does not, it is refused. */
class ConversionTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** Recordings with answers that nobody can know beforehand, and the line of the first. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "single-grant-of-a-grant-table-frame.jsonl", ":9: A map dom=A ref=12 flags=host_map addr=free.0: dev was recorded as 0x50018000",
          "single-grant-of-the-shared-info-page.jsonl", ":10: A map dom=A ref=12 flags=host_map addr=free.0: dev was recorded as",
          "single-host-address-of-a-device.jsonl", ":11: A r32 addr=0x22000018: end was recorded as comes back");

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> every_recording_of_a_real_xen_on_arm() {
    return Library.recordings(Library.ARM).stream().map(file -> DynamicTest.dynamicTest(Library.name(file), () -> convert(file)));
  }

  private void convert(Path file) throws Exception {
    String refusal = REFUSED.get(file.getFileName().toString());
    if (refusal != null) {
      assertThatThrownBy(() -> RecordingToScenario.convert(file)).isInstanceOf(ConversionException.class).hasMessageContaining(refusal);
      return;
    }
    Scenario scenario = ScenarioReader.read("converted", ScenarioWriter.write(RecordingToScenario.convert(file)));
    Path back = folder.resolve("back.jsonl");
    assertThat(ScenarioToRecording.record("converted", scenario, back, true).failure()).isEmpty();
    List<String> before = Files.readAllLines(file);
    List<String> after = Files.readAllLines(back);
    assertThat(after).hasSameSizeAs(before);
    for (int i = 1; i < before.size(); i++) {
      assertThat(essence(after.get(i))).as("line %d", i + 1).isEqualTo(essence(before.get(i)));
    }
    assertThat(Replay.play(back, Listener.NONE).passed()).isTrue();
  }

  /** A line without what is for people, and with the arguments of raw hypercalls that are 0 anyway. */
  private static JsonNode essence(String line) {
    ObjectNode tree = (ObjectNode) JSON.readTree(line);
    tree.remove(List.of("section", "src", "rules", "retried"));
    if (tree.get("out") instanceof ObjectNode out) {
      out.remove("retried");
    }
    if (tree.get("op").asString().equals("hyp")) {
      List.of("a0", "a1", "a2", "a3", "a4").stream().filter(name -> !tree.get("in").has(name)).forEach(name -> ((ObjectNode) tree.get("in")).put(name, 0));
    }
    return tree;
  }

  @Test
  void hidden_state_is_nothing_that_a_scenario_expects() {
    assertThatThrownBy(() -> RecordingToScenario.convert(Library.recordings(Library.CORE).get(0)))
        .isInstanceOf(ConversionException.class)
        .hasMessageContaining(":1: recordings of the xen-core format show hidden state");
  }

  @Test
  void a_recorded_scenario_replays_and_names_the_rules() throws Exception {
    Path to = folder.resolve("life.jsonl");
    Path file = Library.FOLDER.resolve("grants/life-of-a-grant.yaml");
    Outcome outcome = ScenarioToRecording.record(file.toString(), ScenarioReader.read(file), to, false);
    assertThat(outcome.passed()).isTrue();
    assertThat(Replay.play(to, Listener.NONE).passed()).isTrue();
    assertThat(Files.readString(to)).contains("\"rules\": [\"MAP-14\"]").contains("\"title\": \"the life of a grant\"");
  }

  @Test
  void every_scenario_of_the_library_is_recorded_or_refused_with_a_reason() throws Exception {
    int recorded = 0;
    for (Path file : Scenarios.library()) {
      Path to = folder.resolve("x.jsonl");
      try {
        assertThat(ScenarioToRecording.record(file.toString(), ScenarioReader.read(file), to, true).passed()).isTrue();
        recorded++;
      } catch (ConversionException e) {
        assertThat(e).hasMessageStartingWith(file.toString());
      }
    }
    assertThat(recorded).isGreaterThan(20);
  }

  @Test
  void what_a_recording_cannot_say_is_refused_with_its_place_and_nothing_is_written() throws Exception {
    Path to = folder.resolve("none.jsonl");
    Scenario dies = ScenarioReader.read("f", Scenarios.sequence("{by: A, wait: 1ms}", "{destroy: B}"));
    assertThatThrownBy(() -> ScenarioToRecording.record("f", dies, to, false)).hasMessage("f:7: a recording cannot say that a domain is subject to \"destroy\"");
    Scenario fails = ScenarioReader.read("f", Scenarios.sequence("{by: A, r8: ram.0, expect: {val: 1}}"));
    assertThat(ScenarioToRecording.record("f", fails, to, true).passed()).isFalse();
    assertThat(Files.list(folder)).isEmpty();
    assertThat(ScenarioToRecording.record("f", fails, to, false).passed()).isFalse();
    assertThat(to).exists();
  }
}
