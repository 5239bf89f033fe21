package org.xenarium.scenarios.play;

import java.util.List;
import org.xenarium.scenarios.script.Kind;
import org.xenarium.scenarios.script.Step;
import org.xenarium.scenarios.script.Value;

/** Whether what a step passes in memory fits where its actor has room: else it would lie on what others pass, or on the scenario's own pages. */
final class ArgumentRoom {
  private ArgumentRoom() {}

  /** Refuses a scenario with a step that does not fit. */
  static void check(Plan plan) throws UnplayableScenarioException {
    for (int i = 0; i < plan.scenario().steps().size(); i++) {
      int slot = plan.slot(i);
      refuse(i, "lists", listBytes(plan.step(i)), GuestMemory.listRoom(slot));
      refuse(i, "elements", batchBytes(plan.step(i)), GuestMemory.batchRoom(slot, plan.actors(i)));
    }
  }

  private static void refuse(int step, String what, long bytes, long room) throws UnplayableScenarioException {
    if (bytes > room) {
      throw new UnplayableScenarioException(
          what + " of step " + (step + 1) + " take " + bytes + " bytes, more than the " + room + " that its actor has room for: make several calls of it");
    }
  }

  private static long batchBytes(Step step) {
    return isArray(step) ? (long) step.elements().size() * step.operation().struct().size() : 0;
  }

  private static boolean isArray(Step step) {
    return step.operation().kind() == Kind.DRIVER_ARRAY || step.operation().kind() == Kind.STRUCT && step.batch();
  }

  private static long listBytes(Step step) {
    long bytes = 0;
    for (List<Value> element : step.elements()) {
      for (int field = 0; field < element.size(); field++) {
        if (element.get(field) instanceof Value.Items list) {
          bytes += (long) list.items().size() * step.operation().in().get(field).type().itemSize();
        }
      }
    }
    return bytes;
  }
}
