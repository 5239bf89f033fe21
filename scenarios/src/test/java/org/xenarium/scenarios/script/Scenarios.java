package org.xenarium.scenarios.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.xenarium.scenarios.replay.Library;

/** Scenarios for tests: those of the library, and small ones made of a few lines. */
public final class Scenarios {
  private Scenarios() {}

  /** All scenarios of the library, in the order of their names. */
  public static List<Path> library() {
    try (Stream<Path> files = Files.walk(Library.FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A sequence of two domains A and B; each line is one step. */
  public static String sequence(String... steps) {
    StringBuilder text = new StringBuilder("scenario: a test\ndomains:\n  A: {}\n  B: {}\nsteps:\n");
    for (String step : steps) {
      text.append("  - ").append(step).append('\n');
    }
    return text.toString();
  }

  /** What the reader complains about; nothing if it does not. */
  public static List<String> problems(String text) {
    try {
      assertThat(ScenarioReader.read("f", text)).isNotNull();
      return List.of();
    } catch (ScenarioException e) {
      return e.problems();
    }
  }
}
