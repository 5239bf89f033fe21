package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.campaign.CampaignOptions;
import org.xenarium.scenarios.campaign.CampaignState;
import org.xenarium.scenarios.claim.Properties;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.RunFolder;
import org.xenarium.scenarios.campaign.StateFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
  private static final int MOVES = 200;

  @Spec private CommandSpec spec;

  @Option(names = "--property", paramLabel = "NAME", split = ",", description = "What is to hold; all properties without it. --list lists them.")
  private List<String> names = List.of();

  @Option(names = "--list", description = "List the properties and end.")
  private boolean lists;

  @Option(names = "--runs", paramLabel = "N", description = "How many runs; 10000 without it, or as many as there is time for.")
  private @Nullable Long runs;

  @Option(names = "--time", paramLabel = "TIME", converter = DurationConverter.class, description = "How long, such as 90s, 10m or 2h.")
  private @Nullable Duration time;

  @Option(names = "--moves", paramLabel = "N", description = "Moves of each run (${DEFAULT-VALUE}).")
  private int moves = MOVES;

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
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = {"-o", "--output"}, paramLabel = "FOLDER", description = "Where the folder of the campaign is made (${DEFAULT-VALUE}).")
  private Path output = Path.of("runs");

  @Option(names = "--resume", paramLabel = "FOLDER", description = "Go on with an interrupted campaign, with the options that it had.")
  private @Nullable Path resumed;

  @Option(names = "--junit", paramLabel = "FILE", description = "Write the verdicts to this file, too, in the XML format of JUnit.")
  private @Nullable Path junit;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (lists) {
      Properties.all().forEach(property -> out.println(String.format("%-26s %s", property.name(), property.statement())));
      return ExitStatus.OK;
    }
    CampaignRun run = new CampaignRun(out, spec.commandLine().getErr(), spec.root().version()[0]);
    try {
      if (resumed != null) {
        RunFolder folder = RunFolder.at(resumed);
        StateFile.Read read = folder.read();
        return run.run(read.options(), read.state(), folder, threads, time, junit);
      }
      CampaignOptions options = options();
      RunFolder folder = RunFolder.create(output, LocalDateTime.now(), seed);
      return run.run(options, new CampaignState(), folder, threads, time, junit);
    } catch (StateFile.FormatException e) {
      spec.commandLine().getErr().println("xenarium: " + e.getMessage());
      return ExitStatus.BAD_INPUT;
    }
  }

  private CampaignOptions options() {
    String[] parts = shard.split("/", -1);
    Semantics semantics = xen.instead(new Semantics(Release.V4_23_DEV, SecurityPolicy.DUMMY));
    try {
      long most = runs != null ? runs : time != null ? Long.MAX_VALUE / 2 : 10_000;
      return new CampaignOptions(seed, most, moves, Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), semantics, driver, chosen(), maxViolations);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new ParameterException(spec.commandLine(), "--shard: expected a part such as 1/4, found '" + shard + "'", e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private List<String> chosen() {
    List<String> all = Properties.all().stream().map(Property::name).toList();
    for (String name : names) {
      if (!all.contains(name)) {
        throw new IllegalArgumentException("--property: there is no property '" + name + "'; there are " + String.join(", ", all));
      }
    }
    return names.isEmpty() ? all : new ArrayList<>(names);
  }
}
