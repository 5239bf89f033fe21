package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The recordings that paths on the command line name: a file stands for itself, a folder for all {@code .jsonl} files in it and below, in
 * the order of their paths.
 *
 * @param recordings what is to be played
 * @param leftOut other files that lie in the folders, documentation apart
 */
record RecordingFiles(List<Path> recordings, List<Path> leftOut) {
  private static final String EXTENSION = ".jsonl";

  /** What lies beside recordings to be read by people. */
  private static final String DOCUMENTATION = ".md";

  /** A path that names no recording. */
  static final class NoRecordingsException extends Exception {
    private static final long serialVersionUID = 1;

    NoRecordingsException(Path path, String problem) {
      super(path + ": " + problem);
    }
  }

  static RecordingFiles of(List<Path> paths) throws NoRecordingsException {
    List<Path> recordings = new ArrayList<>();
    List<Path> leftOut = new ArrayList<>();
    for (Path path : paths) {
      if (path.toString().isEmpty()) {
        throw new NoRecordingsException(path, "expected a file or folder, found an empty name");
      }
      if (!Files.exists(path)) {
        throw new NoRecordingsException(path, "there is no such file or folder");
      }
      if (!Files.isDirectory(path)) {
        recordings.add(path);
      } else if (!addFolder(path, recordings, leftOut)) {
        throw new NoRecordingsException(path, "expected recordings (" + EXTENSION + ") in this folder or below, found none");
      }
    }
    return new RecordingFiles(recordings, leftOut);
  }

  private static boolean addFolder(Path folder, List<Path> recordings, List<Path> leftOut) throws NoRecordingsException {
    int before = recordings.size();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(path -> !Files.isDirectory(path))
          .sorted(Comparator.comparing(Path::toString))
          .filter(path -> !path.toString().endsWith(DOCUMENTATION))
          .forEach(path -> (path.toString().endsWith(EXTENSION) ? recordings : leftOut).add(path));
    } catch (IOException | UncheckedIOException e) {
      throw new NoRecordingsException(folder, "cannot be read: " + e.getMessage());
    }
    return recordings.size() > before;
  }
}
