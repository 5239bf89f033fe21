package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.campaign.Campaign;
import org.xenarium.scenarios.campaign.CampaignOptions;
import org.xenarium.scenarios.campaign.CampaignState;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.RunFolder;
import org.xenarium.scenarios.campaign.StateFile;
import org.xenarium.scenarios.claim.Properties;
import org.xenarium.scenarios.recording.Spelling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code xenarium check}: a campaign of random runs. */
@Command(
    name = "check",
    description = "Plays many random runs and looks whether properties hold in all of them.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:the properties held in all runs",
      "1:a property is violated",
      "2:the command line or a folder is wrong",
      "3:undecided: it was interrupted, or the time was up before all runs were done",
      "70:an error of xenarium itself"
    })
final class CheckCommand implements Callable<Integer> {
  private static final long RUNS = 10_000;
  private static final Pattern SHARD = Pattern.compile("([0-9]{1,9})/([0-9]{1,9})");

  /** What may be said when a campaign is gone on with. */
  private static final List<String> GOING_ON = List.of("--resume", "--time", "--threads", "--junit");

  @Spec private CommandSpec spec;

  /** What is said instead of a name when nothing is to hold. */
  private static final String NONE = "none";

  @Option(names = "--property", paramLabel = "NAME", split = ",",
      description = "What is to hold; all properties without it; none: only count what is reached. --list lists them.")
  private List<String> names = List.of();

  @Option(names = "--list", description = "List the properties and end.")
  private boolean lists;

  @Option(names = "--runs", paramLabel = "N", description = "How many runs; 10000 without it, or as many as there is time for.")
  private @Nullable Long runs;

  @Option(names = "--time", paramLabel = "TIME", converter = DurationConverter.class, description = "How long, such as 90s, 10m or 2h.")
  private @Nullable Duration time;

  @Option(names = "--moves", paramLabel = "N", description = "Moves of each run (${DEFAULT-VALUE}).")
  private int moves = CampaignOptions.MOVES;

  @Option(names = "--seed", paramLabel = "S", description = "Seed of everything that is drawn (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--shard", paramLabel = "I/N", description = "Do only the Ith of N parts of the runs; 'xenarium merge' joins them.")
  private String shard = "1/1";

  @Option(names = "--driver", paramLabel = "VERSION", description = "The guests' driver: ${COMPLETION-CANDIDATES}.")
  private DriverVersion driver = DriverVersion.CONTRACT;

  @Mixin private OtherXen xen = new OtherXen();

  @Option(names = "--max-violations", paramLabel = "N", description = "Different violations after which it ends (${DEFAULT-VALUE}).")
  private int maxViolations = 1;

  @Option(names = "--threads", paramLabel = "N", description = "Threads; one for each processor without it.")
  private int threads = Math.min(Runtime.getRuntime().availableProcessors(), Campaign.MOST_THREADS);

  @Option(names = {"-o", "--output"}, paramLabel = "FOLDER", description = "Where the folder of the campaign is made (${DEFAULT-VALUE}).")
  private Path output = Path.of("runs");

  @Option(names = "--resume", paramLabel = "FOLDER", description = "Go on with an interrupted campaign, with the options that it had.")
  private @Nullable Path resumed;

  @Option(names = "--junit", paramLabel = "FILE", description = "Write the verdicts to this file, too, in the XML format of JUnit.")
  private @Nullable Path junit;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (lists) {
      Properties.all().forEach(property -> out.println(String.format("%-27s %s", property.name(), property.statement())));
      return ExitStatus.OK;
    }
    if (threads < 1 || threads > Campaign.MOST_THREADS) {
      throw wrong("--threads: expected a number from 1 to " + Campaign.MOST_THREADS + ", found " + threads);
    }
    CampaignRun run = new CampaignRun(out, spec.commandLine().getErr(), spec.root().version()[0]);
    return resumed != null ? goOn(run, resumed) : begin(run);
  }

  private int begin(CampaignRun run) throws InterruptedException {
    CampaignOptions options = options();
    try {
      return run.run(options, new CampaignState(), RunFolder.create(output, LocalDateTime.now(), seed), threads, time, junit);
    } catch (IOException e) {
      return unusable(output + ": cannot be written: " + reason(output, e));
    }
  }

  private int goOn(CampaignRun run, Path folder) throws InterruptedException {
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (!GOING_ON.contains(option.longestName())) {
        throw wrong("--resume goes on with the options that the campaign had: " + option.longestName() + " cannot be given again");
      }
    }
    StateFile.Read read;
    try {
      read = RunFolder.at(folder).read();
      Properties.named(read.options().properties());
    } catch (IOException e) {
      return unusable(folder + ": expected the folder of a campaign, found no state.tsv that can be read");
    } catch (StateFile.FormatException e) {
      return unusable(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return unusable(folder + ": " + e.getMessage());
    }
    try {
      return run.run(read.options(), read.state(), RunFolder.at(folder), threads, time, junit);
    } catch (IOException e) {
      return unusable(folder + ": cannot be written: " + reason(folder, e));
    }
  }

  private int unusable(String problem) {
    spec.commandLine().getErr().println("xenarium: " + problem);
    return ExitStatus.BAD_INPUT;
  }

  private ParameterException wrong(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  private static String reason(Path folder, IOException e) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      return "it is no folder";
    }
    String why = e instanceof FileSystemException problem ? problem.getReason() : null;
    return e instanceof AccessDeniedException ? "permission denied" : why != null ? why : String.valueOf(e.getMessage());
  }

  private CampaignOptions options() {
    Matcher parts = SHARD.matcher(shard);
    if (!parts.matches()) {
      throw wrong("--shard: expected a part such as 1/4, found '" + shard + "'");
    }
    Semantics semantics = xen.instead(new Semantics(Release.V4_23_DEV, SecurityPolicy.DUMMY));
    try {
      long most = runs != null ? runs : time != null ? CampaignOptions.NO_END : RUNS;
      return new CampaignOptions(
          seed, most, moves, Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), semantics, driver, chosen(), maxViolations);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  private List<String> chosen() {
    List<String> all = Properties.all().stream().map(Property::name).toList();
    if (names.equals(List.of(NONE))) {
      return List.of();
    }
    for (String name : names) {
      if (!all.contains(name)) {
        String near = Spelling.nearest(name, all);
        throw wrong("--property: there is no property '" + name + "'"
            + (near == null ? "; --list lists those that there are" : "; did you mean '" + near + "'?"));
      }
    }
    return names.isEmpty() ? all : new ArrayList<>(names);
  }
}
