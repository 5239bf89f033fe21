package org.xenarium.scenarios.claim;

import java.util.function.Consumer;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** A kernel that uses its driver as it asks comes back from every call. */
final class DriverSurvives implements Property {
  @Override
  public String name() {
    return "driver-survives";
  }

  @Override
  public String statement() {
    return "a guest that uses its driver as it asks never panics, whatever references and handles it passes";
  }

  @Override
  public void observe(Run run, Consumer<Finding> findings, Tally tally) {
    run.watch(new RunWatcher() {
      @Override
      public void ended(int actor, Call call, Progress progress) {
        if (progress == Progress.PANICKED && run.setting().manner(actor) == Manner.DRIVER && !mayPanic(run, actor, call.operation())) {
          findings.accept(new Finding(name(), call.operation().spelling(), call.operation().spelling() + " has ended the guest"));
        }
      }
    });
  }

  /** A table that cannot be as large as the kernel was built for, and pages that are lost without regions (D-Z7), end a kernel rightly. */
  private static boolean mayPanic(Run run, int actor, Operation operation) {
    boolean losesPages = run.setting().domain(run.stage().domid(actor)).driver().regions().isEmpty();
    return operation == Operation.INIT || losesPages && (operation == Operation.GET_PAGES || operation == Operation.PUT_PAGES);
  }
}
