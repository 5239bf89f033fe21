package org.xenarium.scenarios.claim;

import java.util.Arrays;
import org.xenarium.scenarios.campaign.Sometimes;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** A batch was preempted between two of its elements, as its vCPU was told before, and came to its end. */
final class BatchPreempted implements Sometimes {
  private static final int NOT = Integer.MAX_VALUE;

  @Override
  public String name() {
    return "a batch is preempted and goes on";
  }

  @Override
  public void observe(Run run, Runnable happened) {
    int[] point = new int[run.stage().actors().size()];
    Arrays.fill(point, NOT);
    run.watch(new RunWatcher() {
      @Override
      public void ended(int actor, Call call, Progress progress) {
        if (call.operation() == Operation.PREEMPT) {
          point[actor] = (int) call.get(0, 0);
        } else if (call.operation() == Operation.MAP || call.operation() == Operation.COPY) {
          if (progress == Progress.DONE && point[actor] < call.elements() - 1) {
            happened.run();
          }
          point[actor] = NOT;
        }
      }
    });
  }
}
