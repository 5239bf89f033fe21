package org.xenarium.gnttab.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.rule.GrantRule;

/**
 * A table of results (spec §10): a row is a condition, a cell of it what one operation answers then, and by which rule. Every cell becomes
 * a test, which begins in the start state for each of its situations.
 */
public abstract class ResultTable extends OnBench {
  /**
   * What an operation answers.
   *
   * @param result the status, or the return value if that is what the rule decides on
   * @param situations bring about the condition and make the call
   */
  public record Cell(String operation, int result, GrantRule rule, List<Supplier<Answer>> situations) {
    String title() {
      String name = rule.facts().kind() == Rule.Kind.STATUS ? GntStatus.name(result) : Errno.name(result);
      return operation + ": " + name + ", " + rule.id();
    }
  }

  @SafeVarargs
  protected static Cell cell(String operation, int result, GrantRule rule, Supplier<Answer>... situations) {
    return new Cell(operation, result, rule, List.of(situations));
  }

  // One column for each operation.

  @SafeVarargs
  protected static Cell map(int status, GrantRule rule, Supplier<Answer>... situations) {
    return cell("map", status, rule, situations);
  }

  @SafeVarargs
  protected static Cell unmap(int status, GrantRule rule, Supplier<Answer>... situations) {
    return cell("unmap", status, rule, situations);
  }

  @SafeVarargs
  protected static Cell replace(int status, GrantRule rule, Supplier<Answer>... situations) {
    return cell("unmap_and_replace", status, rule, situations);
  }

  @SafeVarargs
  protected static Cell setup(int status, GrantRule rule, Supplier<Answer>... situations) {
    return cell("setup_table", status, rule, situations);
  }

  @SafeVarargs
  protected static Cell copy(int status, GrantRule rule, Supplier<Answer>... situations) {
    return cell("copy", status, rule, situations);
  }

  @SafeVarargs
  protected static Cell query(int status, GrantRule rule, Supplier<Answer>... situations) {
    return cell("query_size", status, rule, situations);
  }

  @SafeVarargs
  protected static Cell statusFrames(int status, GrantRule rule, Supplier<Answer>... situations) {
    return cell("get_status_frames", status, rule, situations);
  }

  @SafeVarargs
  protected static Cell swap(int status, GrantRule rule, Supplier<Answer>... situations) {
    return cell("swap_grant_ref", status, rule, situations);
  }

  protected final DynamicContainer row(String condition, Cell... cells) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Cell cell : cells) {
      tests.add(DynamicTest.dynamicTest(cell.title(), () -> check(condition, cell)));
    }
    return DynamicContainer.dynamicContainer(condition, tests);
  }

  private void check(String condition, Cell cell) {
    for (int i = 0; i < cell.situations().size(); i++) {
      startFrom(Bench.start());
      try {
        check(cell, cell.situations().get(i).get());
      } catch (AssertionError e) {
        throw new AssertionError(condition + ": " + cell.title() + ", situation " + i + ": " + e.getMessage(), e);
      }
    }
  }

  private static void check(Cell cell, Answer answer) {
    if (cell.rule().facts().kind() == Rule.Kind.STATUS) {
      answer.says(cell.result(), cell.rule());
    } else {
      answer.returns(cell.result(), cell.rule());
    }
  }
}
