package org.xenarium.scenarios.campaign;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.report.Reason;
import org.xenarium.scenarios.report.WholeFile;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioWriter;

/**
 * The folder in which a campaign keeps what has come of it, and from which it goes on. The campaign that plays has it for itself until it is
 * closed; a process that ends, however it does, leaves the file of the lock behind but not the lock.
 */
public final class RunFolder implements AutoCloseable {
  private static final String STATE = "state.tsv";
  private static final String LOCK = "lock";
  private static final String LATEST = "latest";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Path folder;

  /** Holds the lock as long as it is open; null for who only reads. */
  private final @Nullable FileChannel lock;

  private RunFolder(Path folder, @Nullable FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** Another campaign has the folder at the moment. */
  public static final class BusyException extends Exception {
    private static final long serialVersionUID = 1;

    BusyException(Path folder) {
      super(folder + ": another process goes on with this campaign at the moment");
    }
  }

  /**
   * A new folder {@code <time>-<seed>}, to which {@code latest} points from now on.
   *
   * @param runs the folder in which it is made
   */
  public static RunFolder create(Path runs, LocalDateTime now, long seed) throws IOException, BusyException {
    Files.createDirectories(runs);
    String name = TIME.format(now) + "-" + seed;
    Path folder = runs.resolve(name);
    for (int again = 2; !isCreated(folder); again++) {
      folder = runs.resolve(name + "-" + again);
    }
    pointTo(runs.resolve(LATEST), folder.getFileName());
    return locked(folder);
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

  /** A folder that was made before, to look what is in it. */
  public static RunFolder at(Path folder) {
    return new RunFolder(folder, null);
  }

  /**
   * A folder that was made before, to go on with its campaign. A link such as {@code latest} may point elsewhere meanwhile; so what is locked and
   * written is the folder to which it points now.
   *
   * @throws BusyException if somebody else does
   */
  public static RunFolder open(Path folder) throws IOException, BusyException {
    return locked(folder.toRealPath());
  }

  private static RunFolder locked(Path folder) throws IOException, BusyException {
    FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!takes(channel)) {
      channel.close();
      throw new BusyException(folder);
    }
    return new RunFolder(folder, channel);
  }

  /** Whether nobody else had the lock; then we have it. */
  private static boolean takes(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
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

  /**
   * How far the campaign is.
   *
   * @param known names of the properties that there are
   */
  public StateFile.Read read(Collection<String> known) throws IOException, StateFile.FormatException {
    return StateFile.read(folder.resolve(STATE), known);
  }

  /** Why {@link #read} fails on that folder. */
  public static String problem(Path folder, IOException e) {
    if (!Files.isDirectory(folder)) {
      return folder + ": expected the folder of a campaign, found no folder";
    }
    return e instanceof NoSuchFileException ? folder + ": expected the folder of a campaign, found no " + STATE + " in it"
        : folder.resolve(STATE) + ": cannot be read: " + Reason.of(e);
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
