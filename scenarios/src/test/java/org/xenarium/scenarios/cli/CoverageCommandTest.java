package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.cli.Command.Outcome;
import org.xenarium.scenarios.rule.AllRules;

/** What {@code xenarium coverage} prints and exits with. */
class CoverageCommandTest {
  private static final long REACHABLE = AllRules.inOrder().stream().filter(rule -> rule.unreachable() == null).count();

  @TempDir Path folder;

  @BeforeEach
  void aRecording() throws IOException {
    Recordings.copy(Recordings.SMALL, folder.resolve("good.jsonl"));
  }

  private static String total(int reached, String where) {
    return reached + " of " + REACHABLE + " rules in " + where;
  }

  @Test
  void rulesThatWereNeverReachedComeFirstAndThenHowOftenTheOthersDecided() throws Exception {
    Outcome said = Command.run(folder, "coverage", "good.jsonl");
    assertThat(said.status()).isZero();
    assertThat(said.err()).isEmpty();
    assertThat(said.out().lines())
        .startsWith("not reached: " + (REACHABLE - 4) + " rules")
        .containsSubsequence(
            "            MAP-08A      map: the entry does not permit access (§3.3.2)",
            "reached: 4 rules",
            "         1  MAP-14       map: mapped (§3.3.4)",
            "         1  UNMAP-02     unmap: the handle is free (§3.4.1)",
            "         1  UNMAP-11     unmap: unmapped (§3.4.1)",
            "         1  ATP-19       add_to_physmap: the frame is mapped (§6.6)",
            "operations")
        .anyMatch(line -> line.matches("  unmap +2 of \\d+ rules +GNTST_bad_handle 1, GNTST_okay 1"))
        .endsWith(total(4, "1 file"));
  }

  @Test
  void severalRecordingsCountTogether() throws Exception {
    Recordings.copy(Recordings.SMALL, folder.resolve("deep/also.jsonl"));
    Files.writeString(folder.resolve("deep/notes.txt"), "no recording");
    Outcome said = Command.run(folder, "coverage", ".", "good.jsonl");
    assertThat(said.status()).isZero();
    assertThat(said.err()).isEqualTo("./deep/notes.txt: left out, it is neither a recording (.jsonl) nor a scenario (.yaml)\n");
    assertThat(said.out().lines()).contains("         3  MAP-14       map: mapped (§3.3.4)").endsWith(total(4, "3 files"));
  }

  @Test
  void quietPrintsOnlyWhatWasNeverReachedAndTheSummary() throws Exception {
    Files.writeString(folder.resolve("notes.txt"), "no recording");
    Outcome said = Command.run(folder, "coverage", "-q", ".");
    assertThat(said.status()).isZero();
    assertThat(said.err()).isEmpty();
    assertThat(said.out().lines()).hasSize((int) (REACHABLE - 4) + 2).endsWith(total(4, "1 file"));
    assertThat(said.out()).doesNotContain("MAP-14", "operations");
  }

  @Test
  void csvIsOneLineForEachRule() throws Exception {
    Outcome said = Command.run(folder, "coverage", "--format", "csv", "good.jsonl");
    assertThat(said.status()).isZero();
    assertThat(said.out().lines())
        .hasSize(1 + AllRules.inOrder().size())
        .contains("1,MAP-14,map,mapped,GNTST_okay,§3.3.4,", "0,MAP-09,map,the granted frame is not RAM of the granter,GNTST_bad_page,§3.3.3,");
  }

  @Test
  void aDifferenceExitsWith1AndItsRecordingCountsUpToThere() throws Exception {
    Recordings.spoil(folder.resolve("good.jsonl"), 9, "\"val\": 286326784", "\"val\": 0");
    Outcome said = Command.run(folder, "coverage", "good.jsonl");
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.err()).isEqualTo("good.jsonl:9: val: expected 0 (0x0), actual 286326784 (0x11110000); counted up to here\n");
    assertThat(said.out().lines())
        .contains("         1  MAP-14       map: mapped (§3.3.4)", "            UNMAP-11     unmap: unmapped (§3.4.1)")
        .endsWith("1 file could not be played to the end", total(2, "1 file"));
  }

  @Test
  void aFileThatCannotBeReadExitsWith2SaysWhereAndTheOthersAndItsLinesBeforeCount() throws Exception {
    Recordings.spoil(folder.resolve("broken.jsonl"), 13, "\"op\": \"unmap\"", "\"op\": \"unnmap\"");
    Outcome said = Command.run(folder, "coverage", "broken.jsonl", "good.jsonl");
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.err()).isEqualTo("xenarium: broken.jsonl:13:88: unknown operation \"unnmap\"; did you mean \"unmap\"?\n");
    assertThat(said.out().lines())
        .contains("         2  MAP-14       map: mapped (§3.3.4)", "         1  UNMAP-11     unmap: unmapped (§3.4.1)")
        .endsWith("1 file could not be played to the end", total(4, "2 files"));
  }

  @Test
  void aWrongCommandLineExitsWith2AndPrintsNothing() throws Exception {
    for (List<String> arguments : List.of(List.of("coverage"), List.of("coverage", "no/where"), List.of("coverage", "--format", "xml", "."))) {
      Outcome said = Command.run(folder, arguments.toArray(String[]::new));
      assertThat(said.status()).as("%s", arguments).isEqualTo(2);
      assertThat(said.out()).isEmpty();
      assertThat(said.err()).startsWith("xenarium: ").doesNotContain("\tat ");
    }
  }

  @Test
  void helpDescribesItsOptionsAndEveryExitStatus() throws Exception {
    Outcome help = Command.run(folder, "help", "coverage");
    assertThat(help.status()).isZero();
    assertThat(help.out()).contains("Usage: xenarium coverage", "FILE|FOLDER...", "--format", "-q, --quiet");
    assertThat(help.out().lines()).contains("  0    every file was played to its end", "  1    an answer differs; its file counts up to there");
  }

  @Test
  void scenariosCountTooTheRulesOfDriversAmongThem() throws Exception {
    Path file = Path.of("library/driver/busy-end-access.yaml").toAbsolutePath();
    Outcome said = Command.run(folder, "coverage", file.toString());
    assertThat(said.status()).isZero();
    assertThat(said.out().lines()).anyMatch(line -> line.contains("MAP-14")).anyMatch(line -> line.contains("gnttab_end_access"));
    assertThat(said.out()).endsWith(" in 1 file\n");
  }
}
