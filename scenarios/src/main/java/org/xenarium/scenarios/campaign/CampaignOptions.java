package org.xenarium.scenarios.campaign;

import java.util.List;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;

/**
 * What a campaign does. Together with the number of a run this determines the run in full.
 *
 * @param seed of everything that is drawn
 * @param runs numbers of runs are below this
 * @param moves of each run
 * @param shard only every {@code shards}th run belongs to this campaign, the {@code shard}th, from 1
 * @param driver of all domains
 * @param properties names of what is to hold
 * @param maxViolations different violations after which the campaign ends
 */
public record CampaignOptions(
    long seed, long runs, int moves, int shard, int shards, Semantics semantics, DriverVersion driver, List<String> properties, int maxViolations) {
  public CampaignOptions {
    properties = List.copyOf(properties);
    if (runs < 1 || moves < 1 || shards < 1 || shard < 1 || shard > shards || maxViolations < 1) {
      throw new IllegalArgumentException("a campaign needs runs, moves, violations and shards, each at least 1, and a shard among them");
    }
  }

  /** How many portions its runs are. */
  public long portions() {
    return (runs + Campaign.PORTION - 1) / Campaign.PORTION;
  }

  /** Whether the run belongs to this shard. */
  boolean isOwn(long run) {
    return run % shards == shard - 1;
  }

  /** Whether both are parts of one campaign. */
  public boolean belongsTo(CampaignOptions other) {
    return equals(new CampaignOptions(other.seed, other.runs, other.moves, shard, shards, other.semantics, other.driver, other.properties,
            other.maxViolations))
        && shards == other.shards;
  }
}
