package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.cli.Command.Outcome;
import org.xenarium.scenarios.replay.Library;

/** What {@code run}, {@code record} and {@code convert} print and exit with. */
class RunCommandTest {
  private static final String BUSY =
      """
      scenario: my first grant
      domains:
        A: {}
        B: {}
      steps:
        - {by: A, init: {}}
        - {by: A, grant_access: {domid: B, gfn: ram.0}, as: g}
        - {by: B, map_refs: {dom: A, ref: g, addr: free.0}, as: m, expect: {status: okay}}
        - {by: A, end_access: g, expect: {returns: -EBUSY}}
      """;

  @TempDir Path folder;

  @Test
  void aScenarioThatIsAsExpectedExitsWith0AndCanBeSeenStepByStep() throws Exception {
    Files.writeString(folder.resolve("a.yaml"), BUSY);
    assertThat(Command.run(folder, "run", "a.yaml")).isEqualTo(new Outcome(0, "pass  a.yaml  my first grant\n1 passed, 0 failed\n", ""));
    assertThat(Command.run(folder, "replay", "-q", ".")).isEqualTo(new Outcome(0, "learned 0 values\n1 passed, 0 failed\n", ""));
    assertThat(Command.run(folder, "run", "-v", "a.yaml").out())
        .contains("A grant_access domid=B gfn=ram.0 readonly=false -> 8\n")
        .contains("B map_refs dom=A ref=8 flags=host_map addr=free.0 -> 0 okay handle=0 ")
        .contains("MAP-14 map: mapped\n")
        .contains("A end_access gref=8 -> -EBUSY\n");
  }

  @Test
  void anExpectationThatIsNotMetExitsWith1() throws Exception {
    Files.writeString(folder.resolve("a.yaml"), BUSY.replace("-EBUSY", "0"));
    Outcome said = Command.run(folder, "run", "a.yaml");
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.err()).isEmpty();
    assertThat(said.out())
        .startsWith(
            """
            FAIL  a.yaml  my first grant
              a.yaml:9:37: A end_access gref=8
              returns: expected 0, actual -EBUSY
              decided by ENDACC-03 gnttab_end_access: the grant is in use; nothing changes (""")
        .endsWith("0 passed, 1 failed\n");
  }

  @Test
  void aScenarioThatIsWrongExitsWith2AndTheOthersArePlayed() throws Exception {
    Files.writeString(folder.resolve("a.yaml"), BUSY.replace("ref: g", "ref: h").replace("init: {}", "innit: {}"));
    Files.writeString(folder.resolve("b.yaml"), BUSY);
    assertThat(Command.run(folder, "run", "."))
        .isEqualTo(
            new Outcome(
                2,
                "pass  ./b.yaml  my first grant\n1 scenario could not be read or played\n1 passed, 0 failed\n",
                """
                xenarium: ./a.yaml:6:13: unknown key "innit" in the step; did you mean "init"?
                xenarium: ./a.yaml:8:37: "ref": unknown name "h", expected a grant reference
                """));
  }

  @Test
  void aCallThatTheDriverDoesNotHaveIsRefused() throws Exception {
    Files.writeString(folder.resolve("a.yaml"), "scenario: x\ndomains: {A: {driver: {zephyr: V4}}}\nsteps: [{by: A, gnttab_query_size: {}}]\n");
    for (String[] command : new String[][] {{"run", "a.yaml"}, {"record", "a.yaml", "-o", "x.jsonl"}, {"convert", "a.yaml", "-o", "x.jsonl"}}) {
      Outcome said = Command.run(folder, command);
      assertThat(said.status()).isEqualTo(2);
      assertThat(said.err()).startsWith("xenarium: a.yaml: gnttab_query_size does not exist");
    }
  }

  @Test
  void aScenarioToRecordThatIsNotThereIsMissed() throws Exception {
    assertThat(Command.run(folder, "record", "a.yaml", "-o", "x.jsonl")).isEqualTo(new Outcome(2, "", "xenarium: a.yaml: there is no such file\n"));
  }

  @Test
  void aRunIsRecordedAndARecordingConvertedAndBack() throws Exception {
    Files.writeString(folder.resolve("a.yaml"), BUSY);
    assertThat(Command.run(folder, "record", "a.yaml", "-o", "a.jsonl")).isEqualTo(new Outcome(0, "", ""));
    assertThat(Command.run(folder, "convert", "a.jsonl", "-o", "b.yaml")).isEqualTo(new Outcome(0, "", ""));
    assertThat(Command.run(folder, "convert", "b.yaml", "-o", "b.jsonl")).isEqualTo(new Outcome(0, "", ""));
    assertThat(Command.run(folder, "replay", "a.jsonl", "b.jsonl", "b.yaml").status()).isZero();
  }

  @Test
  void whatCannotBeConvertedIsRefusedAndLeavesNothingBehind() throws Exception {
    Path core = Library.recordings(Library.CORE).get(0).toAbsolutePath();
    Outcome said = Command.run(folder, "convert", core.toString(), "-o", "x.yaml");
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.err()).contains(":1: recordings of the xen-core format show hidden state");
    Files.writeString(folder.resolve("a.yaml"), BUSY.replace("-EBUSY", "0"));
    assertThat(Command.run(folder, "convert", "a.yaml", "-o", "x.jsonl").err())
        .isEqualTo("xenarium: a.yaml:9:37: an expectation is not met: returns: expected 0, actual -EBUSY\n");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("a.yaml");
    }
  }

  @Test
  void anOutputThatCannotBeWrittenIsNamedAsItWasTyped() throws Exception {
    Files.writeString(folder.resolve("a.yaml"), BUSY);
    assertThat(Command.run(folder, "record", "a.yaml", "-o", "no/a.jsonl"))
        .isEqualTo(new Outcome(2, "", "xenarium: no/a.jsonl: cannot be written: there is no such folder\n"));
    assertThat(Command.run(folder, "record", "a.yaml", "-o", "a.yaml/b").err()).isEqualTo("xenarium: a.yaml/b: cannot be written: a.yaml is no folder\n");
    assertThat(Command.run(folder, "record", "a.yaml", "-o", "a.jsonl").status()).isZero();
    assertThat(Command.run(folder, "convert", "a.jsonl", "-o", "no/a.yaml"))
        .isEqualTo(new Outcome(2, "", "xenarium: no/a.yaml: cannot be written: there is no such folder\n"));
  }

  @Test
  void aRecordingIsForReplay() throws Exception {
    Recordings.copy(Recordings.SMALL, folder.resolve("a.jsonl"));
    Files.writeString(folder.resolve("b.yaml"), BUSY);
    assertThat(Command.run(folder, "run", "-q", "a.jsonl", "b.yaml"))
        .isEqualTo(
            new Outcome(
                2,
                "1 scenario could not be read or played\n1 passed, 0 failed\n",
                "xenarium: a.jsonl: a recording, not a scenario; try 'xenarium replay a.jsonl'\n"));
    assertThat(Command.run(folder, "record", "a.jsonl", "-o", "b.jsonl"))
        .isEqualTo(new Outcome(2, "", "xenarium: a.jsonl: a recording, not a scenario; try 'xenarium replay a.jsonl'\n"));
  }

  @Test
  void aFileInAFolderThatIsNoScenarioIsPassedOver() throws Exception {
    Files.writeString(folder.resolve("a.yaml"), BUSY);
    Files.writeString(folder.resolve("notes.txt"), "");
    Files.writeString(folder.resolve("page.md"), "");
    String leftOut = "./notes.txt: left out, it is neither a recording (.jsonl) nor a scenario (.yaml)\n";
    assertThat(Command.run(folder, "run", ".")).isEqualTo(new Outcome(0, "pass  ./a.yaml  my first grant\n1 passed, 0 failed\n", leftOut));
    assertThat(Command.run(folder, "run", "-q", ".").err()).isEmpty();
  }

  @Test
  void recordAndConvertTellTheirExitStatuses() throws Exception {
    assertThat(Command.run(folder, "help", "record").out()).contains("Exit status:").contains("1    the recording is written, though");
    assertThat(Command.run(folder, "help", "convert").out()).contains("Exit status:").contains("nothing is written");
  }
}
