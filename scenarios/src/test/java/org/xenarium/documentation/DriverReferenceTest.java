package org.xenarium.documentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.driver.DriverDifference;
import org.xenarium.gnttab.driver.DriverVersion;

/**
 * docs/reference/driver.md names the steps that the calls have, and ends with tables of versions and differences that are rendered from the
 * code; with the system property {@code xenarium.docs=write} it is written.
 */
class DriverReferenceTest {
  private static final Path PAGE = Documentation.folder().resolve("reference/driver.md");
  private static final Pattern GENERATED = Pattern.compile("(?s)<!-- generated: versions -->\n(.*)<!-- end -->\n");
  private static final String REWRITE =
      "mvn -q -pl scenarios -am -Dtest=DriverReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dxenarium.docs=write test";

  @Test
  void the_tables_of_versions_are_what_the_code_says() throws IOException {
    String page = Files.readString(PAGE, UTF_8);
    if ("write".equals(System.getProperty("xenarium.docs"))) {
      String block = "<!-- generated: versions -->\n" + tables() + "<!-- end -->\n";
      page = GENERATED.matcher(page).replaceFirst(Matcher.quoteReplacement(block));
      Files.writeString(PAGE, page, UTF_8);
    }
    Matcher generated = GENERATED.matcher(page);
    assertThat(generated.find()).isTrue();
    assertThat(generated.group(1)).as("write it anew with%n%n    %s%n", REWRITE).isEqualTo(tables());
  }

  private static String tables() {
    return """

        ## Versions

        This section is generated from the code. After a change, write it anew:

        ```
        %s
        ```

        | Version | What it is |
        |---|---|
        %s

        ## Differences

        Each version is the promised driver with these differences. D-Z numbers are mistakes; those of kind *settled* the promised driver has, too. Source
        is the pull request of zephyrproject-rtos/zephyr that changed it, or `code`: found in the code of the versions.

        | Difference | What | Kind | Source | %s |
        |---|---|---|---|%s
        %s
        """
        .formatted(
            REWRITE,
            Arrays.stream(DriverVersion.values())
                .map(version -> "| " + version + " | " + version.origin() + " |")
                .collect(joining("\n")),
            Arrays.stream(DriverVersion.values()).map(DriverVersion::name).collect(joining(" | ")),
            "---|".repeat(DriverVersion.values().length),
            Arrays.stream(DriverDifference.values()).map(DriverReferenceTest::row).collect(joining("\n")));
  }

  private static String row(DriverDifference difference) {
    String kind = difference.kind().name().toLowerCase(Locale.ROOT);
    String versions = Arrays.stream(DriverVersion.values()).map(version -> difference.isIn(version) ? "x" : " ").collect(joining(" | "));
    return "| %s | %s | %s | %s | %s |".formatted(difference.id(), difference.what(), kind, difference.source(), versions);
  }

  @Test
  void every_step_of_every_call_has_its_row() throws ReflectiveOperationException, IOException {
    String page = Files.readString(PAGE, UTF_8);
    Matcher table = Pattern.compile("\\| Step of `(\\w+)` \\| What happens \\|\n\\|---\\|---\\|\n((?:\\|.*\n)+)").matcher(page);
    int tables = 0;
    for (; table.find(); tables++) {
      List<String> steps = table.group(2).lines().map(row -> row.split("\\|")[1].strip()).toList();
      assertThat(steps).as(table.group(1)).isEqualTo(phases(table.group(1)));
    }
    assertThat(tables).isEqualTo(9);
  }

  private static List<String> phases(String call) throws ReflectiveOperationException {
    Class<?> type = Class.forName("org.xenarium.gnttab.driver." + call + "$Phase");
    return Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
  }
}
