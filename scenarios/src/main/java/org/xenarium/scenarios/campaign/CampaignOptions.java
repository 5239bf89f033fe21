package org.xenarium.scenarios.campaign;

import java.util.List;
import java.util.Set;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;

/**
 * What a campaign does. Together with the number of a run this determines the run in full.
 *
 * @param seed of everything that is drawn
 * @param runs numbers of runs are below this, which is at most {@link #NO_END}
 * @param moves of each run
 * @param shard only every {@code shards}th run belongs to this campaign, the {@code shard}th, from 1
 * @param driver of all domains
 * @param properties names of what is to hold
 * @param maxViolations different violations after which the campaign ends
 */
public record CampaignOptions(
    long seed, long runs, int moves, int shard, int shards, Semantics semantics, DriverVersion driver, List<String> properties, int maxViolations) {
  /** Runs of a campaign that goes on until it is stopped. */
  public static final long NO_END = Long.MAX_VALUE / 2;

  /** Moves of each run where nobody says how many. Longer runs end with guests that are stuck or dead, shorter ones are mostly beginning. */
  public static final int MOVES = 500;

  /** Moves of the runs of a portion, unless one run has more. */
  private static final int MOVES_OF_PORTION = 8 * MOVES;

  private static final int MOST_OF_PORTION = 64;

  public CampaignOptions {
    properties = List.copyOf(properties);
    atLeastOne("runs", runs);
    atLeastOne("moves", moves);
    atLeastOne("max-violations", maxViolations);
    if (runs > NO_END) {
      throw new IllegalArgumentException("runs: expected at most " + NO_END + ", found " + runs);
    }
    if (shards < 1) {
      throw new IllegalArgumentException("shard: expected shards from 1 on, found " + shard + "/" + shards);
    }
    if (shard < 1 || shard > shards) {
      throw new IllegalArgumentException("shard: expected one from 1/" + shards + " to " + shards + "/" + shards + ", found " + shard + "/" + shards);
    }
    if (shard > runs) {
      throw new IllegalArgumentException("shard: " + shard + "/" + shards + " has no runs: there are only " + runs + " to be divided");
    }
    if (properties.size() != Set.copyOf(properties).size()) {
      throw new IllegalArgumentException("property: expected different names, found '" + String.join(",", properties) + "'");
    }
  }

  private static void atLeastOne(String name, long number) {
    if (number < 1) {
      throw new IllegalArgumentException(name + ": expected a number from 1 on, found " + number);
    }
  }

  /** Whether it goes on until somebody stops it: as many runs as there is time for. */
  public boolean isOpenEnded() {
    return runs == NO_END;
  }

  /** How many shards have runs: the first ones, where there are fewer runs than shards. */
  public int shardsWithRuns() {
    return (int) Math.min(shards, runs);
  }

  /** How many of the runs belong to this shard: every {@code shards}th one. */
  public long ownRuns() {
    return (runs - shard) / shards + 1;
  }

  /** The number of a run that belongs to this shard, given by its place among them, from 0 on. */
  long ownRun(long place) {
    return place * shards + shard - 1;
  }

  /**
   * How many runs are played between two looks at whether to go on: few long ones, many short ones, so that it takes a fraction of a second.
   */
  int portion() {
    return Math.clamp(MOVES_OF_PORTION / moves, 1, MOST_OF_PORTION);
  }

  /** Whether both are parts of one campaign. */
  public boolean belongsTo(CampaignOptions other) {
    return first().equals(other.first());
  }

  /** The same for the first shard, which has runs in every campaign. */
  private CampaignOptions first() {
    return new CampaignOptions(seed, runs, moves, 1, shards, semantics, driver, properties, maxViolations);
  }
}
