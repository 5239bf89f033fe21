package org.xenarium.scenarios.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;

/** Standard output: buffered, in UTF-8 whatever the locale, and aware of a reader that goes away. */
final class Output {
  private final PrintWriter writer = new PrintWriter(new FileOutputStream(FileDescriptor.out), false, UTF_8);

  PrintWriter writer() {
    return writer;
  }

  /** Fails when what was printed so far could not be written. */
  static void check(PrintWriter writer) {
    if (writer.checkError()) {
      throw new OutputClosedException();
    }
  }

  /** Writes the rest; the status to exit with. */
  int close(int status) {
    if (!writer.checkError()) {
      return status;
    }
    System.err.println("xenarium: standard output was closed before everything was written");
    return ExitStatus.BAD_INPUT;
  }
}
