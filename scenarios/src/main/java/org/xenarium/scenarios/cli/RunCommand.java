package org.xenarium.scenarios.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "2:the command line or a scenario is wrong, or the output cannot be written",
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

  @Mixin private final OtherXen xen = new OtherXen();
  @Mixin private final Verdicts verdicts = new Verdicts();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    ScenarioRun run = new ScenarioRun(out, err, verbose, quiet, xen::instead, verdicts);
    try {
      InputFiles files = InputFiles.of(paths, InputFiles.SCENARIOS);
      if (!verdicts.canBeWritten(err)) {
        return ExitStatus.BAD_INPUT;
      }
      for (Path file : files.files()) {
        if (InputFiles.ends(file, InputFiles.RECORDINGS)) {
          refuseRecording(file, err);
        } else {
          run.play(file);
        }
        Output.check(out);
      }
      if (!quiet) {
        files.leftOut().forEach(file -> err.println(file + InputFiles.LEFT_OUT));
      }
    } catch (InputFiles.NoFilesException e) {
      err.println("xenarium: " + e.getMessage());
      return ExitStatus.BAD_INPUT;
    }
    return verdicts.close("scenario", out, err);
  }

  private void refuseRecording(Path file, PrintWriter err) {
    String problem = InputFiles.notScenario(file);
    verdicts.refuse(file, List.of(problem));
    err.println("xenarium: " + problem);
  }
}
