package org.xenarium.scenarios.claim;

import java.util.function.Consumer;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.driver.RegionPages;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.play.OtherDriver;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/**
 * map_refs and unmap_refs return -EFAULT exactly if there are extended regions and an address lies in none of them. That nothing was done then
 * is said by the neutrality of failures.
 */
final class DriverFaults implements Property {
  @Override
  public String name() {
    return "driver-faults";
  }

  @Override
  public String statement() {
    return "map_refs and unmap_refs return -EFAULT exactly if there are extended regions and an address lies outside of them";
  }

  @Override
  public void observe(Run run, Consumer<Finding> findings, Tally tally) {
    tally.count("addresses outside of the regions", 0);
    run.watch(new RunWatcher() {
      @Override
      public void ended(int actor, Call call, Progress progress) {
        boolean refs = call.operation() == Operation.MAP_REFS || call.operation() == Operation.UNMAP_REFS;
        Domain domain = run.stage().machine().world().domain(run.stage().domid(actor));
        boolean ended = refs && progress == Progress.DONE;
        if (ended && domain != null && !domain.has(OtherDriver.class) && run.setting().manner(actor) == Manner.DRIVER) {
          judge(call, GrantDriver.of(domain).regions(), run.result(actor, Column.RETURNS) == -Errno.EFAULT);
        }
      }

      private void judge(Call call, RegionPages regions, boolean faulted) {
        boolean outside = !regions.regions().isEmpty() && isAnyOutside(call, regions);
        tally.count("addresses outside of the regions", outside ? 1 : 0);
        if (outside != faulted) {
          String answer = faulted ? " returns -EFAULT, and no address lies" : " does not return -EFAULT, and an address lies";
          findings.accept(new Finding(name(), name(), call.operation().spelling() + answer + " outside of the regions"));
        }
      }
    });
  }

  private static boolean isAnyOutside(Call call, RegionPages regions) {
    int address = call.operation() == Operation.MAP_REFS ? 3 : 0;
    for (int element = 0; element < call.elements(); element++) {
      if (!regions.contains(call.get(element, address))) {
        return true;
      }
    }
    return false;
  }
}
