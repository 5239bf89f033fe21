package org.xenarium.scenarios.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The recordings that belong to the sources. */
public final class Library {
  /** The build starts the tests in the module's folder or says where it is. */
  public static final Path FOLDER = Path.of(System.getProperty("basedir", "")).resolve("library").toAbsolutePath();

  public static final Path ARM = FOLDER.resolve("xen-4.17-arm64");
  public static final Path MORE = FOLDER.resolve("xen-4.17-arm64-more");
  public static final Path CORE = FOLDER.resolve("xen-core");

  private Library() {}

  /** All recordings in a folder of the library or below, in the order of their names. */
  public static List<Path> recordings(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How tests call a recording: its path in the library, the same on all machines. */
  public static String name(Path recording) {
    return FOLDER.relativize(recording).toString().replace('\\', '/');
  }
}
