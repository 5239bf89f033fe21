package org.xenarium.scenarios.campaign;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.xenarium.scenarios.report.WholeFile;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioWriter;

/** The folder in which a campaign keeps what has come of it, and from which it goes on. */
public final class RunFolder {
  private static final String STATE = "state.tsv";
  private static final String LATEST = "latest";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Path folder;

  private RunFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * A new folder {@code <time>-<seed>}, to which {@code latest} points from now on.
   *
   * @param runs the folder in which it is made
   */
  public static RunFolder create(Path runs, LocalDateTime now, long seed) throws IOException {
    Files.createDirectories(runs);
    String name = TIME.format(now) + "-" + seed;
    Path folder = runs.resolve(name);
    for (int again = 2; !isCreated(folder); again++) {
      folder = runs.resolve(name + "-" + again);
    }
    pointTo(runs.resolve(LATEST), folder.getFileName());
    return new RunFolder(folder);
  }

  /** Shards are begun in the same second: whoever creates the folder has it. */
  private static boolean isCreated(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** A folder that was made before. */
  public static RunFolder at(Path folder) {
    return new RunFolder(folder);
  }

  /** Not every file system has links; without it nothing is lost. */
  private static void pointTo(Path link, Path target) throws IOException {
    try {
      if (Files.isSymbolicLink(link)) {
        Files.delete(link);
      }
      Files.createSymbolicLink(link, target);
    } catch (UnsupportedOperationException | FileSystemException e) {
      return;
    }
  }

  public Path path() {
    return folder;
  }

  /** Writes down how far the campaign is. */
  public void save(CampaignOptions options, CampaignState state) throws IOException {
    WholeFile.write(folder.resolve(STATE), String.join("\n", StateFile.lines(options, state)) + "\n");
  }

  /** How far the campaign is. */
  public StateFile.Read read() throws IOException, StateFile.FormatException {
    return StateFile.read(folder.resolve(STATE));
  }

  /** Writes a text for people, or for programs. */
  public void write(String name, String text) throws IOException {
    WholeFile.write(folder.resolve(name), text);
  }

  /** Where the counterexample of a violation is kept. */
  public Path counterexample(Violated violated) {
    return folder.resolve("counterexamples").resolve(violated.finding().what() + "-" + violated.run() + ".yaml");
  }

  /** Keeps the counterexample of a violation. */
  public void keep(Violated violated, Scenario scenario) throws IOException {
    Files.createDirectories(counterexample(violated).getParent());
    WholeFile.write(counterexample(violated), ScenarioWriter.write(scenario));
  }
}
