package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.cli.Command.Outcome;
import org.xenarium.scenarios.replay.Library;

/** A wrong command line or recording: exit status 2 and one line that says where and what, never a stack trace. */
class WrongInputTest {
  @TempDir Path folder;

  /** What the call says on its standard error, after checking what holds for all wrong input. */
  private List<String> problems(String... arguments) throws IOException, InterruptedException {
    Outcome said = Command.run(folder, arguments);
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.out() + said.err()).doesNotContain("\tat ").doesNotContain("Exception");
    return said.err().lines().toList();
  }

  @Test
  void aPathThatDoesNotExistIsNamedBeforeAnythingIsPlayed() throws Exception {
    Recordings.copy(Recordings.SMALL, folder.resolve("good.jsonl"));
    assertThat(Command.run(folder, "replay", "good.jsonl", "no/where"))
        .isEqualTo(new Outcome(2, "", "xenarium: no/where: there is no such file or folder\n"));
  }

  @Test
  void aFolderWithoutRecordingsIsNamed() throws Exception {
    Files.createDirectories(folder.resolve("empty/below"));
    assertThat(problems("replay", "empty"))
        .containsExactly("xenarium: empty: expected recordings (.jsonl) or scenarios (.yaml) in this folder or below, found none");
  }

  @Test
  void anUnknownOptionIsNamedWithTheOneThatMayBeMeant() throws Exception {
    assertThat(problems("replay", "--quite", "x"))
        .containsExactly("xenarium: Unknown option: '--quite'", "Possible solutions: --quiet", "try 'xenarium help replay'");
  }

  @Test
  void anUnknownCommandIsNamedWithTheOneThatMayBeMeant() throws Exception {
    assertThat(problems("repaly"))
        .containsExactly("xenarium: Unmatched argument at index 0: 'repaly'", "Did you mean: xenarium replay or xenarium record?", "try 'xenarium help'");
  }

  @Test
  void aCallWithoutCommandOrPathAsksForIt() throws Exception {
    assertThat(problems()).containsExactly("xenarium: which command? 'xenarium help' lists them", "try 'xenarium help'");
    assertThat(problems("replay")).containsExactly("xenarium: Missing required parameter: 'FILE|FOLDER'", "try 'xenarium help replay'");
  }

  @Test
  void everyRecordingThatCannotBeReadGetsOneLineWithItsPlaceAndTheOthersArePlayed() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    String good = Files.readString(Recordings.SMALL);
    String core = Files.readString(Library.CORE.resolve("d00_directed_v1.jsonl"));
    String noHeader = ":1: expected a header with \"recording\" (arm64 format) or \"trace\" (xen-core format), found neither";
    write(expected, "a-empty", "", ": expected a recording, found an empty file");
    write(expected, "b-yaml", "steps:\n  - map\n", ":1:1: expected the header of a recording, a JSON object, found \"steps:\"");
    write(expected, "c-json", "{\"a\": 1}\n", noHeader);
    write(expected, "d-headless", good.substring(good.indexOf('\n') + 1), noHeader + "; has the header been cut off?");
    write(expected, "e-cut", good.substring(0, good.length() - 30),
        ":16:151: expected the rest of a JSON object, found the end of the line; has the file been cut off?");
    write(expected, "f-field", good.replace("\"handle\": 0, \"dev\"", "\"handel\": 0, \"dev\""),
        ":8:188: unknown field \"handel\" in \"out\" of map; did you mean \"handle\"?");
    write(expected, "g-operation", good.replace("\"op\": \"unmap\"", "\"op\": \"unnmap\""),
        ":13:88: unknown operation \"unnmap\"; did you mean \"unmap\"?");
    write(expected, "h-domain", good.replace("\"dom\": 1, \"seq\": 3", "\"dom\": 3, \"seq\": 3"),
        ":4:9: domain 3 is not declared in the header; known are 1");
    write(expected, "i-release", good.replace("Xen 4.17.7", "Xen 3.4.0"), ":1: \"source\": Xen 3.4 is not a release that is emulated;");
    write(expected, "j-ram", good.replace("\"ram_kib\": 16384", "\"ram_kib\": 1048576"),
        ":1: the domains' RAM does not fit the machine's,");
    write(expected, "k-ghost", core + "{\"i\":152,\"op\":\"rfp\",\"dom\":2,\"target\":32752,\"gfn\":1,\"rc\":0,\"st\":[]}\n",
        ":154: domain 2 acts although it has disappeared");
    write(expected, "l-image", "\0\1", ":1:1: expected JSON in UTF-8 without a byte order mark, found another encoding");
    Recordings.copy(Recordings.SMALL, folder.resolve("z-good.jsonl"));

    Outcome said = Command.run(folder, "replay", ".");

    assertThat(said.status()).isEqualTo(2);
    assertThat(said.out()).isEqualTo("""
        pass  ./z-good.jsonl  15 operations
        learned 0 values
        12 files could not be read or played
        1 passed, 0 failed
        """);
    assertThat(said.err().lines().toList()).hasSize(12).zipSatisfy(expected.values(), (line, start) -> assertThat(line).startsWith(start));
    assertThat(said.err()).doesNotContain("\tat ").doesNotContain("Exception");
  }

  private void write(Map<String, String> expected, String name, String text, String problem) throws IOException {
    Files.write(folder.resolve(name + ".jsonl"), text.getBytes(StandardCharsets.UTF_8));
    expected.put(name, "xenarium: ./" + name + ".jsonl" + problem);
  }
}
