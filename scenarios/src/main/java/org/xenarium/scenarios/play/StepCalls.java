package org.xenarium.scenarios.play;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.call.CallWatcher;

/** Tells those who look at calls of the steps of a scenario. */
final class StepCalls {
  private final Plan plan;
  private final Notes notes;
  private final List<CallWatcher> watchers = new ArrayList<>();

  /** The calls of the steps that are under way. */
  private final @Nullable StepCall[] underWay;

  StepCalls(Plan plan, Notes notes) {
    this.plan = plan;
    this.notes = notes;
    underWay = new StepCall[plan.scenario().steps().size()];
  }

  void tell(CallWatcher watcher) {
    watchers.add(watcher);
  }

  /** A step begins or has ended. */
  void marked(Mark mark) {
    if (watchers.isEmpty()) {
      return;
    }
    if (plan.step(mark.step()).by().isEmpty()) {
      watchers.forEach(CallWatcher::outside);
    } else if (mark.begins()) {
      StepCall call = new StepCall(plan, mark.step(), notes);
      underWay[mark.step()] = call;
      watchers.forEach(watcher -> watcher.begins(call));
    } else if (underWay[mark.step()] instanceof StepCall call) {
      underWay[mark.step()] = null;
      watchers.forEach(watcher -> watcher.ended(call, notes.progress(mark.step())));
    }
  }
}
