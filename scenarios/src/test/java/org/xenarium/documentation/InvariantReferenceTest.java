package org.xenarium.documentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.invariant.Condition;
import org.xenarium.gnttab.invariant.Discipline;
import org.xenarium.gnttab.invariant.Invariant;
import org.xenarium.gnttab.invariant.Kind;
import org.xenarium.gnttab.invariant.Topic;

/**
 * docs/reference/invariants.md lists every invariant and every rule of discipline: this renders it from the catalogue, and compares or, with
 * the system property {@code xenarium.docs=write}, writes the file.
 */
class InvariantReferenceTest {
  private static final String PAGE = "reference/invariants.md";

  private static final String REWRITE =
      "mvn -q -pl scenarios -am -Dtest=InvariantReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dxenarium.docs=write test";

  private static final String INTRODUCTION =
      """
      # Invariants

      What always holds on a machine, whatever its guests do. [Watch invariants in your own test](../how-to/watch-invariants.md) says how to have them looked
      at. An invariant that does not hold is a mistake of the hypervisor. A guest that breaks a rule of discipline is reported by name instead, and the
      invariants that this makes void are not expected any more.

      This page is generated from the code. After a change of the catalogue, write it anew:

      ```
      %s
      ```
      """
          .formatted(REWRITE);

  @Test
  void the_reference_of_invariants_is_what_the_code_says() throws Exception {
    Path file = Documentation.folder().resolve(PAGE);
    String page = page();
    if ("write".equals(System.getProperty("xenarium.docs"))) {
      Files.writeString(file, page, UTF_8);
    }
    String found = Files.exists(file) ? Files.readString(file, UTF_8) : "";
    assertThat(found.equals(page)).as("docs/%s is what the catalogue says; if not, write it anew with%n%n    %s%n", PAGE, REWRITE).isTrue();
  }

  private static String page() {
    return INTRODUCTION + kinds() + conditions() + Arrays.stream(Topic.values()).map(InvariantReferenceTest::table).collect(joining()) + rules();
  }

  private static String kinds() {
    return "\n## Kinds\n\n| Kind | Holds |\n|---|---|\n"
        + Arrays.stream(Kind.values()).map(kind -> row(name(kind), kind.meaning())).collect(joining());
  }

  private static String conditions() {
    return "\n## Conditions\n\n| Condition | Expected only while |\n|---|---|\n"
        + Arrays.stream(Condition.values()).map(condition -> row(condition.name(), condition.meaning())).collect(joining());
  }

  private static String table(Topic topic) {
    return "\n## "
        + topic.title()
        + " ("
        + topic.section()
        + ")\n\n| Number | Kind | Conditions | Holds | Reads |\n|---|---|---|---|---|\n"
        + Arrays.stream(Invariant.values()).filter(invariant -> invariant.topic() == topic).map(InvariantReferenceTest::row).collect(joining());
  }

  private static String row(Invariant invariant) {
    String conditions = invariant.conditions().stream().map(Condition::name).collect(joining(", "));
    return row(invariant.id(), name(invariant.kind()), conditions, invariant.statement(), invariant.reads());
  }

  private static String rules() {
    return "\n## Discipline (§11.0)\n\n| Rule | Who | A well-behaved guest | Breaking it makes void |\n|---|---|---|---|\n"
        + Arrays.stream(Discipline.values()).map(rule -> row(rule.id(), rule.who(), rule.text(), rule.makesVoid())).collect(joining());
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static String row(String... cells) {
    return Stream.of(cells).map(cell -> cell.replace("|", "\\|")).collect(joining(" | ", "| ", " |\n"));
  }
}
