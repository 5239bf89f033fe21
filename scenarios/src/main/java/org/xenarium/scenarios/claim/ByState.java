package org.xenarium.scenarios.claim;

import java.util.function.Predicate;
import org.xenarium.scenarios.campaign.Sometimes;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** What has happened when a state is so after a move and was not before. */
record ByState(String name, Predicate<Run> isSo) implements Sometimes {
  @Override
  public void observe(Run run, Runnable happened) {
    run.watch(new RunWatcher() {
      private boolean before = isSo.test(run);

      @Override
      public void played() {
        boolean now = isSo.test(run);
        if (now && !before) {
          happened.run();
        }
        before = now;
      }
    });
  }
}
