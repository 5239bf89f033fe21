package org.xenarium.scenarios.replay;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Which fields of which operations in a recording are answers, found without knowing what they mean: all that are no inputs. */
final class AnswersInRecording {
  private static final Set<String> NO_ANSWERS_OF_ARM =
      Set.of("dom", "seq", "section", "src", "op", "in", "out", "batch", "count", "ptr", "retried");

  private static final Set<String> NO_ANSWERS_OF_CORE =
      Set.of(
          "i", "op", "dom", "vcpu", "in", "out", "st", "fr", "fw", "fl", "target", "nr", "count", "ver", "cmd", "idx", "gfn", "id", "frame",
          "ref", "off", "hex", "esz", "len", "overlap", "skip");

  private AnswersInRecording() {}

  static Set<String> arm(EditableRecording recording) {
    Set<String> answers = new TreeSet<>();
    for (int number = 2; number <= recording.lastLine(); number++) {
      JsonNode line = recording.line(number);
      String operation = line.get("op").asString();
      add(answers, operation, line, NO_ANSWERS_OF_ARM);
      if (line.path("status").isNull()) { // the operation has none
        answers.remove(operation + " status");
      }
      add(answers, operation, line.path("out"), Set.of("retried"));
    }
    return answers;
  }

  static Set<String> core(EditableRecording recording) {
    Set<String> answers = new TreeSet<>();
    for (int number = 2; number <= recording.lastLine(); number++) {
      JsonNode line = recording.line(number);
      String operation = line.get("op").asString();
      add(answers, operation, line, NO_ANSWERS_OF_CORE);
      line.path("out").forEach(out -> add(answers, operation, out, Set.of()));
      line.path("st").forEach(state -> add(answers, "st", state, Set.of("d")));
    }
    // Addresses that the guest itself names.
    answers.remove("gpw gpa");
    answers.remove("gpr gpa");
    return answers;
  }

  private static void add(Set<String> answers, String operation, JsonNode object, Set<String> others) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!others.contains(field.getKey())) {
        answers.add(operation + " " + field.getKey());
      }
    }
  }
}
