package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.replay.Library;

/** Who follows README.md and docs/how-to/run-a-campaign.md sees the violation that they show. */
class CampaignPagesTest {
  private static final String COMMAND = "check --driver V4 --property truthful-statuses";
  private static final List<String> PAGES = List.of("README.md", "docs/how-to/run-a-campaign.md");

  /** What lies between the time of the pages and that of the test, and what they leave out. */
  private static final String TIME = "20300102-030405";
  private static final String LEFT_OUT = "(…)";

  @TempDir Path folder;

  private static String page(String name) throws Exception {
    return Files.readString(Library.FOLDER.resolve("../..").resolve(name));
  }

  /** What stands behind a line up to the end of its block. */
  private static String after(String text, String line) {
    int from = text.indexOf(line + "\n");
    assertThat(from).as(line).isNotNegative();
    return text.substring(from + line.length() + 1, text.indexOf("```", from));
  }

  private static Pattern pattern(String line) {
    return Pattern.compile("\\Q" + line.replace(TIME, "\\E\\d{8}-\\d{6}\\Q").replace(LEFT_OUT, "\\E\\(.*\\)\\Q") + "\\E");
  }

  @Test
  void the_violation_of_the_pages_is_found_and_its_file_has_the_steps_that_they_tell() throws Exception {
    Command.Outcome said = new Command(folder, List.of("-Dxenarium.name=./xenarium"), COMMAND.split(" ")).run();
    assertThat(said.status()).isEqualTo(1);
    List<String> lines = said.out().lines().toList();
    for (String name : PAGES) {
      for (String line : after(page(name), "$ ./xenarium " + COMMAND).lines().filter(one -> !one.equals("…")).toList()) {
        assertThat(lines).as(name + ": " + line).anyMatch(one -> pattern(line).matcher(one).matches());
      }
    }
    try (Stream<Path> files = Files.list(folder.resolve("runs/latest/counterexamples"))) {
      String steps = after(page(PAGES.get(1)), "invariants: [B.G3]");
      assertThat(files.findFirst().orElseThrow()).content().endsWith(steps);
    }
  }
}
