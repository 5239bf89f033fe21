package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.cli.Command.Outcome;
import org.xenarium.scenarios.replay.Library;

/** A reader of the output may go away at any time, as {@code head} does. */
class ClosedOutputTest {
  private static final Outcome CLOSED = new Outcome(2, "", "xenarium: standard output was closed before everything was written\n");

  @TempDir Path folder;

  private Command replay(Path path) throws IOException {
    return new Command(folder, List.of(), "replay", "--explain", path.toString());
  }

  @Test
  void aReaderThatTakesOneLineOfMany() throws Exception {
    Command command = replay(Library.ARM);
    Process process = command.start();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(reader.readLine()).startsWith(Library.ARM.toString());
    }
    assertThat(command.await(process)).isEqualTo(CLOSED);
  }

  @Test
  void aReaderThatIsGoneBeforeTheFirstLine() throws Exception {
    Command command = replay(Recordings.SMALL);
    Process process = command.start();
    process.getInputStream().close();
    assertThat(command.await(process)).isEqualTo(CLOSED);
  }
}
