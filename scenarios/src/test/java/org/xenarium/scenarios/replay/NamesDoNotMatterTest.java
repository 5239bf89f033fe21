package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Replay answers from the operations alone: what a recording is called and what it says for people makes no difference. */
class NamesDoNotMatterTest {
  @TempDir Path folder;

  /** Every operation with the rules that decided it, and how the replay ended. */
  private static List<List<Object>> play(Path file) throws Exception {
    List<List<Object>> course = new ArrayList<>();
    Listener listener = (line, operation, decisions) -> course.add(List.of(line, operation.toString(), decisions.get()));
    course.add(List.of(Replay.play(file, listener)));
    return course;
  }

  @TestFactory
  Stream<DynamicTest> everyRecordingIsPlayedTheSameUnderOtherNames() {
    Stream<Path> files = Stream.concat(Library.recordings(Library.ARM).stream(), Stream.of(Library.CORE.resolve("d00_directed_v1.jsonl")));
    return files.map(file -> DynamicTest.dynamicTest(Library.name(file), () -> check(file)));
  }

  private void check(Path file) throws Exception {
    Path renamed = new EditableRecording(file).write(NamesDoNotMatterTest::rename, folder);
    List<List<Object>> expected = play(file);
    List<List<Object>> actual = play(renamed);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).isEqualTo(expected.get(i));
    }
  }

  private static void rename(ObjectNode line) {
    if (line.has("recording")) {
      line.put("title", "pair: grantee unmaps").put("source", "Xen 4.17.0-rc1, of unknown origin");
    } else if (line.has("trace")) {
      line.put("trace", "t99_copy").put("seed", 1);
    } else if (line.has("seq")) {
      line.put("section", "epilogue").put("src", "map self 1 1 M1 @1");
    }
  }
}
