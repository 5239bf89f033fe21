package org.xenarium.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.memoryop.MemoryRule;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.scenarios.rule.AllRules;

/** Counting rules, and what is printed of it. */
class RuleCoverageTest {
  private final RuleCoverage coverage = new RuleCoverage();

  private void decide(Rule rule, int times) {
    for (int i = 0; i < times; i++) {
      coverage.decided(1, 0, i, rule);
    }
  }

  private static List<String> printed(Consumer<PrintWriter> printing) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    printing.accept(writer);
    writer.flush();
    return text.toString().lines().toList();
  }

  private List<String> text() {
    return printed(out -> new CoverageText(coverage, out).print());
  }

  @Test
  void at_first_nothing_is_reached() {
    assertThat(coverage.reached()).isEmpty();
    assertThat(coverage.missed()).isNotEmpty().allMatch(rule -> rule.unreachable() == null);
    assertThat(coverage.unreachable()).contains(GrantRule.MAP_13B).allMatch(rule -> rule.unreachable() != null);
    assertThat(coverage.missed().size() + coverage.unreachable().size()).isEqualTo(AllRules.inOrder().size());
  }

  @Test
  void every_decision_counts() {
    decide(GrantRule.MAP_14, 3);
    decide(GrantRule.MAP_08A, 1);
    assertThat(coverage.count(GrantRule.MAP_14)).isEqualTo(3);
    assertThat(coverage.count(GrantRule.MAP_09)).isZero();
    assertThat(coverage.reached()).as("in the order of the rules").containsExactly(GrantRule.MAP_08A, GrantRule.MAP_14);
    assertThat(coverage.missed()).doesNotContain(GrantRule.MAP_14, GrantRule.MAP_08A).contains(GrantRule.MAP_09);
  }

  @Test
  void what_was_never_reached_comes_first_with_operation_and_condition_in_words() {
    decide(GrantRule.MAP_14, 12);
    List<String> lines = text();
    int missed = AllRules.inOrder().size() - 1 - coverage.unreachable().size();
    assertThat(lines.getFirst()).isEqualTo("not reached: " + missed + " rules");
    assertThat(lines)
        .containsSubsequence(
            "            MAP-09       map: the granted frame is not RAM of the granter (§3.3.3)",
            "cannot be reached: " + coverage.unreachable().size() + " rules",
            "            MAP-13B      map: the mapping domain is dying (§3.3.1)",
            "                         " + GrantRule.MAP_13B.unreachable(),
            "reached: 1 rule",
            "        12  MAP-14       map: mapped (§3.3.4)",
            "operations");
  }

  @Test
  void an_operation_says_how_many_of_its_rules_were_reached_and_how_often_it_answered_what() {
    decide(GrantRule.SWAP_04, 5);
    decide(GrantRule.SWAP_02, 1);
    decide(GrantRule.SWAP_03A, 2);
    decide(GrantRule.SWAP_F7R, 1);
    decide(MemoryRule.QRY_05, 4);
    assertThat(text())
        .contains(
            "  swap_grant_ref            4 of 8 rules     GNTST_okay 6, GNTST_eagain 2, -EFAULT 1",
            "  query                     1 of 5 rules     the number asked for 4",
            "  hypercall                 0 of 1 rule");
  }

  @Test
  void rules_that_cannot_be_reached_are_missing_from_no_total() {
    AllRules.inOrder().stream().filter(rule -> rule.unreachable() == null).forEach(rule -> decide(rule, 1));
    List<String> lines = text();
    assertThat(lines.getFirst()).isEqualTo("not reached: 0 rules");
    int all = AllRules.inOrder().size() - coverage.unreachable().size();
    assertThat(new CoverageText(coverage, new PrintWriter(new StringWriter())).total()).isEqualTo(all + " of " + all + " rules");
    assertThat(lines).anyMatch(line -> line.matches("  map +(\\d+) of \\1 rules .*"));
  }

  @Test
  void a_rule_that_decides_although_it_cannot_is_shown_as_reached() {
    decide(GrantRule.MAP_13B, 1);
    assertThat(coverage.unreachable()).doesNotContain(GrantRule.MAP_13B);
    assertThat(text()).contains("         1  MAP-13B      map: the mapping domain is dying (§3.3.1)");
  }

  @Test
  void csv_has_one_line_for_each_rule_and_quotes_where_it_must() {
    decide(GrantRule.GNT_08, 7);
    List<String> lines = printed(out -> CoverageCsv.print(coverage, out));
    assertThat(lines).hasSize(1 + AllRules.inOrder().size());
    assertThat(lines)
        .startsWith("count,rule,operation,condition,result,section,unreachable")
        .contains("7,GNT-08,grant_table_op,the batch is empty: its count is 0,0,§2.2,")
        .contains("0,COPY-01,copy,no bytes to copy,GNTST_okay,\"§3.5.1, V25\",")
        .contains("0,MAP-13B,map,the mapping domain is dying,GNTST_general_error,§3.3.1,\"" + GrantRule.MAP_13B.unreachable() + "\"");
  }
}
