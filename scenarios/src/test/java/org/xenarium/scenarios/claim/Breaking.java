package org.xenarium.scenarios.claim;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** Breaks the machines of a campaign, under the cloak of a property that always holds. */
record Breaking(Function<Run, RunWatcher> how) implements Property {
  /** As part of steps of the machine, for those who begin to look later. */
  static Breaking inSteps(Supplier<StepWatcher> how) {
    return new Breaking(run -> {
      run.stage().machine().world().watchSteps(how.get());
      return new RunWatcher() {};
    });
  }

  @Override
  public String name() {
    return "breaking";
  }

  @Override
  public String statement() {
    return "always holds";
  }

  @Override
  public void observe(Run run, Consumer<Finding> findings, Tally tally) {
    run.watch(how.apply(run));
  }
}
