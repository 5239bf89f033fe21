package org.xenarium.documentation;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.Releases;
import org.xenarium.emulator.trace.Rule;

/** docs/reference/releases.md says how releases differ: this renders it from {@link Difference} and from what rules say of themselves. */
class ReleaseReferenceTest {
  private static final String INTRODUCTION =
      """
      # Releases

      Xenarium behaves as the release of Xen that it is told to be: %s to %s. Each stands for the tip of its stable branch, so a
      change that was carried back to an older branch counts there too. 4.17 is the 4.17.7 (with 13 later commits) on which the recordings of the
      library were made; 4.23-dev is the development version of August 2026, commit c447b7308b13. All else was read from the branches, not measured.

      This page is generated from the code. After a change, write it anew:

      ```
      %s
      ```

      ## Differences

      The numbers are those of §9.1 of the [specification](sections.md); those with an X it does not have. Rows that it has and that are not here
      divide none of these releases: V1 to V8 and V12 are older or were carried back to all of them, V14 shows nothing to a guest, V35 is a parameter
      of the machine. V28 and V29 are in the table but
      up to whoever builds the domains; the race before V30 has no specified outcome, so here all releases look under the lock.

      """
          .formatted(Release.values()[0], Release.values()[Release.values().length - 1], GeneratedPage.REWRITE);

  private static final String RULES =
      """

      ## Rules that do not decide in all releases

      Every other [rule](rules.md) is the same in all of them. Releases in which all rules are the same share a column. What changes without a
      rule of its own, such as the number of frames that a list goes on with (V24), is in the table above only.

      """;

  @Test
  void the_reference_of_releases_is_what_the_code_says() throws Exception {
    GeneratedPage.check("reference/releases.md", INTRODUCTION + differences() + RULES + rules());
  }

  private static String differences() {
    return "| | In | Releases without it | Releases with it |\n|---|---|---|---|\n"
        + Arrays.stream(Difference.values())
            .map(d -> GeneratedPage.row(Stream.of(d.id(), range(Releases.with(d).list()), d.before(), d.after())))
            .collect(joining());
  }

  private static String range(List<Release> releases) {
    Release last = releases.getLast();
    return releases.getFirst() + (last == Release.V4_23_DEV ? " on" : " to " + last);
  }

  private static String rules() {
    List<Rule> rules =
        GeneratedPage.RULES.stream()
            .flatMap(type -> GeneratedPage.rules(type).stream())
            .filter(rule -> !rule.facts().releases().equals(Releases.ALL))
            .toList();
    List<List<Release>> columns = columns(rules);
    return GeneratedPage.row(Stream.concat(Stream.of("Rule", "Condition"), columns.stream().map(ReleaseReferenceTest::title)))
        + "|---|---|"
        + ":-:|".repeat(columns.size())
        + "\n"
        + rules.stream().map(rule -> row(rule, columns)).collect(joining());
  }

  /** Runs of releases in which the same rules hold. */
  private static List<List<Release>> columns(List<Rule> rules) {
    List<List<Release>> columns = new ArrayList<>();
    for (Release release : Release.values()) {
      if (columns.isEmpty() || rules.stream().anyMatch(rule -> holds(rule, columns.getLast().getLast()) != holds(rule, release))) {
        columns.add(new ArrayList<>());
      }
      columns.getLast().add(release);
    }
    return columns;
  }

  private static String title(List<Release> column) {
    return column.size() == 1 ? column.getFirst().toString() : column.getFirst() + " – " + column.getLast();
  }

  private static String row(Rule rule, List<List<Release>> columns) {
    Stream<String> cells = Stream.of(rule.id(), "`" + rule.facts().operation() + "`: " + rule.facts().when());
    return GeneratedPage.row(Stream.concat(cells, columns.stream().map(column -> holds(rule, column.getFirst()) ? "yes" : "–")));
  }

  private static boolean holds(Rule rule, Release release) {
    return rule.facts().releases().contains(release);
  }
}
