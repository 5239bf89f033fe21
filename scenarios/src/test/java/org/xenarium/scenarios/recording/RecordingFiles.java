package org.xenarium.scenarios.recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small recordings for tests. */
final class RecordingFiles {
  /** Two domains, the machine address of one known. */
  static final String ARM_HEADER = """
      {"recording": 1, "title": "a title", "source": "Xen 4.17.7 (Debian, debug=n), arm64", "xsm": "dummy", "domains": [1, 2], \
      "ram_base": "0x40000000", "ram_kib": 16384, "vcpus": 1, "max_grant_frames": 64, "max_maptrack_frames": 1024, \
      "machine_ram_base": {"1": "0x41000000"}}
      """;

  /** Domain 0 with one vCPU, domain 1 with two. */
  static final String CORE_HEADER = """
      {"trace":"t","seed":7,"opt_max_version":2,"preempt":0,"domains":[\
      {"id":0,"priv":1,"vcpus":1,"max_version":1,"max_grant_frames":4,"max_maptrack_frames":0,\
      "pages":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16],\
      "p2m":[[262144,1,1],[36864,36864,3]]},\
      {"id":1,"priv":0,"vcpus":2,"max_version":2,"max_grant_frames":2,"max_maptrack_frames":1,\
      "pages":[21,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16],\
      "p2m":[]}]}
      """;

  private RecordingFiles() {}

  static Path write(Path folder, String text) {
    return write(folder, text.getBytes(StandardCharsets.UTF_8));
  }

  static Path write(Path folder, byte[] bytes) {
    try {
      return Files.write(folder.resolve("f.jsonl"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens the file and reads all of it; how many operations it holds. */
  static int readAll(Path file) throws RecordingException {
    int lines = 0;
    try (RecordingReader reader = RecordingReader.open(file)) {
      switch (reader) {
        case ArmReader arm -> {
          for (ArmLine line = new ArmLine(); arm.next(line); ) {
            lines++;
          }
        }
        case CoreReader core -> {
          for (CoreLine line = new CoreLine(); core.next(line); ) {
            lines++;
          }
        }
      }
    }
    return lines;
  }

  /** What reading the text complains about, the file being called {@code f}; "none" if it does not. */
  static String problem(Path folder, String text) {
    return problem(folder, text.getBytes(StandardCharsets.UTF_8));
  }

  static String problem(Path folder, byte[] bytes) {
    Path file = write(folder, bytes);
    try {
      readAll(file);
      return "none";
    } catch (RecordingException e) {
      return String.valueOf(e.getMessage()).replace(file.toString(), "f");
    }
  }

  /** What reading these operation lines behind a good header complains about. */
  static String armProblem(Path folder, String... lines) {
    return problem(folder, ARM_HEADER + String.join("\n", lines) + "\n");
  }

  static String coreProblem(Path folder, String... lines) {
    return problem(folder, CORE_HEADER + String.join("\n", lines) + "\n");
  }
}
