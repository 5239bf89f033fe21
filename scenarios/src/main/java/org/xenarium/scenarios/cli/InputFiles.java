package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.xenarium.scenarios.report.Reason;

/**
 * The files that paths on the command line name: a file stands for itself, a folder for all files in it and below whose names end as wanted,
 * in the order of their paths.
 *
 * @param files what is to be played
 * @param leftOut files in the folders that are nothing that can be played
 */
record InputFiles(List<Path> files, List<Path> leftOut) {
  /** Endings of the names of recordings. */
  static final List<String> RECORDINGS = List.of(".jsonl");

  /** Endings of the names of scenarios. */
  static final List<String> SCENARIOS = List.of(".yaml", ".yml");

  /** Endings of both. */
  static final List<String> BOTH = List.of(".jsonl", ".yaml", ".yml");

  /** What is said of a file that was passed over. */
  static final String LEFT_OUT = ": left out, it is neither a recording (.jsonl) nor a scenario (.yaml)";

  /** What lies beside them: pages to be read by people, and the schema. */
  private static final List<String> BESIDE = List.of(".md", ".schema.json");

  /** A path that names no file to play. */
  static final class NoFilesException extends Exception {
    private static final long serialVersionUID = 1L;

    NoFilesException(Path path, String problem) {
      super(path + ": " + problem);
    }
  }

  static InputFiles of(List<Path> paths, List<String> endings) throws NoFilesException {
    List<Path> files = new ArrayList<>();
    List<Path> leftOut = new ArrayList<>();
    for (Path path : paths) {
      if (path.toString().isEmpty()) {
        throw new NoFilesException(path, "expected a file or folder, found an empty name");
      }
      if (!Files.exists(path)) {
        throw new NoFilesException(path, "there is no such file or folder");
      }
      if (!Files.isDirectory(path)) {
        files.add(path);
      } else if (!addFolder(path, endings, files, leftOut)) {
        throw new NoFilesException(path, "expected " + wanted(endings) + " in this folder or below, found none");
      }
    }
    return new InputFiles(files, leftOut);
  }

  private static String wanted(List<String> endings) {
    return endings.equals(RECORDINGS) ? "recordings (.jsonl)" : endings.equals(SCENARIOS) ? "scenarios (.yaml)" : "recordings (.jsonl) or scenarios (.yaml)";
  }

  private static boolean addFolder(Path folder, List<String> endings, List<Path> files, List<Path> leftOut) throws NoFilesException {
    int before = files.size();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(path -> !Files.isDirectory(path))
          .sorted(Comparator.comparing(Path::toString))
          .filter(path -> !ends(path, BESIDE))
          .filter(path -> ends(path, endings) || !ends(path, BOTH))
          .forEach(path -> (ends(path, endings) ? files : leftOut).add(path));
    } catch (UncheckedIOException e) {
      throw new NoFilesException(folder, "cannot be read: " + Reason.of(e));
    } catch (IOException e) {
      throw new NoFilesException(folder, "cannot be read: " + Reason.of(e));
    }
    return files.size() > before;
  }

  /** What is said of a recording where a scenario is wanted. */
  static String notScenario(Path file) {
    return file + ": a recording, not a scenario; try '" + Shell.command("replay", file) + "'";
  }

  /** Does the name of the file end in one of these ways? */
  static boolean ends(Path file, List<String> endings) {
    return endings.stream().anyMatch(ending -> file.toString().endsWith(ending));
  }
}
