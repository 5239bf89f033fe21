package org.xenarium.gnttab;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks and prints each one's ratio to the plain loop of the same run, because nanoseconds do not travel between machines. */
public final class Benchmarks {
  private static final String BASE = "plainLoop";

  private Benchmarks() {}

  public static void main(String[] args) throws Exception {
    Collection<RunResult> results = new Runner(new OptionsBuilder().parent(new CommandLineOptions(args)).addProfiler(GCProfiler.class).build()).run();
    Map<String, RunResult> byName = new TreeMap<>();
    results.forEach(result -> byName.put(name(result), result));
    RunResult base = byName.get(BASE);
    System.out.printf(Locale.ROOT, "%n%-20s %12s %12s %16s %14s%n", "", "ns", "million/s", "bytes allocated", "plain loops");
    byName.forEach(
        (name, result) -> {
          double nanos = result.getPrimaryResult().getScore();
          double ratio = base == null ? Double.NaN : nanos / base.getPrimaryResult().getScore();
          System.out.printf(Locale.ROOT, "%-20s %12.1f %12.2f %16.1f %14.1f%n", name, nanos, 1000 / nanos, allocated(result), ratio);
        });
  }

  private static double allocated(RunResult result) {
    return result.getSecondaryResults().entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
        .mapToDouble(entry -> entry.getValue().getScore())
        .findFirst()
        .orElse(Double.NaN);
  }

  private static String name(RunResult result) {
    String full = result.getParams().getBenchmark();
    return full.substring(full.lastIndexOf('.') + 1);
  }
}
