package org.xenarium.scenarios.call;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.scenarios.script.CallProperty;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Kind;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;

/**
 * A grant hypercall returns -EFAULT exactly if its arguments do not lie in RAM of the caller's, see {@code ArgumentMemory} (spec §10.3). That
 * elements before the fault stay done is said by the batch semantics.
 */
final class HypercallFaults implements CallWatcher {
  private static final String TESTS = "arguments out of memory";

  /** Looking at the arguments of more elements takes too long. */
  private static final long MOST_ELEMENTS = 4096;

  /** A call under way. */
  private static final class Open {
    final GuestCall call;
    final @Nullable ArgumentMemory memory;

    /** Whether somebody else did something since it began. */
    boolean disturbed;

    Open(GuestCall call, @Nullable ArgumentMemory memory, boolean disturbed) {
      this.call = call;
      this.memory = memory;
      this.disturbed = disturbed;
    }
  }

  private final Machine machine;
  private final CallFindings findings;
  private final List<Open> open = new ArrayList<>();

  HypercallFaults(Machine machine, CallFindings findings) {
    this.machine = machine;
    this.findings = findings;
    findings.count(TESTS, 0);
  }

  @Override
  public void begins(GuestCall call) {
    outside();
    ArgumentMemory memory = isJudged(call) ? ArgumentMemory.of(machine.domain(call.domid()), call) : null;
    open.add(new Open(call, memory, !open.isEmpty()));
  }

  @Override
  public void outside() {
    open.forEach(other -> other.disturbed = true);
  }

  @Override
  public void ended(GuestCall call, Progress progress) {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i).call.equals(call)) {
        Open ended = open.remove(i);
        if (progress == Progress.DONE && isJudged(call)) {
          judge(ended, call.result(Column.RETURNS));
        }
        return;
      }
    }
  }

  private void judge(Open ended, long returned) {
    ArgumentMemory memory = ended.memory;
    boolean faulted = returned == -Errno.EFAULT;
    if (memory != null && !memory.isAsBefore() || returned == -Errno.ENOSYS) {
      return;
    }
    boolean good = memory == null || memory.isGood();
    if (good && faulted) {
      violated(ended.call, "returns -EFAULT, and all its arguments are in RAM of the caller's");
    }
    if (memory != null && memory.isBadAtOnce()) {
      findings.count(TESTS, 1);
      if (!faulted) {
        violated(ended.call, "returns " + returned + ", and its arguments are not in RAM of the caller's");
      } else if (!ended.disturbed && !memory.hasChangedNothing()) {
        violated(ended.call, "can read no argument, and has changed something");
      }
    }
  }

  private void violated(GuestCall call, String message) {
    findings.found(CallProperty.HYPERCALL_FAULTS.id(), call.operation().spelling() + " " + message);
  }

  /** Counts that are wrong in themselves are refused before anything is read; where transfers are refused, nobody looks at what is to be transferred. */
  private boolean isJudged(GuestCall call) {
    boolean grantCall = call.operation().kind() == Kind.STRUCT && call.operation().struct().hypercall() == GnttabOp.HYPERCALL;
    boolean refused = call.operation() == Operation.TRANSFER && machine.world().semantics().has(Difference.TRANSFER_REFUSED);
    long count = call.passed().orElse(1);
    return grantCall && !refused && (count == 1 || isBatch(call.operation()) && count >= 0 && count <= MOST_ELEMENTS);
  }

  private static boolean isBatch(Operation operation) {
    return switch (operation) {
      case MAP, UNMAP, COPY, SWAP_GRANT_REF, CACHE_FLUSH -> true;
      default -> false;
    };
  }
}
