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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Option(names = {"-o", "--output"}, required = true, paramLabel = "FILE", description = "The scenario or recording to write.")
  private Path output = Path.of("");

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      if (!InputFiles.ends(file, InputFiles.SCENARIOS)) {
        WholeFile.write(output, ScenarioWriter.write(RecordingToScenario.convert(file)));
        return ExitStatus.OK;
      }
      Outcome outcome = ScenarioToRecording.record(file.toString(), ScenarioReader.read(file), output, true);
      @Nullable Failure failure = outcome.failure().orElse(null);
      if (failure != null) {
        err.println("xenarium: " + file + ":" + failure.place() + ": an expectation is not met: " + failure.field() + ": expected "
            + failure.expected() + ", actual " + failure.actual());
        return ExitStatus.DIFFERENCE;
      }
      return ExitStatus.OK;
    } catch (ScenarioException e) {
      e.problems().forEach(problem -> err.println("xenarium: " + problem));
    } catch (RecordingException | ConversionException e) {
      err.println("xenarium: " + e.getMessage());
    } catch (IOException e) {
      err.println("xenarium: " + WholeFile.problem(output, e));
    }
    return ExitStatus.BAD_INPUT;
  }
}
