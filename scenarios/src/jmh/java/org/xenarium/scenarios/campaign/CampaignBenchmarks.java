package org.xenarium.scenarios.campaign;

import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmark of campaigns and prints how many hypercalls a second there were, and what part that is of those without properties. */
public final class CampaignBenchmarks {
  private CampaignBenchmarks() {}

  public static void main(String[] args) throws Exception {
    Collection<RunResult> results = new Runner(new OptionsBuilder().parent(new CommandLineOptions(args)).build()).run();
    double base = results.stream().filter(result -> properties(result).equals("none")).mapToDouble(CampaignBenchmarks::hypercalls).findFirst()
        .orElse(Double.NaN);
    System.out.printf(Locale.ROOT, "%n%-46s %14s %12s %8s%n", "", "hypercalls/s", "moves/s", "to none");
    for (RunResult result : results) {
      System.out.printf(Locale.ROOT, "%-46s %14.0f %12.0f %8.2f%n",
          properties(result), hypercalls(result), score(result, "moves"), hypercalls(result) / base);
    }
  }

  private static String properties(RunResult result) {
    return result.getParams().getParam("properties");
  }

  private static double hypercalls(RunResult result) {
    return score(result, "hypercalls");
  }

  private static double score(RunResult result, String counter) {
    return result.getSecondaryResults().get(counter).getScore();
  }
}
