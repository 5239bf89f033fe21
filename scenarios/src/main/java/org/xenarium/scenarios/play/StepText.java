package org.xenarium.scenarios.play;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.scenarios.replay.StateText;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Condition;
import org.xenarium.scenarios.script.Expectation;
import org.xenarium.scenarios.script.Field;
import org.xenarium.scenarios.script.FieldType;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.script.Step;
import org.xenarium.scenarios.script.Value;

/** Steps, their results and the state that they are about, for people. */
final class StepText {
  private static final long SMALL = 4096;

  private final Plan plan;
  private final Machine machine;
  private final Notes notes;

  StepText(Plan plan, Machine machine) {
    this.plan = plan;
    this.machine = machine;
    notes = Notes.of(machine.world());
  }

  /** A step as it is written, with the numbers that are known. */
  String step(int index) {
    Step step = plan.step(index);
    StringBuilder text = new StringBuilder(step.by().map(actor -> actor + " ").orElse("")).append(step.operation().spelling());
    for (int element = 0; element < step.elements().size(); element++) {
      text.append(element > 0 ? ";" : "");
      List<Field> fields = step.operation().in();
      for (int i = 0; i < fields.size(); i++) {
        Value value = step.elements().get(element).get(i);
        text.append(' ').append(fields.get(i).name()).append('=').append(value(fields.get(i), value));
      }
    }
    step.count().ifPresent(value -> text.append(" count=").append(value));
    step.ptr().ifPresent(value -> text.append(" ptr=").append(value));
    return text.toString();
  }

  private String value(Field field, Value value) {
    boolean result = value instanceof Value.Result && Evaluator.isKnown(value, notes);
    return result ? number(field.type(), plan.evaluator().number(value, notes)) : value.toString();
  }

  /** What a step gave back. */
  String results(int index) {
    Step step = plan.step(index);
    Progress progress = notes.progress(index);
    if (progress == Progress.FAULTED) {
      return "faults at " + number(FieldType.ADDRESS, notes.get(index, Column.FAULT));
    }
    if (progress == Progress.PANICKED) {
      return "panics";
    }
    List<String> results = new ArrayList<>();
    Operation operation = step.operation();
    if (operation.returnsSomething()) {
      results.add(number(operation.returns(), notes.get(index, Column.RETURNS)));
    }
    for (int element = 0; element < step.elements().size(); element++) {
      if (operation.hasStatus()) {
        results.add(number(FieldType.STATUS, notes.get(index, Column.status(operation, element))));
      }
      for (int i = 0; i < operation.out().size(); i++) {
        Field field = operation.out().get(i);
        results.add(field.name() + "=" + number(field.type(), notes.get(index, Column.out(operation, element, i))));
      }
    }
    return String.join(" ", results);
  }

  static String rule(Rule rule) {
    return rule.id() + " " + rule.facts().operation() + ": " + rule.facts().when() + " (" + rule.facts().section() + ")";
  }

  String condition(Condition condition, Condition.Comparison comparison) {
    return condition.quantifier().spelling() + ": " + comparison;
  }

  /** A number by its name, where its type has one for it. */
  String number(FieldType type, long value) {
    String name = type.name(value);
    if (type == FieldType.DOMAIN) {
      name = plan.scenario().domains().stream().filter(domain -> domain.id() == value).map(domain -> domain.name()).findFirst().orElse(name);
    }
    if (!name.equals(Long.toString(value))) {
      return name;
    }
    return value > -SMALL && value < SMALL ? name : "0x" + Long.toHexString(value);
  }

  /** The bits of a number that the expected result has room for. */
  long bits(Step step, Expectation.Equals equals, long value) {
    for (Field field : step.operation().out()) {
      if (field.name().equals(equals.field())) {
        return field.bits(value);
      }
    }
    return value;
  }

  /** Entries, handles and guest frames that the inputs of a step name. */
  List<String> around(int index) {
    Step step = plan.step(index);
    Domain caller = step.by().isPresent() ? machine.world().domain(plan.domid(index)) : null;
    List<String> state = new ArrayList<>();
    if (caller == null || !Inputs.areKnown(step, notes)) {
      return state;
    }
    Inputs inputs = Inputs.of(plan, index, notes);
    for (int element = 0; element < step.elements().size(); element++) {
      for (int i = 0; i < step.operation().in().size(); i++) {
        around(step.operation(), i, inputs.get(element, i), granter(step, inputs, element, caller), caller, state);
      }
    }
    return state.stream().distinct().toList();
  }

  private void around(Operation operation, int field, long value, int granter, Domain caller, List<String> state) {
    switch (operation.in().get(field).type()) {
      case REF -> state.add(StateText.entry(machine, caller, granter, (int) value));
      case HANDLE -> state.add(StateText.handle(caller, (int) value));
      case ADDRESS -> state.add(StateText.address(caller, value));
      case GFN -> state.add(StateText.frame(caller, value));
      default -> {}
    }
  }

  /** Whose entries the references of an element are. */
  private static int granter(Step step, Inputs inputs, int element, Domain caller) {
    boolean maps = switch (step.operation()) {
      case MAP, MAP_REFS, MAPMANY -> true;
      default -> false;
    };
    return maps ? (int) inputs.get(element, 0) : caller.id();
  }

  /** The state that a comparison asks for. */
  List<String> around(Condition.Comparison comparison) {
    List<String> state = new ArrayList<>();
    for (Value side : List.of(comparison.left(), comparison.right())) {
      if (side instanceof Value.Question question && !question.arguments().isEmpty()) {
        Domain domain = machine.world().domain(plan.scenario().domain(question.domain()).id());
        long argument = plan.evaluator().number(question.arguments().get(0), notes);
        if (domain != null) {
          state.add(switch (question.function()) {
            case FLAGS, DOMID, FRAME, PINS, WRITE_PINS, USED -> StateText.entry(machine, domain, domain.id(), (int) argument);
            case PAGE, TYPE -> StateText.frame(domain, argument);
            default -> StateText.address(domain, argument);
          });
        }
      }
    }
    return state;
  }
}
