package org.xenarium.scenarios.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.campaign.Campaign;
import org.xenarium.scenarios.campaign.CampaignOptions;
import org.xenarium.scenarios.campaign.CampaignState;
import org.xenarium.scenarios.campaign.Case;
import org.xenarium.scenarios.campaign.CaseScenario;
import org.xenarium.scenarios.campaign.CoverageReport;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.RunFolder;
import org.xenarium.scenarios.campaign.Violated;
import org.xenarium.scenarios.claim.Occurrences;
import org.xenarium.scenarios.claim.Properties;
import org.xenarium.scenarios.report.JUnitReport;
import org.xenarium.scenarios.script.Scenario;

/** A campaign with all that is seen of it: the beginning, the progress, the verdict, and the folder with everything. */
final class CampaignRun {
  private static final long SAVED_EVERY = TimeUnit.SECONDS.toNanos(5);
  private static final long SHOWN_EVERY = TimeUnit.MILLISECONDS.toNanos(500);

  /** Java cannot tell where standard error goes; the launcher says with this property whether it is a terminal. */
  private final boolean showsProgress = Boolean.getBoolean("xenarium.progress");

  private final PrintWriter out;
  private final PrintWriter err;
  private final long began = System.nanoTime();
  private long saved = began;
  private long shown = began;
  private long runsBefore;
  private long hypercallsBefore;
  private volatile boolean interrupted;

  /** Some runs are done: from then on the time counts, so that a short one on a slow computer decides something, too. */
  private volatile boolean played;

  private volatile int status = ExitStatus.UNDECIDED;

  CampaignRun(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /** Runs it, or goes on with it, and gives the status to exit with. */
  int run(CampaignOptions options, CampaignState state, RunFolder folder, int threads, @Nullable Duration time, @Nullable Path junit)
      throws IOException, InterruptedException {
    CampaignText.beginning(options, "shard " + options.shard() + "/" + options.shards()).forEach(out::println);
    out.println("folder: " + folder.path());
    out.flush();
    runsBefore = runs(state);
    hypercallsBefore = state.coverage().of("hypercalls");
    Campaign campaign = new Campaign(options, Properties.named(options.properties()), Occurrences.all());
    folder.save(options, state);
    long most = time == null ? Long.MAX_VALUE : time.toNanos();
    CountDownLatch over = new CountDownLatch(1);
    Thread hook = new Thread(() -> interrupt(over));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      campaign.run(state, threads, () -> interrupted || played && System.nanoTime() - began > most, now -> progress(options, now, folder));
      endLine();
      folder.save(options, state);
      status = end(options, state, folder, campaign, time != null, junit);
      return status;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      over.countDown();
      if (!interrupted) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
  }

  /** On an interrupt: what is done is kept, and then it ends, as undecided unless there is a violation. */
  private void interrupt(CountDownLatch over) {
    interrupted = true;
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.flush();
    Runtime.getRuntime().halt(status);
  }

  private void progress(CampaignOptions options, CampaignState state, RunFolder folder) {
    played = true;
    long now = System.nanoTime();
    if (now - saved > SAVED_EVERY) {
      saved = now;
      try {
        folder.save(options, state);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (now - shown > SHOWN_EVERY && showsProgress) {
      shown = now;
      err.print("\r" + speed(state) + ", " + state.coverage().reached() + " rules ");
      err.flush();
    }
  }

  /** What follows the progress begins a line of its own. */
  private void endLine() {
    if (shown != began) {
      err.println();
    }
  }

  private String speed(CampaignState state) {
    double seconds = Math.max(1e-9, (System.nanoTime() - began) / 1e9);
    long runs = runs(state);
    double hypercalls = (state.coverage().of("hypercalls") - hypercallsBefore) / seconds;
    return String.format(Locale.ROOT, "%d runs, %.0f runs/s, %.0f hypercalls/s", runs, (runs - runsBefore) / seconds, hypercalls);
  }

  private int end(CampaignOptions options, CampaignState state, RunFolder folder, Campaign campaign, boolean untilTime, @Nullable Path junit)
      throws IOException {
    for (Violated violated : state.violations()) {
      keep(violated, folder, campaign);
    }
    boolean done = state.isOver(options) || untilTime && !interrupted && state.isEnough(options);
    CampaignVerdict verdict = CampaignVerdict.of(options, state, done);
    out.println(speed(state));
    new CoverageReport(state.coverage(), out).summary();
    out.println(verdict.sentence(runs(state)) + "; see " + folder.path());
    if (verdict == CampaignVerdict.UNDECIDED) {
      out.println("to go on: " + Shell.command("check", "--resume", folder.path()));
    }
    String report = write(options, state, folder, verdict, done && !state.isCutShort(options));
    if (!new ReportFile(junit, err).isWritten(report)) {
      return ExitStatus.BAD_INPUT;
    }
    return verdict.status();
  }

  private static long runs(CampaignState state) {
    return state.coverage().of("runs");
  }

  private void keep(Violated violated, RunFolder folder, Campaign campaign) throws IOException {
    if (showsProgress) {
      err.println("making run " + violated.run() + " smaller");
    }
    Case smallest = campaign.smallest(violated, () -> interrupted);
    Scenario scenario = CaseScenario.of(smallest, violated.finding(), Properties.named(violated.finding().property()));
    folder.keep(violated, scenario);
    CampaignText.violation(violated).forEach(out::println);
    int steps = scenario.steps().size();
    out.println("  " + steps + (steps == 1 ? " step shows it: " : " steps show it: ") + Shell.command("run", folder.counterexample(violated)));
  }

  /**
   * Writes everything for people and other programs; gives the verdicts for build servers.
   *
   * @param decided whether all was played that was to be played
   */
  private static String write(CampaignOptions options, CampaignState state, RunFolder folder, CampaignVerdict verdict, boolean decided)
      throws IOException {
    StringWriter text = new StringWriter();
    new CoverageReport(state.coverage(), new PrintWriter(text, true)).print();
    folder.write("coverage.txt", text.toString());
    StringBuilder lines = new StringBuilder(verdict.sentence(runs(state)) + "\n");
    state.violations().forEach(violated -> CampaignText.violation(violated).forEach(line -> lines.append(line).append('\n')));
    folder.write("verdict.txt", lines.toString());
    JUnitReport report = new JUnitReport("xenarium check");
    for (String property : options.properties()) {
      List<Finding> findings = state.violations().stream().map(Violated::finding).filter(one -> one.property().equals(property)).toList();
      if (!findings.isEmpty()) {
        report.violated(property, CampaignText.message(findings.get(0)), findings.stream().map(Finding::message).toList());
      } else if (decided) {
        report.held(property);
      } else {
        report.undecided(property, CampaignVerdict.UNDECIDED.sentence(runs(state)));
      }
    }
    folder.write("junit.xml", report.text());
    return report.text();
  }
}
