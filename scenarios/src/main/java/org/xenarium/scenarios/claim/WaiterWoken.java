package org.xenarium.scenarios.claim;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.scenarios.campaign.Sometimes;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** A grant_access that had to wait for a free reference got one. */
final class WaiterWoken implements Sometimes {
  @Override
  public String name() {
    return "a grant_access that waited for a free reference goes on";
  }

  @Override
  public void observe(Run run, Runnable happened) {
    run.watch(new RunWatcher() {
      private final boolean[] grants = new boolean[run.stage().actors().size()];
      private final boolean[] waits = new boolean[grants.length];

      @Override
      public void begins(int actor, Call call, int pace) {
        grants[actor] = call.operation() == Operation.GRANT_ACCESS;
        waits[actor] = false;
      }

      @Override
      public void played() {
        for (int actor = 0; actor < grants.length; actor++) {
          waits[actor] |= grants[actor] && run.stage().isBusy(actor) && isAnyoneWaiting(run, actor);
        }
      }

      @Override
      public void ended(int actor, Call call, Progress progress) {
        if (waits[actor] && progress == Progress.DONE) {
          happened.run();
        }
        grants[actor] = false;
      }
    });
  }

  private static boolean isAnyoneWaiting(Run run, int actor) {
    Domain domain = run.stage().machine().world().domain(run.stage().domid(actor));
    return domain != null && GrantDriver.of(domain).semaphore().waiting() > 0;
  }
}
