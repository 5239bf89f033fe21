package org.xenarium.scenarios.call;

import java.util.function.IntPredicate;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.driver.RegionPages;
import org.xenarium.scenarios.script.CallProperty;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;

/**
 * map_refs and unmap_refs return -EFAULT exactly if there are extended regions and an address lies in none of them. That nothing was done then
 * is said by the neutrality of failures.
 */
final class DriverFaults implements CallWatcher {
  private static final String TESTS = "addresses outside of the regions";

  private final Machine machine;
  private final IntPredicate held;
  private final CallFindings findings;

  DriverFaults(Machine machine, IntPredicate held, CallFindings findings) {
    this.machine = machine;
    this.held = held;
    this.findings = findings;
    findings.count(TESTS, 0);
  }

  @Override
  public void ended(GuestCall call, Progress progress) {
    boolean refs = call.operation() == Operation.MAP_REFS || call.operation() == Operation.UNMAP_REFS;
    Domain domain = machine.world().domain(call.domid());
    if (refs && progress == Progress.DONE && domain != null && held.test(call.domid())) {
      judge(call, GrantDriver.of(domain).regions(), call.result(Column.RETURNS) == -Errno.EFAULT);
    }
  }

  private void judge(GuestCall call, RegionPages regions, boolean faulted) {
    boolean outside = !regions.regions().isEmpty() && isAnyOutside(call, regions);
    findings.count(TESTS, outside ? 1 : 0);
    if (outside != faulted) {
      String answer = faulted ? " returns -EFAULT, and no address lies" : " does not return -EFAULT, and an address lies";
      findings.found(CallProperty.DRIVER_FAULTS.id(), call.operation().spelling() + answer + " outside of the regions");
    }
  }

  private static boolean isAnyOutside(GuestCall call, RegionPages regions) {
    int address = call.operation() == Operation.MAP_REFS ? 3 : 0;
    for (int element = 0; element < call.elements(); element++) {
      if (!regions.contains(call.get(element, address))) {
        return true;
      }
    }
    return false;
  }
}
