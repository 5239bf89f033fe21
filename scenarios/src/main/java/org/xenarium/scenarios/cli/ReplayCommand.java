package org.xenarium.scenarios.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.scenarios.recording.RecordingException;
import org.xenarium.scenarios.replay.Decision;
import org.xenarium.scenarios.replay.Difference;
import org.xenarium.scenarios.replay.Listener;
import org.xenarium.scenarios.replay.Replay;
import org.xenarium.scenarios.replay.ReplayResult;
import org.xenarium.scenarios.replay.UnplayableException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code xenarium replay}: plays recordings of real systems and compares every answer. */
@Command(
    name = "replay",
    description = "Plays recordings of a real Xen on the emulated machine and compares every answer.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every recorded answer agrees",
      "1:an answer differs",
      "2:the command line or a recording is wrong",
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

  @Option(
      names = "--release",
      paramLabel = "RELEASE",
      converter = ReleaseConverter.class,
      description = "Play on this release of Xen, such as 4.17, instead of the recorded or described one.")
  private @Nullable Release release;

  @Option(names = "--profile", paramLabel = "arm|hvm", description = "Play on this kind of machine instead of the recorded or described one.")
  private @Nullable Profile profile;

  @Option(names = "--xsm", paramLabel = "dummy|silo", description = "Play under this security policy instead of the recorded or described one.")
  private @Nullable SecurityPolicy policy;

  private int passed;
  private int failed;
  private int unreadable;
  private long learned;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      InputFiles files = InputFiles.of(paths, InputFiles.BOTH);
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
    summarise(out);
    return unreadable > 0 ? ExitStatus.BAD_INPUT : failed > 0 ? ExitStatus.DIFFERENCE : ExitStatus.OK;
  }

  private void play(Path file, PrintWriter out, PrintWriter err) {
    if (InputFiles.ends(file, InputFiles.SCENARIOS)) {
      playScenario(file, out, err);
      return;
    }
    try {
      if (explain) {
        out.println(file);
      }
      ReplayResult result = Replay.play(file, explain ? explainer(out) : Listener.NONE, this::instead, Trace.NONE);
      learned += result.learned();
      if (result.passed()) {
        passed++;
        if (!quiet) {
          out.println("pass  " + file + "  " + count(result.operations(), "operation"));
        }
      } else {
        failed++;
        out.println("FAIL  " + file);
        result.difference().ifPresent(difference -> print(file, difference, out));
      }
    } catch (RecordingException | UnplayableException e) {
      unreadable++;
      out.flush();
      err.println("xenarium: " + e.getMessage());
    }
  }

  /** The Xen to play on, for a recording that was made on {@code recorded}, or a scenario that asks for it. */
  private Semantics instead(Semantics recorded) {
    Semantics semantics = release == null ? recorded : recorded.withRelease(release);
    semantics = profile == null ? semantics : semantics.withProfile(profile);
    return policy == null ? semantics : semantics.withPolicy(policy);
  }

  private void playScenario(Path file, PrintWriter out, PrintWriter err) {
    switch (new ScenarioRun(out, err, explain, quiet, this::instead).play(file)) {
      case ExitStatus.OK -> passed++;
      case ExitStatus.DIFFERENCE -> failed++;
      default -> unreadable++;
    }
  }

  private static void print(Path file, Difference difference, PrintWriter out) {
    out.println("  " + file + ":" + difference.line() + ": " + difference.operation());
    out.println("  " + difference.field() + ": expected " + difference.expected() + ", actual " + difference.actual());
    difference.decisions().forEach(decision -> out.println("  decided by " + decision));
    difference.state().forEach(line -> out.println("  " + line));
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

  private void summarise(PrintWriter out) {
    out.println("learned " + count(learned, "value"));
    if (unreadable > 0) {
      out.println(count(unreadable, "file") + " could not be read or played");
    }
    out.println(passed + " passed, " + failed + " failed");
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
