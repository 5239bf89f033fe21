package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told to be typed can be pasted. */
class ShellTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          runs/20300102-030405--1 | xenarium run runs/20300102-030405--1
          a b                     | xenarium run 'a b'
          it's                    | xenarium run 'it'\\''s'
          $HOME                   | xenarium run '$HOME'
          ü                       | xenarium run 'ü'
          -v                      | xenarium run ./-v
          """)
  void a_path_is_quoted_where_a_shell_needs_it(String path, String command) {
    assertThat(Shell.command("run", Path.of(path))).isEqualTo(command);
  }
}
