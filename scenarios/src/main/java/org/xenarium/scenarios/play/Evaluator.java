package org.xenarium.scenarios.play;

import java.util.List;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Value;

/** What the values of a scenario are while it is played. Keeps nothing of the machine. */
final class Evaluator {
  private final Scenario scenario;

  Evaluator(Scenario scenario) {
    this.scenario = scenario;
  }

  /** Are all results known that the value needs? */
  static boolean isKnown(Value value, Notes notes) {
    return switch (value) {
      case Value.Result result -> notes.hasEnded(result.step());
      case Value.Sum sum -> areKnown(sum.parts(), notes);
      case Value.Items items -> areKnown(items.items(), notes);
      case Value.Negative negative -> isKnown(negative.value(), notes);
      case Value.Converted converted -> isKnown(converted.value(), notes);
      case Value.Question question -> areKnown(question.arguments(), notes);
      case Value.Number number -> true;
      case Value.DomainId domain -> true;
      case Value.Page page -> true;
    };
  }

  static boolean areKnown(List<Value> values, Notes notes) {
    for (Value value : values) {
      if (!isKnown(value, notes)) {
        return false;
      }
    }
    return true;
  }

  /** The number that a value is which needs no results. */
  static long constant(Value value) {
    if (value instanceof Value.Number number) {
      return number.value();
    }
    throw new IllegalArgumentException("no constant: " + value);
  }

  /** The number that a value of a step is; a list is none, it lies somewhere, see {@link Inputs}. */
  long number(Value value, Notes notes) {
    return switch (value) {
      case Value.Number number -> number.value();
      case Value.DomainId domain -> scenario.domain(domain.domain()).id();
      case Value.Page page -> page.address() ? address(page) : page.area().first() + page.index();
      case Value.Result result -> notes.get(result.step(), result.column());
      case Value.Negative negative -> -number(negative.value(), notes);
      case Value.Converted converted -> number(converted.value(), notes);
      case Value.Sum sum -> {
        long total = 0;
        for (Value part : sum.parts()) {
          total += number(part, notes);
        }
        yield total;
      }
      case Value.Items items -> throw new IllegalStateException("a list is no number: " + items);
      case Value.Question question -> throw new IllegalStateException("a step asks for the state of the machine: " + question);
    };
  }

  /** As {@link #number}, of a condition, which may also ask for the state of the machine. */
  long number(Value value, Notes notes, Machine machine) {
    return switch (value) {
      case Value.Question question ->
          Answers.answer(
              question.function(),
              machine,
              scenario.domain(question.domain()).id(),
              question.arguments().stream().mapToLong(argument -> number(argument, notes)).toArray());
      case Value.Negative negative -> -number(negative.value(), notes, machine);
      case Value.Sum sum -> sum.parts().stream().mapToLong(part -> number(part, notes, machine)).sum();
      default -> number(value, notes);
    };
  }

  private static long address(Value.Page page) {
    return (page.area().first() + page.index()) << MachineMemory.PAGE_SHIFT;
  }
}
