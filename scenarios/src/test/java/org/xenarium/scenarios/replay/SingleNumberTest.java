package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.io.TempDir;

/** A single number changed, nothing else: even where the format could know better, it is a difference of that line and field. */
class SingleNumberTest {
  private static final Path LIBRARY = Path.of("library");

  static Stream<List<String>> changes() {
    return Stream.of(
        List.of("xen-4.17-arm64/single-batches.jsonl", "\"rc\": 0", "\"rc\": 3", "rc"),
        List.of("xen-4.17-arm64/single-read-only-grant.jsonl", "\"rc\": 0", "\"rc\": 1", "rc"),
        List.of("xen-4.17-arm64/single-memory-reservation-errors.jsonl", "\"rc\": -1", "\"rc\": 0", "rc"),
        List.of("xen-core/t01_v1small.jsonl", "\"ok\":1,\"data\"", "\"ok\":0,\"data\"", "ok"),
        List.of("xen-core/t09_armreal.jsonl", "\"rc\":3,\"mfns\"", "\"rc\":2,\"mfns\"", "rc"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void is_noticed_where_it_stands(List<String> change, @TempDir Path folder) throws Exception {
    List<String> lines = Files.readAllLines(LIBRARY.resolve(change.get(0)));
    int tried = 0;
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).contains(change.get(1))) {
        continue;
      }
      List<String> copy = new ArrayList<>(lines);
      copy.set(i, lines.get(i).replace(change.get(1), change.get(2)));
      Path file = Files.write(folder.resolve("changed" + i + ".jsonl"), copy);
      Difference difference = Replay.play(file, Listener.NONE).difference().orElseThrow();
      assertThat(difference.line()).isEqualTo(i + 1);
      assertThat(difference.field()).isEqualTo(change.get(3));
      if (++tried == 25) {
        break;
      }
    }
    assertThat(tried).isPositive();
  }
}
