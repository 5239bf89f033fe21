package org.xenarium.gnttab.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * docs/reference/zephyr-contract.md names checks that exist, and ends with a table of all checks that is rendered from the code; with the
 * system property {@code xenarium.docs=write} it is written.
 */
class ContractPageTest {
  private static final Path PAGE = page();
  private static final Pattern GENERATED = Pattern.compile("(?s)<!-- generated: checks -->\n(.*)<!-- end -->\n");
  private static final String REWRITE =
      "mvn -q -pl gnttab -am -Dtest=ContractPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dxenarium.docs=write test";

  private static Path page() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("docs/design.md"))) {
        return folder.resolve("docs/reference/zephyr-contract.md");
      }
    }
    throw new AssertionError("no folder above has docs/design.md");
  }

  @Test
  void the_table_of_checks_is_what_the_code_says() throws IOException {
    String page = Files.readString(PAGE, UTF_8);
    if ("write".equals(System.getProperty("xenarium.docs"))) {
      String block = "<!-- generated: checks -->\n" + table() + "<!-- end -->\n";
      page = GENERATED.matcher(page).replaceFirst(Matcher.quoteReplacement(block));
      Files.writeString(PAGE, page, UTF_8);
    }
    Matcher generated = GENERATED.matcher(page);
    assertThat(generated.find()).isTrue();
    assertThat(generated.group(1)).as("write it anew with%n%n    %s%n", REWRITE).isEqualTo(table());
  }

  private static String table() {
    return """

        ## Checks

        All checks, with the versions that fail them and the differences that make them fail. That the versions fail there and nowhere else is a test,
        `ContractTest`. This section is generated; after a change, write it anew:

        ```
        %s
        ```

        | Check | Broken by | Fails in |
        |---|---|---|
        %s
        """
        .formatted(REWRITE, ContractTest.CHECKS.stream().map(ContractPageTest::row).collect(joining("\n")));
  }

  private static String row(Check check) {
    String differences = Arrays.stream(DriverDifference.values()).filter(check.brokenBy()::contains).map(DriverDifference::id).collect(joining(", "));
    String versions = Arrays.stream(DriverVersion.values()).filter(check::isBrokenIn).map(DriverVersion::name).collect(joining(", "));
    return "| `" + check.name() + "` | " + differences + " | " + versions + " |";
  }

  @Test
  void every_check_that_a_sentence_names_exists() throws IOException {
    String sentences = GENERATED.matcher(Files.readString(PAGE, UTF_8)).replaceAll("");
    List<String> names = Pattern.compile("`([^`]+)`").matcher(sentences).results().map(result -> result.group(1)).toList();
    List<String> known = ContractTest.CHECKS.stream().map(Check::name).toList();
    assertThat(names).hasSizeGreaterThan(50);
    assertThat(names)
        .filteredOn(name -> !name.equals("KconfigTest") && !name.equals("GnttabOpErrorTest"))
        .allMatch(known::contains);
  }

  /** The sentence between the first two bars of each row; the file itself holds the text of the documentation. */
  @Test
  void every_sentence_has_a_check_or_a_reason() throws IOException {
    List<String> rows =
        Pattern.compile("(?m)^\\| (?!Documentation|---)(.*) \\| (.*) \\|$")
            .matcher(GENERATED.matcher(Files.readString(PAGE, UTF_8)).replaceAll(""))
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(rows).hasSizeGreaterThan(40).noneMatch(row -> row.matches(".*\\| +\\|.*"));
  }
}
