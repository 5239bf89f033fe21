package org.xenarium.scenarios.play;

import java.util.OptionalLong;
import org.xenarium.scenarios.call.GuestCall;
import org.xenarium.scenarios.script.Operation;

/** A step of a guest as those see it who look at calls. */
final class StepCall implements GuestCall {
  private final int index;
  private final int domid;
  private final Inputs inputs;
  private final OptionalLong passed;
  private final OptionalLong pointer;
  private final Notes notes;

  StepCall(Plan plan, int index, Notes notes) {
    this.index = index;
    domid = plan.domid(index);
    inputs = Inputs.of(plan, index, notes);
    passed = Activities.number(plan, plan.step(index).count(), notes);
    pointer = Activities.number(plan, plan.step(index).ptr(), notes);
    this.notes = notes;
  }

  @Override
  public int domid() {
    return domid;
  }

  @Override
  public Operation operation() {
    return inputs.operation();
  }

  @Override
  public int elements() {
    return inputs.elements();
  }

  @Override
  public long get(int element, int field) {
    return inputs.get(element, field);
  }

  @Override
  public OptionalLong passed() {
    return passed;
  }

  @Override
  public OptionalLong pointer() {
    return pointer;
  }

  @Override
  public long result(int column) {
    return notes.get(index, column);
  }
}
