package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.xenarium.scenarios.replay.Library;

/** Recordings of the library, whole or spoilt, in a folder of a test. */
final class Recordings {
  /** Fifteen operations of one domain that maps a page of its own, unmaps it, and unmaps it again in vain. */
  static final Path SMALL = Library.ARM.resolve("single-map-unmap-round-trip.jsonl");

  private Recordings() {}

  /** Copies it under a new name. */
  static Path copy(Path recording, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    return Files.copy(recording, to);
  }

  /** A copy of {@link #SMALL} in which a part of one line, counted from 1, is replaced. */
  static Path spoil(Path to, int line, String part, String instead) throws IOException {
    List<String> lines = Files.readAllLines(SMALL);
    String spoilt = lines.get(line - 1).replace(part, instead);
    if (spoilt.equals(lines.get(line - 1))) {
      throw new IllegalArgumentException("line " + line + " has no " + part);
    }
    lines.set(line - 1, spoilt);
    return Files.write(to, lines);
  }
}
