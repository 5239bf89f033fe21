package org.xenarium.documentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.scenarios.rule.AllRules;
import org.xenarium.scenarios.report.RuleResult;

/** docs/reference/rules.md lists every rule: this renders it from the enums that implement {@link Rule}. */
class RuleReferenceTest {
  private static final String PAGE = "reference/rules.md";

  private static final String INTRODUCTION =
      """
      # Rules

      Every answer of the hypervisor is decided by one rule. `xenarium replay --explain` prints the rules of each operation, and a difference
      names the rule behind the answer that differs. This page lists all of them.

      | Column | What it says |
      |---|---|
      | Rule | The name, for ever. The letters name the operation, the number is that of the check in its ordered list |
      | Operation | The public name of the operation that the rule belongs to |
      | Condition | When the rule decides; for a rule that is there only because Xen has the check, why that cannot happen |
      | Result | A status `GNTST_…`: the element gets it, and the hypercall goes on and returns 0. 0 or an errno: the hypercall returns it. \
      Words: the hypercall returns that number |
      | Section | Where the behaviour is specified: [what the section numbers mean](sections.md). A V is a difference between [releases](releases.md) |

      This page is generated from the code. After a change of a rule, write it anew:

      ```
      %s
      ```
      """
          .formatted(GeneratedPage.REWRITE);

  @Test
  void the_reference_of_rules_is_what_the_code_says() throws Exception {
    GeneratedPage.check(PAGE, page());
  }

  @Test
  void every_rule_is_counted() {
    assertThat(AllRules.inOrder())
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(GeneratedPage.RULES.stream().flatMap(type -> GeneratedPage.rules(type).stream()).toList());
  }

  @Test
  void every_section_that_a_rule_names_is_in_the_list_of_sections() throws IOException {
    List<String> known =
        Files.readAllLines(Documentation.folder().resolve("reference/sections.md"), UTF_8).stream()
            .filter(line -> line.startsWith("| §"))
            .map(line -> line.substring(2, line.indexOf(' ', 2)))
            .toList();
    List<String> named =
        GeneratedPage.RULES.stream()
            .flatMap(type -> GeneratedPage.rules(type).stream())
            .flatMap(rule -> Arrays.stream(rule.facts().section().split("[, ]+")))
            .filter(word -> word.startsWith("§"))
            .distinct()
            .toList();
    assertThat(named).as("sections named by rules").isNotEmpty();
    assertThat(named).filteredOn(section -> !known.contains(section)).as("sections that are not in docs/reference/sections.md").isEmpty();
  }

  private static String page() {
    return INTRODUCTION + GeneratedPage.RULES.stream().map(RuleReferenceTest::table).collect(joining());
  }

  private static String table(Class<?> type) {
    List<Rule> rules = GeneratedPage.rules(type);
    String title = type.getSimpleName().replaceAll("Rule$", "") + " rules";
    return "\n## "
        + title
        + "\n\n"
        + rules.size()
        + (rules.size() == 1 ? " rule" : " rules")
        + " of `"
        + type.getName()
        + "`.\n\n| Rule | Operation | Condition | Result | Section |\n|---|---|---|---|---|\n"
        + rules.stream().map(RuleReferenceTest::row).collect(joining());
  }

  private static String row(Rule rule) {
    Rule.Facts facts = rule.facts();
    return GeneratedPage.row(Stream.of(rule.id(), "`" + facts.operation() + "`", condition(rule), result(facts), facts.section()));
  }

  private static String condition(Rule rule) {
    return rule.facts().when() + (rule.unreachable() == null ? "" : ". *Cannot be reached: " + rule.unreachable() + "*");
  }

  private static String result(Rule.Facts facts) {
    return RuleResult.isNumber(facts) ? "`" + RuleResult.of(facts) + "`" : RuleResult.of(facts);
  }
}
