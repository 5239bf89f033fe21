package org.xenarium.scenarios.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code xenarium run}: plays scenarios and looks whether everything is as expected. */
@Command(
    name = "run",
    description = "Plays scenarios and looks whether everything is as they expect.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:everything is as expected",
      "1:an expectation is not met",
      "2:the command line or a scenario is wrong",
      "70:an error of xenarium itself"
    })
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE|FOLDER", description = "Scenarios (.yaml), or folders with scenarios in them or below.")
  private List<Path> paths = List.of();

  @Option(
      names = {"-v", "--verbose"},
      description = "Print every step: when it ended, who did it, what it gave back, and the rules that decided it.")
  private boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print only what is not as expected or cannot be read, and the summary.")
  private boolean quiet;

  private int passed;
  private int failed;
  private int unreadable;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      for (Path file : InputFiles.of(paths, InputFiles.SCENARIOS).files()) {
        switch (new ScenarioRun(out, err, verbose, quiet, UnaryOperator.identity()).play(file)) {
          case ExitStatus.OK -> passed++;
          case ExitStatus.DIFFERENCE -> failed++;
          default -> unreadable++;
        }
        Output.check(out);
      }
    } catch (InputFiles.NoFilesException e) {
      err.println("xenarium: " + e.getMessage());
      return ExitStatus.BAD_INPUT;
    }
    if (unreadable > 0) {
      out.println(unreadable + (unreadable == 1 ? " scenario" : " scenarios") + " could not be read or played");
    }
    out.println(passed + " passed, " + failed + " failed");
    return unreadable > 0 ? ExitStatus.BAD_INPUT : failed > 0 ? ExitStatus.DIFFERENCE : ExitStatus.OK;
  }
}
