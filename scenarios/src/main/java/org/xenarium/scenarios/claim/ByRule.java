package org.xenarium.scenarios.claim;

import com.google.common.collect.ImmutableList;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.scenarios.campaign.Coverage;
import org.xenarium.scenarios.campaign.Sometimes;
import org.xenarium.scenarios.vocabulary.Run;

/** What has happened when one of some rules has decided. */
record ByRule(String name, ImmutableList<Rule> rules) implements Sometimes {
  static Sometimes of(String name, Rule... rules) {
    return new ByRule(name, ImmutableList.copyOf(rules));
  }

  @Override
  public void observe(Run run, Runnable happened) {}

  @Override
  public long times(Coverage reached) {
    return rules.stream().mapToLong(reached::of).sum();
  }
}
