package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.report.WholeFile;

/**
 * A file that is written besides what is printed, where somebody asks for it. What keeps it from being written is told.
 *
 * @param path null where nobody asks
 */
record ReportFile(@Nullable Path path, PrintWriter err) {
  /** To be asked before what takes long. */
  boolean canBeWritten() {
    if (path == null) {
      return true;
    }
    try {
      WholeFile.check(path);
      return true;
    } catch (IOException e) {
      err.println("xenarium: " + WholeFile.problem(path, e));
      return false;
    }
  }

  boolean isWritten(String text) {
    if (path == null) {
      return true;
    }
    try {
      WholeFile.write(path, text);
      return true;
    } catch (IOException e) {
      err.println("xenarium: " + WholeFile.problem(path, e));
      return false;
    }
  }
}
