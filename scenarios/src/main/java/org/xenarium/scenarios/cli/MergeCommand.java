package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.campaign.CampaignOptions;
import org.xenarium.scenarios.campaign.CampaignState;
import org.xenarium.scenarios.campaign.CoverageReport;
import org.xenarium.scenarios.campaign.RunFolder;
import org.xenarium.scenarios.campaign.StateFile;
import org.xenarium.scenarios.campaign.Violated;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code xenarium merge}: the shards of a campaign as a whole. */
@Command(
    name = "merge",
    description = "Joins what the shards of a campaign have found and reached.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:the properties held in all runs of all shards",
      "1:a property is violated",
      "2:a folder is wrong, or they are no shards of one campaign",
      "3:undecided: a shard is missing or not done",
      "70:an error of xenarium itself"
    })
final class MergeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FOLDER", description = "The folders of the shards.")
  private List<Path> folders = List.of();

  @Option(names = "--coverage", paramLabel = "FILE", description = "Write what all of them have reached to this file, what was not reached first.")
  private @Nullable Path coverage;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<StateFile.Read> shards = new ArrayList<>();
    List<Path> places = new ArrayList<>();
    for (Path folder : folders) {
      try {
        places.add(folder.toRealPath());
        shards.add(RunFolder.at(folder).read(PropertyNames.all()));
      } catch (IOException e) {
        err.println("xenarium: " + RunFolder.problem(folder, e));
        return ExitStatus.BAD_INPUT;
      } catch (StateFile.FormatException e) {
        err.println("xenarium: " + e.getMessage());
        return ExitStatus.BAD_INPUT;
      }
    }
    String problem = problem(shards);
    if (!problem.isEmpty()) {
      err.println("xenarium: " + problem);
      return ExitStatus.BAD_INPUT;
    }
    return print(shards, places, out, err);
  }

  private String problem(List<StateFile.Read> shards) {
    TreeSet<Integer> seen = new TreeSet<>();
    for (int i = 0; i < shards.size(); i++) {
      CampaignOptions options = shards.get(i).options();
      if (!options.belongsTo(shards.get(0).options())) {
        return folders.get(i) + ": a shard of another campaign than " + folders.get(0) + ": seed, runs, moves, Xen, driver or properties differ";
      }
      if (!seen.add(options.shard())) {
        return folders.get(i) + ": shard " + options.shard() + " is there twice";
      }
    }
    return "";
  }

  /** The file that shows it, in the folder of whoever has found it. */
  private static Optional<Path> counterexample(List<Path> places, Violated violated) {
    return places.stream().map(folder -> RunFolder.at(folder).counterexample(violated)).filter(Files::exists).findFirst();
  }

  /** Commands name the folders themselves: links to them may point elsewhere when the commands are given. */
  private int print(List<StateFile.Read> shards, List<Path> places, PrintWriter out, PrintWriter err) {
    CampaignState whole = new CampaignState();
    CampaignOptions options = shards.get(0).options();
    shards.forEach(shard -> whole.join(shard.state()));
    String parts = shards.size() + " of " + options.shardsWithRuns() + " shards";
    CampaignText.beginning(options, parts).forEach(out::println);
    for (Violated violated : whole.violations()) {
      CampaignText.violation(violated).forEach(out::println);
      counterexample(places, violated).ifPresent(file -> out.println("  to see it: " + Shell.command("run", file)));
    }
    new CoverageReport(whole.coverage(), out).summary();
    List<String> missing = new MissingShards(places, shards).lines();
    CampaignVerdict verdict = CampaignVerdict.of(options, whole, missing.isEmpty());
    out.println(verdict.sentence(whole.coverage().of("runs")) + "; " + parts);
    missing.forEach(out::println);
    if (!new ReportFile(coverage, err).isWritten(text(whole))) {
      return ExitStatus.BAD_INPUT;
    }
    return verdict.status();
  }

  private static String text(CampaignState whole) {
    StringWriter text = new StringWriter();
    new CoverageReport(whole.coverage(), new PrintWriter(text)).print();
    return text.toString();
  }
}
