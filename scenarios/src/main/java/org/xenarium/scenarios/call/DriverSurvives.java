package org.xenarium.scenarios.call;

import java.util.function.IntPredicate;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;

/** A kernel that uses its driver as it asks comes back from every call. */
final class DriverSurvives implements CallWatcher {
  private final Machine machine;
  private final IntPredicate held;
  private final CallFindings findings;

  DriverSurvives(Machine machine, IntPredicate held, CallFindings findings) {
    this.machine = machine;
    this.held = held;
    this.findings = findings;
  }

  @Override
  public void ended(GuestCall call, Progress progress) {
    Domain domain = machine.world().domain(call.domid());
    if (progress == Progress.PANICKED && domain != null && held.test(call.domid()) && !mayPanic(domain, call.operation())) {
      findings.found(call.operation().spelling(), call.operation().spelling() + " has ended the guest");
    }
  }

  /** A table that cannot be as large as the kernel was built for, and pages that are lost without regions (D-Z7), end a kernel rightly. */
  private static boolean mayPanic(Domain domain, Operation operation) {
    boolean losesPages = GrantDriver.of(domain).config().regions().isEmpty();
    return operation == Operation.INIT || losesPages && (operation == Operation.GET_PAGES || operation == Operation.PUT_PAGES);
  }
}
