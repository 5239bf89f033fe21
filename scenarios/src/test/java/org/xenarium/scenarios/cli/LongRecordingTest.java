package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.cli.Command.Outcome;

/** A recording is played line by line: how long it is does not matter. */
class LongRecordingTest {
  private static final int PAIRS = 10_000;

  /** Of one maptrack frame; the one freed longest ago is taken next. */
  private static final int HANDLES = 256;

  /** With it the file is far larger than the heap. */
  private static final String TALK = "talk ".repeat(400);

  @TempDir Path folder;

  @Test
  void aLongRecordingIsPlayedInASmallHeap() throws Exception {
    Path file = write(folder.resolve("long.jsonl"));
    assertThat(Files.size(file)).isGreaterThan(40_000_000);
    assertThat(new Command(folder, List.of("-Xmx24m"), "replay", "long.jsonl").run()).isEqualTo(new Outcome(0, """
        pass  long.jsonl  20002 operations
        learned 0 values
        1 passed, 0 failed
        """, ""));
  }

  /** A grant that is mapped and unmapped again and again. */
  private static Path write(Path file) throws IOException {
    List<String> start = Files.readAllLines(Recordings.SMALL).subList(0, 3);
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (String line : start) {
        writer.write(line + "\n");
      }
      for (int pair = 0; pair < PAIRS; pair++) {
        int seq = 3 + 2 * pair;
        int handle = pair % HANDLES;
        String mapped = "\"out\": {\"handle\": " + handle + ", \"dev\": 1091567616}";
        writer.write(line(seq, "map", "\"in\": {\"dom\": 1, \"ref\": 8, \"flags\": 2, \"addr\": 947912704}", mapped));
        writer.write(line(seq + 1, "unmap", "\"in\": {\"addr\": 947912704, \"dev\": 0, \"handle\": " + handle + "}", "\"out\": {}"));
      }
    }
    return file;
  }

  private static String line(int seq, String operation, String in, String out) {
    String head = "{\"dom\": 1, \"seq\": " + seq + ", \"src\": \"" + TALK + "\", \"op\": \"" + operation + "\", ";
    return head + in + ", \"rc\": 0, \"status\": 0, " + out + "}\n";
  }
}
