package org.xenarium.scenarios.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.NoSuchCallException;
import org.xenarium.scenarios.play.Failure;
import org.xenarium.scenarios.play.Outcome;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.play.UnplayableScenarioException;
import org.xenarium.scenarios.play.Watcher;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioException;
import org.xenarium.scenarios.script.ScenarioReader;

/**
 * Plays scenarios and prints how they went.
 *
 * @param verbose print every step
 * @param quiet say nothing of scenarios that pass
 * @param instead gives the Xen to play on, for the one that a scenario asks for
 */
record ScenarioRun(PrintWriter out, PrintWriter err, boolean verbose, boolean quiet, UnaryOperator<Semantics> instead, Verdicts verdicts) {
  void play(Path file) {
    try {
      Scenario scenario = ScenarioReader.read(file).on(instead);
      if (verbose) {
        out.println(file);
      }
      Outcome outcome = Player.play(scenario, verbose ? new PrintedSteps(out) : Watcher.NONE);
      outcome.failure().ifPresentOrElse(failure -> fail(file, scenario, failure), () -> pass(file, scenario));
    } catch (ScenarioException e) {
      refuse(file, e.problems());
    } catch (UnplayableScenarioException | NotEmulatedException | NoSuchCallException e) {
      refuse(file, List.of(file + ": " + e.getMessage()));
    }
  }

  private void pass(Path file, Scenario scenario) {
    verdicts.pass(file);
    if (!quiet) {
      out.println("pass  " + file + "  " + scenario.title());
    }
  }

  /** What was expected, what came, the rules and the state around it. */
  private void fail(Path file, Scenario scenario, Failure failure) {
    String difference = failure.field() + ": expected " + failure.expected() + ", actual " + failure.actual();
    List<String> lines = new ArrayList<>(List.of(file + ":" + failure.place() + ": " + failure.subject(), difference));
    failure.rules().forEach(rule -> lines.add("decided by " + rule));
    lines.addAll(failure.state());
    verdicts.fail(file, difference, lines);
    out.println("FAIL  " + file + "  " + scenario.title());
    lines.forEach(line -> out.println("  " + line));
  }

  private void refuse(Path file, List<String> problems) {
    verdicts.refuse(file, problems);
    out.flush();
    problems.forEach(problem -> err.println("xenarium: " + problem));
  }
}
