package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.cli.Command.Outcome;

/** {@code --junit} of {@code run} and {@code replay}. */
class JUnitOptionTest {
  private static final String GOOD = "scenario: x\ndomains: {A: {}}\nsteps:\n  - {by: A, r8: ram.0, expect: {val: 0}}\n";

  @TempDir Path folder;

  @Test
  void theVerdictsOfARunAreWrittenAsXml() throws Exception {
    Files.writeString(folder.resolve("a.yaml"), GOOD);
    Files.writeString(folder.resolve("b.yaml"), GOOD.replace("val: 0", "val: 1"));
    Files.writeString(folder.resolve("c.yaml"), GOOD.replace("r8", "r<"));
    Outcome said = Command.run(folder, "run", "-q", "--junit", "out.xml", "a.yaml", "b.yaml", "c.yaml");
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.out()).endsWith("1 scenario could not be read or played\n1 passed, 1 failed\n");
    assertThat(Files.readString(folder.resolve("out.xml")))
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites>
              <testsuite name="xenarium" tests="3" failures="1" errors="1">
                <testcase classname="." name="a.yaml" file="a.yaml"/>
                <testcase classname="." name="b.yaml" file="b.yaml">
                  <failure message="val: expected 1, actual 0">b.yaml:4:33: A r8 addr=ram.0
            val: expected 1, actual 0
            gfn 0x40100 of domain 1: ram_rw, mfn 0x41100 (owner 1, 1 references)</failure>
                </testcase>
                <testcase classname="." name="c.yaml" file="c.yaml">
                  <error message="c.yaml:4:13: unknown key &quot;r&lt;&quot; in the step; did you mean &quot;r8&quot;?">c.yaml:4:13: unknown key "r&lt;" in the step; did you mean "r8"?</error>
                </testcase>
              </testsuite>
            </testsuites>
            """);
  }

  @Test
  void theVerdictsOfAReplayAreWrittenOverWhatWasThereAndTheSameBytesEachTime() throws Exception {
    String recording = Files.readString(Recordings.SMALL);
    Files.writeString(folder.resolve("good.jsonl"), recording);
    Files.writeString(folder.resolve("other.jsonl"), recording.replaceFirst("\"status\": 0", "\"status\": -1"));
    Files.writeString(folder.resolve("a.xml"), "old");
    for (String file : new String[] {"a.xml", "b.xml"}) {
      assertThat(Command.run(folder, "replay", "-q", "--junit", file, "good.jsonl", "other.jsonl").status()).isEqualTo(1);
    }
    assertThat(folder.resolve("a.xml"))
        .hasSameTextualContentAs(folder.resolve("b.xml"))
        .content()
        .contains("<testcase classname=\".\" name=\"good.jsonl\" file=\"good.jsonl\"/>")
        .contains("<failure message=\"status: expected -1, actual 0\">other.jsonl:");
  }

  @Test
  void aReportThatCannotBeWrittenIsNamedAsItWasTypedBeforeAnythingIsPlayedAndNothingIsLeftBehind() throws Exception {
    Files.writeString(folder.resolve("a.yaml"), GOOD);
    assertThat(Command.run(folder, "run", "--junit", "no/where.xml", "a.yaml"))
        .isEqualTo(new Outcome(2, "", "xenarium: no/where.xml: cannot be written: there is no such folder\n"));
    Files.copy(Recordings.SMALL, folder.resolve("good.jsonl"));
    assertThat(Command.run(folder, "replay", "--junit", "no/where.xml", "good.jsonl"))
        .isEqualTo(new Outcome(2, "", "xenarium: no/where.xml: cannot be written: there is no such folder\n"));
    assertThat(Command.run(folder, "run", "-q", "--junit", ".", "a.yaml").err()).isEqualTo("xenarium: .: cannot be written: it is a folder\n");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("a.yaml", "good.jsonl");
    }
  }
}
