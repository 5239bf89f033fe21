package org.xenarium.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code that the tutorial on properties shows is code that is compiled and run here. */
class PropertiesTutorialTest {
  /** Here less is drawn, and the same in each build; a reader wants to see something new. */
  private static final String SEED = "(tries = 300, seed = \"1\")";

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void all_code_of_the_tutorial_stands_in_its_example() throws IOException {
    List<String> sources = sources();
    Matcher blocks = JAVA.matcher(Files.readString(Documentation.folder().resolve("tutorial-properties.md")));
    int count = 0;
    for (; blocks.find(); count++) {
      String block = blocks.group(1);
      assertThat(sources).as(block).anyMatch(source -> source.contains(block));
    }
    assertThat(count).isPositive();
  }

  private static List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    try (var files = Files.list(Documentation.root().resolve("scenarios/src/test/java/first"))) {
      for (Path file : files.sorted().toList()) {
        sources.add(Files.readString(file).replace(SEED, ""));
      }
    }
    return sources;
  }
}
