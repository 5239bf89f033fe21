package org.xenarium.scenarios.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.gnttab.driver.NoSuchCallException;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.play.UnplayableScenarioException;
import org.xenarium.scenarios.recording.RecordingException;
import org.xenarium.scenarios.replay.Difference;
import org.xenarium.scenarios.replay.Listener;
import org.xenarium.scenarios.replay.Replay;
import org.xenarium.scenarios.replay.UnplayableException;
import org.xenarium.scenarios.report.CoverageCsv;
import org.xenarium.scenarios.report.CoverageText;
import org.xenarium.scenarios.report.RuleCoverage;
import org.xenarium.scenarios.script.ScenarioException;
import org.xenarium.scenarios.script.ScenarioReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code xenarium coverage}: plays recordings and scenarios and counts the rules that decided in them. */
@Command(
    name = "coverage",
    description = "Plays recordings and scenarios and shows how often each rule decided, rules that were never reached first.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every file was played to its end",
      "1:an answer differs; its file counts up to there",
      "2:the command line or a file is wrong",
      "70:an error of xenarium itself"
    })
final class CoverageCommand implements Callable<Integer> {
  /** How the coverage is printed. */
  enum Format {
    text,
    csv
  }

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE|FOLDER", description = "Recordings (.jsonl) and scenarios (.yaml), or folders with such files in them or below.")
  private List<Path> paths = List.of();

  @Option(names = "--format", description = "text (default): for people. csv: all rules with their counts, for programs.")
  private Format format = Format.text;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print only the rules that were never reached, and the summary.")
  private boolean quiet;

  private final RuleCoverage coverage = new RuleCoverage();
  private int played;
  private int different;
  private int unreadable;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      InputFiles files = InputFiles.of(paths, InputFiles.BOTH);
      files.files().forEach(file -> play(file, err));
      if (!quiet) {
        files.leftOut().forEach(file -> err.println(file + InputFiles.LEFT_OUT));
      }
    } catch (InputFiles.NoFilesException e) {
      err.println("xenarium: " + e.getMessage());
      return ExitStatus.BAD_INPUT;
    }
    print(out);
    return unreadable > 0 ? ExitStatus.BAD_INPUT : different > 0 ? ExitStatus.DIFFERENCE : ExitStatus.OK;
  }

  private void play(Path file, PrintWriter err) {
    played++;
    if (InputFiles.ends(file, InputFiles.SCENARIOS)) {
      playScenario(file, err);
    } else {
      playRecording(file, err);
    }
  }

  private void playScenario(Path file, PrintWriter err) {
    try {
      Player.play(ScenarioReader.read(file), coverage).failure().ifPresent(failure -> {
        different++;
        err.println(
            file + ":" + failure.place() + ": " + failure.field() + ": expected " + failure.expected() + ", actual " + failure.actual()
                + "; counted up to here");
      });
    } catch (ScenarioException e) {
      unreadable++;
      e.problems().forEach(problem -> err.println("xenarium: " + problem));
    } catch (UnplayableScenarioException | NotEmulatedException | NoSuchCallException e) {
      unreadable++;
      err.println("xenarium: " + file + ": " + e.getMessage());
    }
  }

  private void playRecording(Path file, PrintWriter err) {
    try {
      Replay.play(file, Listener.NONE, UnaryOperator.identity(), coverage).difference().ifPresent(difference -> note(file, difference, err));
    } catch (RecordingException | UnplayableException e) {
      unreadable++;
      err.println("xenarium: " + e.getMessage());
    }
  }

  private void note(Path file, Difference difference, PrintWriter err) {
    different++;
    err.println(
        file + ":" + difference.line() + ": " + difference.field() + ": expected " + difference.expected() + ", actual " + difference.actual()
            + "; counted up to here");
  }

  private void print(PrintWriter out) {
    if (format == Format.csv) {
      CoverageCsv.print(coverage, out);
      return;
    }
    CoverageText text = new CoverageText(coverage, out);
    if (quiet) {
      text.printMissed();
    } else {
      text.print();
    }
    if (different + unreadable > 0) {
      out.println(files(different + unreadable) + " could not be played to the end");
    }
    out.println(text.total() + " in " + files(played));
  }

  private static String files(int number) {
    return number + (number == 1 ? " file" : " files");
  }
}
