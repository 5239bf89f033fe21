package org.xenarium.scenarios.play;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.scenarios.script.Kind;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Step;
import org.xenarium.scenarios.script.Value;

/** Which activity a step is. */
final class Activities {
  private Activities() {}

  /**
   * The activity of a step that begins.
   *
   * @param slot which of the domain's actors does it
   */
  static Routine of(Plan plan, int index, int slot, Notes notes) {
    Step step = plan.step(index);
    Inputs inputs = Inputs.of(plan, index, notes);
    if (step.operation().kind() == Kind.BARRIER) {
      return new Meeting(index, inputs, plan);
    }
    return of(index, inputs, slot, step.batch(), number(plan, step.count(), notes), number(plan, step.ptr(), notes), null);
  }

  /**
   * An activity that needs nothing of a scenario.
   *
   * @param index where its results are kept
   * @param batch whether its elements are passed as a batch
   * @param count of the hypercall, instead of the number of elements
   * @param pointer of the hypercall, instead of that of the elements
   * @param other the guest's driver if it is none of Xenarium's
   */
  static Routine of(int index, Inputs inputs, int slot, boolean batch, OptionalLong count, OptionalLong pointer,
      @Nullable OtherDriver other) {
    return switch (inputs.operation().kind()) {
      case STRUCT -> new StructCalls(index, inputs, slot, batch, count, pointer);
      case REGISTERS -> new RegisterCall(index, inputs);
      case READ, WRITE, SWAP, ENTRY -> access(index, inputs);
      case FILL -> new Filling(index, inputs);
      case LOOP -> new MapLoop(index, inputs, slot);
      case INTERRUPT -> new Interrupts(index, inputs);
      case WAIT -> new Sleeping(index, inputs);
      case AWAIT -> new Awaiting(index, inputs);
      case DRIVER -> inputs.operation() == Operation.GNTTABOP_ERROR
          ? new AskingForText(index, inputs)
          : DriverCalls.of(index, inputs, GuestMemory.struct(slot), other);
      case DRIVER_ARRAY -> new ArrayCall(index, inputs, slot);
      case BARRIER, TOOLSTACK -> throw new IllegalStateException("no guest does " + inputs.operation().spelling() + " alone");
    };
  }

  private static Routine access(int index, Inputs inputs) {
    return switch (inputs.operation()) {
      case GTE2, GTT2, GTF2, GTR2, GTS -> new Version2Accesses(index, inputs);
      default -> new Accesses(index, inputs);
    };
  }

  static OptionalLong number(Plan plan, Optional<Value> value, Notes notes) {
    return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(plan.evaluator().number(value.get(), notes));
  }
}
