package org.xenarium.scenarios.cli;

import java.io.PrintWriter;
import java.util.List;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.scenarios.play.Watcher;
import org.xenarium.scenarios.script.Step;

/** Prints what happens while a scenario is played: time, who, what, result, rules. */
final class PrintedSteps implements Watcher {
  private final PrintWriter out;

  PrintedSteps(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void ends(long nanos, int index, Step step, String text, String results, List<Rule> rules) {
    print(nanos, text + (results.isEmpty() ? "" : " -> " + results));
    rules.forEach(rule -> out.println("                  " + rule.id() + " " + rule.facts().operation() + ": " + rule.facts().when()));
  }

  @Override
  public void waits(long nanos, int index, Step step, String text) {
    print(nanos, text + " ...waits");
  }

  /** Microseconds in front. */
  private void print(long nanos, String line) {
    String micros = nanos / 1000 + "." + String.valueOf(1000 + nanos % 1000).substring(1);
    out.println("  " + " ".repeat(Math.max(0, 12 - micros.length())) + micros + "us  " + line);
    Output.check(out);
  }
}
