package org.xenarium.scenarios.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
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
record ScenarioRun(PrintWriter out, PrintWriter err, boolean verbose, boolean quiet, UnaryOperator<Semantics> instead) {
  /** Plays a file; the status that it gives the command. */
  int play(Path file) {
    try {
      Scenario scenario = ScenarioReader.read(file).on(instead);
      if (verbose) {
        out.println(file);
      }
      Outcome outcome = Player.play(scenario, verbose ? new PrintedSteps(out) : Watcher.NONE);
      print(file, scenario, outcome);
      return outcome.passed() ? ExitStatus.OK : ExitStatus.DIFFERENCE;
    } catch (ScenarioException e) {
      out.flush();
      e.problems().forEach(problem -> err.println("xenarium: " + problem));
    } catch (UnplayableScenarioException | NotEmulatedException | NoSuchCallException e) {
      out.flush();
      err.println("xenarium: " + file + ": " + e.getMessage());
    }
    return ExitStatus.BAD_INPUT;
  }

  /** One line, and after a failure what was expected, what came, the rules and the state around it. */
  private void print(Path file, Scenario scenario, Outcome outcome) {
    if (outcome.failure().isEmpty()) {
      if (!quiet) {
        out.println("pass  " + file + "  " + scenario.title());
      }
      return;
    }
    Failure failure = outcome.failure().get();
    out.println("FAIL  " + file + "  " + scenario.title());
    out.println("  " + file + ":" + failure.place() + ": " + failure.subject());
    out.println("  " + failure.field() + ": expected " + failure.expected() + ", actual " + failure.actual());
    failure.rules().forEach(rule -> out.println("  decided by " + rule));
    failure.state().forEach(line -> out.println("  " + line));
  }
}
