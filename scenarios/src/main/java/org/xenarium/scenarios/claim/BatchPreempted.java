package org.xenarium.scenarios.claim;

import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.scenarios.campaign.Sometimes;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** A batch was preempted between two of its elements, its rest was passed to the hypervisor again, and it came to its end. */
final class BatchPreempted implements Sometimes {
  @Override
  public String name() {
    return "a batch is preempted and goes on";
  }

  @Override
  public void observe(Run run, Runnable happened) {
    Batches batches = new Batches(run);
    run.stage().machine().world().watchSteps(batches);
    run.watch(new RunWatcher() {
      @Override
      public void begins(int actor, Call call, int pace) {
        batches.begins(actor, call.operation() == Operation.MAP || call.operation() == Operation.COPY);
      }

      @Override
      public void ended(int actor, Call call, Progress progress) {
        if (progress == Progress.DONE && batches.isContinued(actor)) {
          happened.run();
        }
        batches.begins(actor, false);
      }
    });
  }

  /** With how many elements the vCPUs have entered the hypervisor. */
  private static final class Batches implements StepWatcher {
    private final Run run;
    private final boolean[] underWay;
    private final boolean[] continued;

    /** How many were passed at first; 0 until one is decided. */
    private final long[] elements;

    Batches(Run run) {
      this.run = run;
      underWay = new boolean[run.stage().actors().size()];
      continued = new boolean[underWay.length];
      elements = new long[underWay.length];
    }

    void begins(int actor, boolean batch) {
      underWay[actor] = batch;
      continued[actor] = false;
      elements[actor] = 0;
    }

    boolean isContinued(int actor) {
      return continued[actor];
    }

    /** Elements are counted from each entry into the hypervisor on: that of a continuation passes fewer. */
    @Override
    public void decided(Vcpu vcpu, long element, Rule rule) {
      Routine call = vcpu.call();
      for (int actor = 0; call != null && actor < underWay.length; actor++) {
        if (underWay[actor] && run.stage().vcpu(actor) == vcpu && call.innermost() instanceof GrantCall batch) {
          long passed = element + batch.elementsLeft();
          continued[actor] |= passed < elements[actor];
          elements[actor] = Math.max(elements[actor], passed);
        }
      }
    }
  }
}
