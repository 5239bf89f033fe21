package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.campaign.Campaign;
import org.xenarium.scenarios.campaign.CampaignOptions;
import org.xenarium.scenarios.campaign.CampaignState;
import org.xenarium.scenarios.campaign.RunFolder;
import org.xenarium.scenarios.campaign.StateFile;
import org.xenarium.scenarios.claim.Properties;
import org.xenarium.scenarios.report.Reason;
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

  @Option(names = "--property", paramLabel = "NAME[,NAME...]",
      description = "What is to hold; all properties without it; none: only count what is reached. --list lists them.")
  private List<String> names = List.of();

  @Option(names = "--list", description = "List the properties and end.")
  private boolean lists;

  @Option(names = "--runs", paramLabel = "N", converter = NumberConverter.OfRuns.class,
      description = "How many runs; 10000 without it, or as many as there is time for.")
  private @Nullable Long runs;

  @Option(names = "--time", paramLabel = "TIME", converter = DurationConverter.class, description = "How long, such as 90s, 10m or 2h.")
  private @Nullable Duration time;

  @Option(names = "--moves", paramLabel = "N", converter = NumberConverter.OfCount.class, description = "Moves of each run (${DEFAULT-VALUE}).")
  private long moves = CampaignOptions.MOVES;

  @Option(names = "--seed", paramLabel = "S", converter = NumberConverter.OfSeed.class,
      description = "Seed of everything that is drawn (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--shard", paramLabel = "I/N", description = "Do only the Ith of N parts of the runs; 'xenarium merge' joins them.")
  private String shard = "1/1";

  @Option(names = "--driver", paramLabel = "VERSION", description = "The guests' driver: ${COMPLETION-CANDIDATES}.")
  private DriverVersion driver = DriverVersion.CONTRACT;

  @Mixin private ChosenXen xen = new ChosenXen();

  @Option(names = "--max-violations", paramLabel = "N", converter = NumberConverter.OfCount.class,
      description = "Different violations after which it ends (${DEFAULT-VALUE}).")
  private long maxViolations = 1;

  @Option(names = "--threads", paramLabel = "N", converter = NumberConverter.OfThreads.class,
      description = "Threads; one for each processor without it.")
  private long threads = Math.min(Runtime.getRuntime().availableProcessors(), Campaign.MOST_THREADS);

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
    if (resumed != null) {
      refuseWhatIsNotOfGoingOn();
    }
    CampaignOptions options = options();
    if (!new ReportFile(junit, spec.commandLine().getErr()).canBeWritten()) {
      return ExitStatus.BAD_INPUT;
    }
    try {
      return resumed != null ? goOn(resumed) : begin(options);
    } catch (RunFolder.BusyException e) {
      return unusable(String.valueOf(e.getMessage()));
    }
  }

  private int begin(CampaignOptions options) throws InterruptedException, RunFolder.BusyException {
    try (RunFolder folder = RunFolder.create(output, LocalDateTime.now(), seed)) {
      return run(options, new CampaignState(), folder);
    } catch (IOException e) {
      return unusable(output + ": cannot be written: " + reason(output, e));
    }
  }

  private int run(CampaignOptions options, CampaignState state, RunFolder folder) throws IOException, InterruptedException {
    CampaignRun run = new CampaignRun(spec.commandLine().getOut(), spec.commandLine().getErr());
    return run.run(options, state, folder, (int) threads, time, junit);
  }

  private void refuseWhatIsNotOfGoingOn() {
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (!GOING_ON.contains(option.longestName())) {
        throw wrong("--resume goes on with the options that the campaign had: " + option.longestName() + " cannot be given again");
      }
    }
  }

  /** What is read before the folder is opened only shows that it is one of a campaign: others may be at work there until then. */
  private int goOn(Path path) throws InterruptedException, RunFolder.BusyException {
    try {
      RunFolder.at(path).read(PropertyNames.all());
    } catch (IOException e) {
      return unusable(RunFolder.problem(path, e));
    } catch (StateFile.FormatException e) {
      return unusable(String.valueOf(e.getMessage()));
    }
    try (RunFolder folder = RunFolder.open(path)) {
      StateFile.Read read = folder.read(PropertyNames.all());
      return run(read.options(), read.state(), folder);
    } catch (IOException e) {
      return unusable(path + ": cannot be written: " + reason(path, e));
    } catch (StateFile.FormatException e) {
      return unusable(String.valueOf(e.getMessage()));
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
    return Files.exists(folder) && !Files.isDirectory(folder) ? "it is no folder"
        : e instanceof NoSuchFileException ? "no folder can be made there"
        : Reason.of(e);
  }

  private CampaignOptions options() {
    Matcher parts = SHARD.matcher(shard);
    if (!parts.matches()) {
      throw wrong("--shard: expected a part such as 1/4, found '" + shard + "'");
    }
    try {
      long most = runs != null ? runs : time != null ? CampaignOptions.NO_END : RUNS;
      return new CampaignOptions(seed, most, (int) moves, Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), xen.semantics(), driver,
          PropertyNames.of(names), (int) maxViolations);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
