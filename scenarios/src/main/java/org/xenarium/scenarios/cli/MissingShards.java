package org.xenarium.scenarios.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.xenarium.scenarios.campaign.CampaignOptions;
import org.xenarium.scenarios.campaign.StateFile;

/**
 * What keeps shards from being the whole campaign, and how to get it.
 *
 * @param folders those of the shards, in the same order
 */
record MissingShards(List<Path> folders, List<StateFile.Read> shards) {
  /** Empty if all shards are there and done. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    TreeSet<Integer> there = new TreeSet<>();
    for (int i = 0; i < shards.size(); i++) {
      CampaignOptions options = shards.get(i).options();
      there.add(options.shard());
      if (!shards.get(i).state().isEnough(options)) {
        lines.add("shard " + options.shard() + " is not finished; to go on: " + Shell.command("check", "--resume", folders.get(i)));
      }
    }
    CampaignOptions options = shards.get(0).options();
    int next = 1;
    for (int shard : there) {
      missing(options, next, shard - 1, lines);
      next = shard + 1;
    }
    missing(options, next, options.shardsWithRuns(), lines);
    return lines;
  }

  private static void missing(CampaignOptions options, int from, int to, List<String> lines) {
    if (from <= to) {
      String which = from == to ? "shard " + from + " is missing; to play it: " : "shards " + from + " to " + to + " are missing; to play the first: ";
      lines.add(which + Shell.command(CampaignText.playing(options, from)));
    }
  }
}
