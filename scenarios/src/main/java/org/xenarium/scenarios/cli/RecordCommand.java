package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.xenarium.scenarios.convert.ConversionException;
import org.xenarium.scenarios.convert.ScenarioToRecording;
import org.xenarium.scenarios.play.Outcome;
import org.xenarium.scenarios.script.ScenarioException;
import org.xenarium.scenarios.script.ScenarioReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code xenarium record}: plays a scenario and writes down what happened. */
@Command(
    name = "record",
    description = "Plays a scenario and writes what happened as a recording, with the rules that decided.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:the recording is written",
      "1:the recording is written, though an expectation of the scenario is not met",
      "2:the command line or the scenario is wrong, it cannot be recorded, or the output cannot be written",
      "70:an error of xenarium itself"
    })
final class RecordCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SCENARIO", description = "A scenario (.yaml).")
  private Path scenario = Path.of("");

  @Mixin private final OutputFile output = new OutputFile();

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    if (InputFiles.ends(scenario, InputFiles.RECORDINGS)) {
      err.println("xenarium: " + InputFiles.notScenario(scenario));
      return ExitStatus.BAD_INPUT;
    }
    return output.written(err, to -> record(to, err));
  }

  private int record(Path to, PrintWriter err) throws ScenarioException, ConversionException, IOException {
    Outcome outcome = ScenarioToRecording.record(scenario.toString(), ScenarioReader.read(scenario), to, false);
    if (!outcome.passed()) {
      err.println("xenarium: " + scenario + ": recorded, though an expectation of the scenario is not met");
    }
    return outcome.passed() ? ExitStatus.OK : ExitStatus.DIFFERENCE;
  }
}
