package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.xenarium.scenarios.convert.ConversionException;
import org.xenarium.scenarios.recording.RecordingException;
import org.xenarium.scenarios.report.WholeFile;
import org.xenarium.scenarios.script.ScenarioException;
import picocli.CommandLine.Option;

/** The one file that a command makes of another one. */
final class OutputFile {
  @Option(names = {"-o", "--output"}, required = true, paramLabel = "FILE", description = "The file to write.")
  private Path file = Path.of("");

  /** Makes the file and gives the status to exit with. */
  interface Work {
    int write(Path file) throws ScenarioException, RecordingException, ConversionException, IOException;
  }

  /** Does the work; what is wrong with what it reads, or keeps it from being written, is told. */
  int written(PrintWriter err, Work work) {
    try {
      return work.write(file);
    } catch (ScenarioException e) {
      e.problems().forEach(problem -> err.println("xenarium: " + problem));
    } catch (RecordingException | ConversionException e) {
      err.println("xenarium: " + e.getMessage());
    } catch (IOException e) {
      err.println("xenarium: " + WholeFile.problem(file, e));
    }
    return ExitStatus.BAD_INPUT;
  }
}
