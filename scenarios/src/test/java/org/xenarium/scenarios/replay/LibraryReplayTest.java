package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Every recording of the library agrees, and what had to be learned from it is known to the last value. */
class LibraryReplayTest {
  private static final Map<String, Long> LEARNED = learned();

  /** The memory of the machine of the xen-core recordings. */
  private static final long FIRST_MFN = 0x80000;

  private static final long END_MFN = 0x84000;

  private static Map<String, Long> learned() {
    Map<String, Long> learned = new TreeMap<>();
    try (InputStream file = Objects.requireNonNull(LibraryReplayTest.class.getResourceAsStream("learned.txt"))) {
      for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          String[] columns = line.split("\\|");
          learned.put(columns[0].strip(), Long.valueOf(columns[1].strip()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return learned;
  }

  @TestFactory
  Stream<DynamicTest> everyRecordingAgrees() {
    return Library.recordings(Library.FOLDER).stream().map(file -> DynamicTest.dynamicTest(Library.name(file), () -> agrees(file)));
  }

  private static void agrees(Path file) throws Exception {
    EditableRecording recording = new EditableRecording(file);
    ReplayResult result = Replay.play(file, Listener.NONE);
    assertThat(result.difference()).isEmpty();
    assertThat(result.passed()).isTrue();
    assertThat(result.operations()).isEqualTo(recording.lastLine() - 1);
    assertThat(result.learned()).isEqualTo(LEARNED.getOrDefault(recording.name(), 0L));
  }

  @Test
  void theLibraryIsComplete() {
    assertThat(Library.recordings(Library.ARM)).hasSize(94);
    assertThat(Library.recordings(Library.MORE)).hasSize(47);
    assertThat(Library.recordings(Library.CORE)).hasSize(22);
    assertThat(LEARNED.keySet()).isSubsetOf(Library.recordings(Library.FOLDER).stream().map(Library::name).toList());
  }

  /**
   * In the xen-core format these are all frames that the header does not declare, and all numbers that were drawn. A frame that was given
   * back may be shown again as another one.
   */
  @TestFactory
  Stream<DynamicTest> learnedOfXensCoreAreOpaqueFramesAndRandomNumbersAlone() {
    return Library.recordings(Library.CORE).stream()
        .map(EditableRecording::new)
        .map(recording -> DynamicTest.dynamicTest(recording.name(), () -> {
          long open = open(recording);
          assertThat(LEARNED.get(recording.name())).isBetween(open, open + framesGivenBack(recording));
        }));
  }

  /** How many values the recording leaves open. */
  private static long open(EditableRecording recording) {
    Set<Long> frames = new HashSet<>();
    long drawn = 0;
    for (int number = 2; number <= recording.lastLine(); number++) {
      JsonNode line = recording.line(number);
      drawn += line.path("rand").size();
      line.path("mfns").forEach(mfn -> frames.add(mfn.asLong()));
      line.path("out").forEach(out -> frames.add(out.path("dev").asLong(0) >> 12));
      line.get("st").forEach(state -> state.path("p2m").forEach(mapping -> frames.add(mapping.get(1).asLong())));
    }
    recording.header().get("domains").forEach(domain -> domain.get("pages").forEach(page -> frames.remove(page.asLong())));
    frames.removeIf(mfn -> mfn < FIRST_MFN || mfn >= END_MFN);
    return frames.size() + drawn;
  }

  /** By how much the numbers of shared frames and status frames ever fell. */
  private static long framesGivenBack(EditableRecording recording) {
    Map<String, Long> counts = new TreeMap<>();
    long given = 0;
    for (int number = 2; number <= recording.lastLine(); number++) {
      for (JsonNode state : recording.line(number).get("st")) {
        for (String field : List.of("nf", "sf")) {
          if (state.has(field)) {
            long now = state.get(field).asLong();
            Long before = counts.put(state.get("d") + field, now);
            given += before == null ? 0 : Math.max(0, before - now);
          }
        }
      }
    }
    return given;
  }
}
