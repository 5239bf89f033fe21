package org.xenarium.scenarios.claim;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Kind;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/**
 * A grant hypercall returns -EFAULT exactly if its arguments do not lie in RAM of the caller's, see {@code ArgumentMemory} (spec §10.3). That
 * elements before the fault stay done is said by the batch semantics.
 */
final class HypercallFaults implements Property {
  @Override
  public String name() {
    return "hypercall-faults";
  }

  @Override
  public String statement() {
    return "a grant hypercall returns -EFAULT exactly if its arguments are not in RAM of the caller's, and one that reads none has changed nothing";
  }

  @Override
  public void observe(Run run, Consumer<Finding> findings, Tally tally) {
    run.watch(new Watcher(run, findings, tally));
  }

  private final class Watcher implements RunWatcher {
    private final Run run;
    private final Consumer<Finding> findings;
    private final Tally tally;
    private final @Nullable ArgumentMemory[] told;
    private int underWay;

    /** Whether somebody else did something since a call began. */
    private final boolean[] disturbed;

    Watcher(Run run, Consumer<Finding> findings, Tally tally) {
      this.run = run;
      this.findings = findings;
      this.tally = tally;
      told = new ArgumentMemory[run.stage().actors().size()];
      disturbed = new boolean[told.length];
      tally.count("arguments out of memory", 0);
    }

    @Override
    public void begins(int actor, Call call, int pace) {
      Arrays.fill(disturbed, true);
      disturbed[actor] = underWay++ > 0;
      told[actor] = readsArguments(call.operation()) ? ArgumentMemory.of(run.stage().machine().domain(run.stage().domid(actor)), call) : null;
    }

    /** Where transfers are refused, nobody looks at what is to be transferred. */
    private boolean readsArguments(Operation operation) {
      boolean refused = operation == Operation.TRANSFER && run.stage().machine().world().semantics().has(Difference.TRANSFER_REFUSED);
      return isGrantCall(operation) && !refused;
    }

    @Override
    public void outside(Operation operation, long... numbers) {
      Arrays.fill(disturbed, true);
    }

    @Override
    public void ended(int actor, Call call, Progress progress) {
      underWay--;
      if (progress == Progress.DONE && isGrantCall(call.operation())) {
        judge(actor, call, run.result(actor, Column.RETURNS) == -Errno.EFAULT);
      }
      told[actor] = null;
    }

    private void judge(int actor, Call call, boolean faulted) {
      ArgumentMemory memory = told[actor];
      if (memory != null && !memory.isAsBefore()) {
        return;
      }
      boolean good = memory == null || memory.isGood();
      if (good && faulted) {
        violated(call, "returns -EFAULT, and all its arguments are in RAM of the caller's");
      }
      if (memory != null && memory.isBadAtOnce()) {
        tally.count("arguments out of memory", 1);
        if (!faulted) {
          violated(call, "returns " + run.result(actor, Column.RETURNS) + ", and its arguments are not in RAM of the caller's");
        } else if (!disturbed[actor] && !memory.hasChangedNothing()) {
          violated(call, "can read no argument, and has changed something");
        }
      }
    }

    private void violated(Call call, String message) {
      findings.accept(new Finding(name(), name(), call.operation().spelling() + " " + message));
    }
  }

  private static boolean isGrantCall(Operation operation) {
    return operation.kind() == Kind.STRUCT && operation.struct().hypercall() == GnttabOp.HYPERCALL;
  }
}
