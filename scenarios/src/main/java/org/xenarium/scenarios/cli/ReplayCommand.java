package org.xenarium.scenarios.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.scenarios.recording.RecordingException;
import org.xenarium.scenarios.replay.Decision;
import org.xenarium.scenarios.replay.Difference;
import org.xenarium.scenarios.replay.Listener;
import org.xenarium.scenarios.replay.Replay;
import org.xenarium.scenarios.replay.ReplayResult;
import org.xenarium.scenarios.replay.UnplayableException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code xenarium replay}: plays recordings of real systems and compares every answer. */
@Command(
    name = "replay",
    description = "Plays recordings of a real Xen on the emulated machine and compares every answer; plays scenarios, too.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every recorded answer agrees, every expectation is met",
      "1:an answer differs, or an expectation is not met",
      "2:the command line or a file is wrong, or the output cannot be written",
      "70:an error of xenarium itself"
    })
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE|FOLDER", description = "Recordings (.jsonl) or scenarios (.yaml), or folders with such files in them or below.")
  private List<Path> paths = List.of();

  @Option(names = "--explain", description = "Print the rules that decided every operation.")
  private boolean explain;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print only what differs or cannot be read, and the summary.")
  private boolean quiet;

  @Mixin private final OtherXen xen = new OtherXen();
  @Mixin private final Verdicts verdicts = new Verdicts();

  private long learned;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      InputFiles files = InputFiles.of(paths, InputFiles.BOTH);
      if (!verdicts.canBeWritten(err)) {
        return ExitStatus.BAD_INPUT;
      }
      for (Path file : files.files()) {
        play(file, out, err);
        Output.check(out);
      }
      if (!quiet) {
        files.leftOut().forEach(file -> err.println(file + InputFiles.LEFT_OUT));
      }
    } catch (InputFiles.NoFilesException e) {
      err.println("xenarium: " + e.getMessage());
      return ExitStatus.BAD_INPUT;
    }
    out.println("learned " + count(learned, "value"));
    return verdicts.close("file", out, err);
  }

  private void play(Path file, PrintWriter out, PrintWriter err) {
    if (InputFiles.ends(file, InputFiles.SCENARIOS)) {
      new ScenarioRun(out, err, explain, quiet, xen::instead, verdicts).play(file);
      return;
    }
    try {
      if (explain) {
        out.println(file);
      }
      ReplayResult result = Replay.play(file, explain ? explainer(out) : Listener.NONE, xen::instead, Trace.NONE);
      learned += result.learned();
      result.difference().ifPresentOrElse(difference -> fail(file, difference, out), () -> pass(file, result, out));
    } catch (RecordingException | UnplayableException e) {
      String problem = String.valueOf(e.getMessage());
      verdicts.refuse(file, List.of(problem));
      out.flush();
      err.println("xenarium: " + problem);
    }
  }

  private void pass(Path file, ReplayResult result, PrintWriter out) {
    verdicts.pass(file);
    if (!quiet) {
      out.println("pass  " + file + "  " + count(result.operations(), "operation"));
    }
  }

  private void fail(Path file, Difference difference, PrintWriter out) {
    String differs = difference.field() + ": expected " + difference.expected() + ", actual " + difference.actual();
    List<String> lines = new ArrayList<>(List.of(file + ":" + difference.line() + ": " + difference.operation(), differs));
    difference.decisions().forEach(decision -> lines.add("decided by " + decision));
    lines.addAll(difference.state());
    verdicts.fail(file, differs, lines);
    out.println("FAIL  " + file);
    lines.forEach(line -> out.println("  " + line));
  }

  private static Listener explainer(PrintWriter out) {
    return (line, operation, decisions) -> {
      out.println("  " + line + ": " + operation);
      for (Decision decision : decisions.get()) {
        out.println("      " + decision);
      }
      Output.check(out);
    };
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
