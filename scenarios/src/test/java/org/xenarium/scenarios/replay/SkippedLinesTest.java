package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In the xen-core format a line with {@code skip} means nothing: its caller is dead. No recording of the library has one. */
class SkippedLinesTest {
  private static final Path CORE = Library.CORE.resolve("d00_directed_v1.jsonl");

  @TempDir Path folder;

  /** The recording, at whose end domain 2 has disappeared, and one line more. */
  private Path with(String line) throws IOException {
    return Files.writeString(folder.resolve("longer.jsonl"), Files.readString(CORE) + line + "\n");
  }

  @Test
  void aSkippedLineIsNotPlayed() throws Exception {
    ReplayResult before = Replay.play(CORE, Listener.NONE);
    assertThat(Replay.play(with("{\"i\":152,\"op\":\"map\",\"dom\":2,\"skip\":1}"), Listener.NONE)).isEqualTo(before);
  }

  @Test
  void withoutTheMarkTheLineOfADeadDomainIsRefused() throws Exception {
    Path file = with("{\"i\":152,\"op\":\"rfp\",\"dom\":2,\"target\":32752,\"gfn\":1,\"rc\":0,\"st\":[]}");
    assertThatThrownBy(() -> Replay.play(file, Listener.NONE)).isInstanceOf(UnplayableException.class)
        .hasMessage(file + ":154: domain 2 acts although it has disappeared");
  }
}
