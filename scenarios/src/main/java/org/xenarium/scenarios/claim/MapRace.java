package org.xenarium.scenarios.claim;

import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.campaign.Sometimes;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** Two calls that map the same entry are under way at the same time. */
final class MapRace implements Sometimes {
  @Override
  public String name() {
    return "two calls map one entry at the same time";
  }

  @Override
  public void observe(Run run, Runnable happened) {
    run.watch(new RunWatcher() {
      private final @Nullable Call[] maps = new Call[run.stage().actors().size()];

      @Override
      public void begins(int actor, Call call, int pace) {
        boolean map = call.operation() == Operation.MAP || call.operation() == Operation.MAP_REFS;
        maps[actor] = map ? call : null;
        for (Call other : maps) {
          if (map && other != null && other != call && meet(call, other)) {
            happened.run();
            return;
          }
        }
      }

      @Override
      public void ended(int actor, Call call, Progress progress) {
        maps[actor] = null;
      }
    });
  }

  private static boolean meet(Call one, Call other) {
    for (int i = 0; i < one.elements(); i++) {
      for (int j = 0; j < other.elements(); j++) {
        if (one.get(i, 0) == other.get(j, 0) && one.get(i, 1) == other.get(j, 1)) {
          return true;
        }
      }
    }
    return false;
  }
}
