package org.xenarium.scenarios.campaign;

import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.claim.Occurrences;
import org.xenarium.scenarios.claim.Properties;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/** One run of a campaign, as {@code xenarium check} makes it; hypercalls and moves are counted beside. One thread for each processor. */
@BenchmarkMode(Mode.Throughput)
@Threads(Threads.MAX)
@Fork(1)
@Warmup(iterations = 3, time = 10)
@Measurement(iterations = 3, time = 10)
public class CampaignBenchmark {
  /** A thread of the campaign. */
  @State(Scope.Thread)
  public static class Worker {
    /** What is looked at: names of properties with commas between them, or one of these words. */
    @Param({"none", "hypervisor-invariants,guest-invariants", "reference-model", "all"})
    public String properties = "";

    private Runs runs;
    private long next;

    /** Numbers of runs begin elsewhere in each thread. */
    @Setup
    public void begin() {
      List<String> names = switch (properties) {
        case "none" -> List.of();
        case "all" -> Properties.all().stream().map(Property::name).toList();
        default -> List.of(properties.split(","));
      };
      Semantics semantics = new Semantics(Release.V4_17, SecurityPolicy.DUMMY);
      CampaignOptions options =
          new CampaignOptions(1, CampaignOptions.NO_END, CampaignOptions.MOVES, 1, 1, semantics, DriverVersion.CONTRACT, names, 1);
      runs = new Runs(options, Vocabulary.standard(), Properties.named(names), Occurrences.all());
      next = Thread.currentThread().threadId() << 40;
    }
  }

  /** What the runs have done. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Done {
    /** HVC instructions. */
    public long hypercalls;

    /** What was drawn and done. */
    public long moves;
  }

  /** A run. */
  @Benchmark
  public void run(Worker worker, Done done) {
    Coverage coverage = new Coverage();
    Optional<Finding> finding = worker.runs.play(worker.next++, coverage);
    if (finding.isPresent()) {
      throw new IllegalStateException(finding.get().toString());
    }
    done.hypercalls += coverage.of(Runs.HYPERCALLS);
    done.moves += coverage.of(Runs.PLAYED);
  }
}
