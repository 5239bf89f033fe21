package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.cli.Command.Outcome;

/** What {@code xenarium replay} prints and exits with when it can do what it is asked to. */
class CommandLineTest {
  @TempDir Path folder;

  @BeforeEach
  void aFolderWithRecordings() throws IOException {
    Recordings.copy(Recordings.SMALL, folder.resolve("deep/er/last.jsonl"));
    Recordings.copy(Recordings.SMALL, folder.resolve("deep/first.jsonl"));
    Recordings.copy(Recordings.SMALL, folder.resolve("also.jsonl"));
    Files.writeString(folder.resolve("deep/notes.txt"), "no recording");
  }

  @Test
  void aRecordingThatAgreesExitsWith0() throws Exception {
    assertThat(Command.run(folder, "replay", "also.jsonl"))
        .isEqualTo(new Outcome(0, """
            pass  also.jsonl  15 operations
            learned 0 values
            1 passed, 0 failed
            """, ""));
  }

  @Test
  void aFolderStandsForAllRecordingsInItAndBelowInTheOrderOfTheirPaths() throws Exception {
    assertThat(Command.run(folder, "replay", "deep", "also.jsonl", "."))
        .isEqualTo(new Outcome(0, """
            pass  deep/er/last.jsonl  15 operations
            pass  deep/first.jsonl  15 operations
            pass  also.jsonl  15 operations
            pass  ./also.jsonl  15 operations
            pass  ./deep/er/last.jsonl  15 operations
            pass  ./deep/first.jsonl  15 operations
            learned 0 values
            6 passed, 0 failed
            """, """
            deep/notes.txt: left out, it is neither a recording (.jsonl) nor a scenario (.yaml)
            ./deep/notes.txt: left out, it is neither a recording (.jsonl) nor a scenario (.yaml)
            """));
  }

  @Test
  void aDifferenceExitsWith1AndTellsTheRuleAndTheStateAroundIt() throws Exception {
    Recordings.spoil(folder.resolve("also.jsonl"), 16, "\"status\": -4", "\"status\": 0");
    assertThat(Command.run(folder, "replay", "also.jsonl", "deep/first.jsonl"))
        .isEqualTo(new Outcome(1, """
            FAIL  also.jsonl
              also.jsonl:16: d1 unmap addr=0x38800000 dev=0 handle=0
              status: expected 0, actual -4
              decided by UNMAP-02 unmap: the handle is free (§3.4.1)
              gfn 0x38800 of domain 1: a hole
              handle 0 of domain 1: free
            pass  deep/first.jsonl  15 operations
            learned 0 values
            1 passed, 1 failed
            """, ""));
  }

  @Test
  void quietPrintsOnlyWhatDiffersOrCannotBeReadAndTheSummary() throws Exception {
    Recordings.spoil(folder.resolve("also.jsonl"), 9, "\"val\": 286326784", "\"val\": 0");
    Files.writeString(folder.resolve("deep/broken.jsonl"), "{");
    assertThat(Command.run(folder, "replay", "--quiet", "."))
        .isEqualTo(new Outcome(2, """
            FAIL  ./also.jsonl
              ./also.jsonl:9: d1 r32 addr=0x38800000
              val: expected 0 (0x0), actual 286326784 (0x11110000)
              gfn 0x38800 of domain 1: grant_map_rw, mfn 0x41100 (owner 1, 2 references)
            learned 0 values
            1 file could not be read or played
            2 passed, 1 failed
            """, """
            xenarium: ./deep/broken.jsonl:1:2: expected the rest of a JSON object, found the end of the line; has the file been cut off?
            """));
  }

  @Test
  void explainPrintsTheRulesThatDecidedEveryOperation() throws Exception {
    assertThat(Command.run(folder, "replay", "--explain", "also.jsonl"))
        .isEqualTo(new Outcome(0, """
            also.jsonl
              2: d1 add_to_physmap dom=0x7ff0 space=1 idx=0 gfn=0x38000
                  ATP-19 add_to_physmap: the frame is mapped (§6.6)
              3: d1 gte ref=8 flags=1 dom=1 gfn=0x40100
              4: d1 gte ref=9 flags=5 dom=1 gfn=0x40101
              5: d1 w32 addr=0x40100000 val=0x11110000
              6: d1 w32 addr=0x40101000 val=0x33330000
              7: d1 w32 addr=0x40102000 val=0x77770000
              8: d1 map dom=1 ref=8 flags=2 addr=0x38800000
                  MAP-14 map: mapped (§3.3.4)
              9: d1 r32 addr=0x38800000
              10: d1 w32 addr=0x38800000 val=0x22220000
              11: d1 r32 addr=0x40100000
              12: d1 gtr ref=8
              13: d1 unmap addr=0x38800000 dev=0 handle=0
                  UNMAP-11 unmap: unmapped (§3.4.1)
              14: d1 gtr ref=8
              15: d1 r32 addr=0x38800000
              16: d1 unmap addr=0x38800000 dev=0 handle=0
                  UNMAP-02 unmap: the handle is free (§3.4.1)
            pass  also.jsonl  15 operations
            learned 0 values
            1 passed, 0 failed
            """, ""));
  }

  @Test
  void helpDescribesTheCommands() throws Exception {
    Outcome help = Command.run(folder, "--help");
    assertThat(help.status()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).contains("Usage: xenarium", "replay", "--help", "--version");
  }

  @Test
  void helpOfReplayDescribesItsOptionsAndEveryExitStatus() throws Exception {
    Outcome help = Command.run(folder, "replay", "--help");
    assertThat(help.status()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).contains("Usage: xenarium replay", "FILE|FOLDER...", "--explain", "-q, --quiet");
    assertThat(help.out().lines()).contains(
        "  0    every recorded answer agrees, every expectation is met",
        "  1    an answer differs, or an expectation is not met",
        "  2    the command line or a file is wrong, or the output cannot be written",
        "  70   an error of xenarium itself");
    assertThat(Command.run(folder, "help", "replay")).isEqualTo(help);
  }

  @Test
  void theVersionIsPrinted() throws Exception {
    assertThat(Command.run(folder, "--version")).satisfies(said -> assertThat(said.out()).matches("xenarium \\d+\\.\\d+\\.\\d+\\S*\\n"));
  }
}
