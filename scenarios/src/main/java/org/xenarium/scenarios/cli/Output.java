package org.xenarium.scenarios.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Standard output: buffered, in the encoding of the terminal, and aware of a reader that goes away. */
final class Output {
  private final PrintWriter writer = new PrintWriter(new FileOutputStream(FileDescriptor.out), false, charset());

  private static Charset charset() {
    return Charset.forName(System.getProperty("stdout.encoding", "UTF-8"), Charset.defaultCharset());
  }

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
