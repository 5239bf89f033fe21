package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.convert.ConversionException;
import org.xenarium.scenarios.convert.RecordingToScenario;
import org.xenarium.scenarios.convert.ScenarioToRecording;
import org.xenarium.scenarios.play.Failure;
import org.xenarium.scenarios.play.Outcome;
import org.xenarium.scenarios.recording.RecordingException;
import org.xenarium.scenarios.report.WholeFile;
import org.xenarium.scenarios.script.ScenarioException;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.ScenarioWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code xenarium convert}: a recording as a scenario, or a scenario as a recording. */
@Command(
    name = "convert",
    description = "Turns a recording into a scenario, or a scenario whose expectations are met into a recording.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:the output is written",
      "1:an expectation of the scenario is not met; nothing is written",
      "2:the command line or the file is wrong, it cannot be converted, or the output cannot be written",
      "70:an error of xenarium itself"
    })
final class ConvertCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A recording (.jsonl) or a scenario (.yaml).")
  private Path file = Path.of("");

  @Mixin private final OutputFile output = new OutputFile();

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    return output.written(err, to -> InputFiles.ends(file, InputFiles.SCENARIOS) ? record(to, err) : describe(to));
  }

  private int describe(Path to) throws RecordingException, ConversionException, IOException {
    WholeFile.write(to, ScenarioWriter.write(RecordingToScenario.convert(file)));
    return ExitStatus.OK;
  }

  private int record(Path to, PrintWriter err) throws ScenarioException, ConversionException, IOException {
    Outcome outcome = ScenarioToRecording.record(file.toString(), ScenarioReader.read(file), to, true);
    @Nullable Failure failure = outcome.failure().orElse(null);
    if (failure == null) {
      return ExitStatus.OK;
    }
    err.println("xenarium: " + file + ":" + failure.place() + ": an expectation is not met: " + failure.field() + ": expected "
        + failure.expected() + ", actual " + failure.actual());
    return ExitStatus.DIFFERENCE;
  }
}
