package org.xenarium.scenarios.play;

import org.xenarium.emulator.Machine;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.fault.FaultPoint;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.driver.DriverFault;
import org.xenarium.scenarios.script.FaultNames;
import org.xenarium.scenarios.script.Operation;

/** What is done to domains from outside. */
final class Toolstack {
  private Toolstack() {}

  /**
   * Does it to the listed domain with that id; one that has disappeared is left alone.
   *
   * @param inputs of the operation, the domid first
   * @param inTime whether what takes many steps is done in the order of time, or step by step as the scenario says
   */
  static void perform(Machine machine, Operation operation, Inputs inputs, boolean inTime) {
    if (operation == Operation.FAIL) {
      machine.world().faults().add(fault(inputs));
      return;
    }
    int domid = (int) inputs.get(0);
    if (machine.world().domain(domid) == null) {
      return;
    }
    switch (operation) {
      case DESTROY -> machine.destroyDomain(domid);
      case BEGIN_DESTROY -> {
        if (inTime) {
          machine.scheduleDestroy(domid, 0);
        } else {
          machine.beginDestroy(domid);
        }
      }
      case DEATH_STEPS -> {
        for (long i = 0; i < inputs.get(1) && machine.world().domain(domid) != null && machine.canStepDeath(domid); i++) {
          machine.stepDeath(domid);
        }
      }
      case PAUSE -> machine.pause(domid);
      case UNPAUSE -> machine.unpause(domid);
      case SOFT_RESET -> machine.softReset(domid);
      case CRASH -> machine.domain(domid).crash();
      default -> throw new IllegalStateException("the toolstack does not " + operation.spelling());
    }
  }

  private static Fault fault(Inputs inputs) {
    FaultPoint point = FaultNames.POINTS.get((int) inputs.get("point"));
    long gfn = inputs.get("gfn");
    boolean byAddress = point == DriverFault.VA_MAP || point == DriverFault.VA_UNMAP;
    long key = gfn == Fault.ANY || !byAddress ? gfn : gfn << MachineMemory.PAGE_SHIFT;
    return new Fault(
        point, (int) inputs.get("domain"), key, inputs.get("from"), inputs.get("until"), (int) inputs.get("passes"), (int) inputs.get("times"));
  }
}
