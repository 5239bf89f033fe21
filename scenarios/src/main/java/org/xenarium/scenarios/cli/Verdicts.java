package org.xenarium.scenarios.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.report.JUnitReport;
import picocli.CommandLine.Option;

/** What became of each file of a call: counted, and reported where that is asked for. */
final class Verdicts {
  @Option(names = "--junit", paramLabel = "FILE", description = "Write the verdicts to this file, too, in the XML format of JUnit.")
  private @Nullable Path file;

  private final JUnitReport report = new JUnitReport("xenarium");
  private int passed;
  private int failed;
  private int unreadable;

  /** Whether the report can be written; if not, that is told. To be asked before anything is played. */
  boolean canBeWritten(PrintWriter err) {
    return new ReportFile(file, err).canBeWritten();
  }

  void pass(Path played) {
    passed++;
    report.passed(played);
  }

  /** {@code difference} is the line that tells what was expected, {@code details} are all lines. */
  void fail(Path played, String difference, List<String> details) {
    failed++;
    report.failed(played, difference, details);
  }

  void refuse(Path played, List<String> problems) {
    unreadable++;
    report.unreadable(played, problems);
  }

  /** Prints the sums, writes the report, and gives the status to exit with; {@code one} of the files is called so. */
  int close(String one, PrintWriter out, PrintWriter err) {
    if (unreadable > 0) {
      out.println(unreadable + " " + one + (unreadable == 1 ? "" : "s") + " could not be read or played");
    }
    out.println(passed + " passed, " + failed + " failed");
    if (!new ReportFile(file, err).isWritten(report.text())) {
      return ExitStatus.BAD_INPUT;
    }
    return unreadable > 0 ? ExitStatus.BAD_INPUT : failed > 0 ? ExitStatus.DIFFERENCE : ExitStatus.OK;
  }
}
