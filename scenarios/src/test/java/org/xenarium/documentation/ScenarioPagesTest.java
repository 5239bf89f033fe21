package org.xenarium.documentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xenarium.scenarios.replay.Library;
import org.xenarium.scenarios.script.LanguageReference;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioException;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.ScenarioSchema;
import org.xenarium.scenarios.script.Scenarios;

/**
 * What is generated about scenarios is what the code says: the tables of the reference, the schema, the index of the library. With the system
 * property {@code xenarium.docs=write} the files are written.
 */
class ScenarioPagesTest {
  private static final String REWRITE =
      "mvn -q -pl scenarios -am -Dtest=ScenarioPagesTest -Dsurefire.failIfNoSpecifiedTests=false -Dxenarium.docs=write test";

  /** In the reference everything from this line on is generated. */
  private static final String GENERATED = "## Tables\n";

  @Test
  void the_tables_of_the_reference_are_those_of_the_code() throws IOException {
    Path file = Documentation.folder().resolve("reference/scenarios.md");
    String page = Files.readString(file, UTF_8);
    assertThat(page).contains(GENERATED);
    String before = page.substring(0, page.indexOf(GENERATED) + GENERATED.length());
    check(file, before + "\nThese tables are generated from the code, as the rest of this page is not:\n\n```\n" + REWRITE + "\n```\n" + LanguageReference.write());
  }

  @Test
  void the_published_schema_is_that_of_the_code() throws IOException {
    check(Library.FOLDER.resolve("scenario.schema.json"), ScenarioSchema.write());
  }

  @Test
  void the_index_of_the_library_is_what_the_scenarios_say() throws IOException, ScenarioException {
    TreeMap<String, StringBuilder> topics = new TreeMap<>();
    for (Path file : Scenarios.library()) {
      Scenario scenario = ScenarioReader.read(file);
      String name = Library.name(file);
      topics
          .computeIfAbsent(name.substring(0, name.indexOf('/')), topic -> new StringBuilder("\n## " + topic + "\n\n| Scenario | Asks |\n|---|---|\n"))
          .append("| [").append(scenario.title()).append("](../../scenarios/library/").append(name).append(") | ").append(scenario.asks()).append(" |\n");
    }
    String page =
        "# The library of scenarios\n\n" + Scenarios.library().size() + " scenarios, each of which asks one question. `./xenarium run scenarios/library` plays all of them.\n"
            + "[The language](scenarios.md) tells how to read and write them.\n\nThis page is generated from the scenarios:\n\n```\n"
            + REWRITE + "\n```\n" + String.join("", topics.values());
    check(Documentation.folder().resolve("reference/library.md"), page);
  }

  private static void check(Path file, String text) throws IOException {
    if ("write".equals(System.getProperty("xenarium.docs"))) {
      Files.writeString(file, text, UTF_8);
    }
    String found = Files.exists(file) ? Files.readString(file, UTF_8) : "";
    assertThat(found.equals(text)).as("%s is not what the code says; write it anew with%n%n    %s%n", file, REWRITE).isTrue();
  }
}
