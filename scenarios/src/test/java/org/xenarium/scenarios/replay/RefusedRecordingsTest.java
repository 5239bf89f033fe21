package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Recordings that are well formed, but that no machine can play, are refused with their place instead of showing a difference. */
class RefusedRecordingsTest {
  private static final EditableRecording ARM = new EditableRecording(Library.ARM.resolve("single-map-unmap-round-trip.jsonl"));

  @TempDir Path folder;

  private static void isRefused(Path file, int line, String problem) {
    assertThatThrownBy(() -> Replay.play(file, Listener.NONE)).isInstanceOf(UnplayableException.class)
        .hasMessageStartingWith(file + ":" + line + ": ").hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      # field | value | the problem
      ram_kib | 4          | where the guest program lies
      ram_kib | 1048576    | the domains' RAM does not fit the machine's
      ram_base | 0x50000000 | where the guest program lies
      source | Xen 4.10.0  | Xen 4.10 is not a release that is emulated; known are 4.11,
      """)
  void aMachineThatCannotBeBuilt(String field, String value, String problem) {
    Path file = ARM.write(new Change("", "", 1, "", header -> {
      if (field.equals("ram_kib")) {
        header.put(field, Long.parseLong(value));
      } else {
        header.put(field, value);
      }
    }), folder);
    isRefused(file, 1, problem);
  }

  @Test
  void ramThatOverlaps() {
    Path file = ARM.write(new Change("", "", 1, "", header -> {
      header.withArray("domains").add(2);
      ((ObjectNode) header.get("machine_ram_base")).put("2", "0x41800000");
    }), folder);
    isRefused(file, 1, "the domains' RAM does not fit the machine's");
  }

  @Test
  void anOperationWithoutInputsThatNeverCameBack() throws Exception {
    Path file = folder.resolve("hang.jsonl");
    String header = Files.readAllLines(Library.ARM.resolve("single-batches.jsonl")).getFirst();
    Files.write(file, List.of(header, "{\"dom\": 1, \"seq\": 1, \"op\": \"w32\", \"hang\": true}"));
    isRefused(file, 2, "can only be played with its \"in\"");
  }

  @Test
  void aHypercallThatIsNotEmulated() throws Exception {
    Path file = new SmallRecording(1).line(1, "hyp", "\"nr\": 18, \"a0\": 1", 0, "null", "", "").file(folder);
    isRefused(file, 2, "hypercall 18");
  }

  @Test
  void aBatchThatDoesNotFitTheGuestProgram() throws Exception {
    SmallRecording recording = new SmallRecording(1);
    for (int i = 0; i < 40_000; i++) {
      recording.line(1, "unmap", "\"addr\": 0, \"dev\": 0, \"handle\": 0", 0, "-4", "", ", \"batch\": 1");
    }
    isRefused(recording.file(folder), 2, "a batch of 40000 lines does not fit");
  }

  /** Only so many pages can come as the domain may own. */
  @Test
  void aPopulateOfAbsurdSizeIsPlayed() throws Exception {
    String in = "\"dom\": 32752, \"list\": %d, \"nr\": 18446744073709551615, \"order\": 18, \"flags\": 0".formatted(SmallRecording.LIST);
    SmallRecording recording = new SmallRecording(1).line(1, "populate_physmap", in, 0, "null", "", "");
    assertThat(recording.play(folder).difference()).isEmpty();
  }
}
