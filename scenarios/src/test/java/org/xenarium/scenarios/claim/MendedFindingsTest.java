package org.xenarium.scenarios.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.play.Watcher;
import org.xenarium.scenarios.script.ScenarioReader;

/** What campaigns have found wrongly is found no more: small cases with the invariants that they seemed to violate. */
class MendedFindingsTest {
  private static final Path FOLDER = Path.of("src/test/resources/mended");

  @TestFactory
  Stream<DynamicTest> nothing_is_found_any_more() throws Exception {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList().stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(),
              () -> assertThat(Player.play(ScenarioReader.read(file), Watcher.NONE).failure()).isEmpty()));
    }
  }
}
