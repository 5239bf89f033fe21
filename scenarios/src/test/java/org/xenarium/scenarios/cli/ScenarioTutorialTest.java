package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.replay.Library;

/** Who follows docs/tutorial-scenarios.md sees what it says. */
class ScenarioTutorialTest {
  private static final Pattern BLOCK = Pattern.compile("^```\\w*\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

  @TempDir Path folder;

  @Test
  void theScenariosOfTheTutorialEndAsItSays() throws Exception {
    List<String> blocks = BLOCK.matcher(Files.readString(Library.FOLDER.resolve("../../docs/tutorial-scenarios.md"))).results().map(block -> block.group(1)).toList();
    assertThat(blocks).hasSize(8);

    String first = blocks.get(0);
    write("first.yaml", first);
    assertSaid(blocks.get(1), 1, "run", "first.yaml");

    String end = first.substring(first.stripTrailing().lastIndexOf('\n') + 1);
    String second = first.replace(end, blocks.get(2));
    write("first.yaml", second);
    assertSaid(blocks.get(3), 0, "run", "first.yaml");
    assertThat(Command.run(folder, "run", "-v", "first.yaml").out()).endsWith(output(blocks.get(4)));

    write("first.yaml", second.replace("init: {}", "innit: {}").replace("ref: g", "ref: m"));
    assertThat(Command.run(folder, "run", "first.yaml").err()).isEqualTo(blocks.get(5));

    write("second.yaml", blocks.get(6));
    assertSaid(blocks.get(7), 0, "run", "second.yaml");
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(folder.resolve(name), text);
  }

  private void assertSaid(String block, int status, String... command) throws Exception {
    assertThat(block).startsWith("$ ./xenarium " + String.join(" ", command) + "\n");
    assertThat(Command.run(folder, command)).isEqualTo(new Command.Outcome(status, output(block), ""));
  }

  /** What follows the line of the command. */
  private static String output(String block) {
    return block.substring(block.indexOf('\n') + 1);
  }
}
