package org.xenarium.scenarios.vocabulary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.xenarium.scenarios.script.Actor;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Expectation;
import org.xenarium.scenarios.script.Expectation.How;
import org.xenarium.scenarios.script.Field;
import org.xenarium.scenarios.script.FieldType;
import org.xenarium.scenarios.script.Naming;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Place;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Step;
import org.xenarium.scenarios.script.Value;

/** Writes down a run as the steps of a scenario. What a guest was told before is named by the step that told it. */
public final class Scribe implements RunWatcher {
  private final Setting setting;
  private final List<Actor> actors;
  private final Naming naming;

  /** For each actor, the step that it has begun last. */
  private final int[] stepOf;

  private final List<Step> steps = new ArrayList<>();

  /** For each call of the run, which step of the scenario it is. */
  private final List<Integer> stepOfCall = new ArrayList<>();

  /** For each call of the run, what it was. */
  private final List<Operation> operations = new ArrayList<>();

  /** Steps whose results others use. */
  private final TreeSet<Integer> named = new TreeSet<>();

  /** Writes down a run of that setting with those actors. */
  public Scribe(Setting setting, List<Actor> actors) {
    this.setting = setting;
    this.actors = actors;
    stepOf = new int[actors.size()];
    Map<Integer, String> domains = new HashMap<>();
    setting.scenario().domains().forEach(domain -> domains.put(domain.id(), domain.name()));
    naming = new Naming(domains, setting.scenario().domains().stream().mapToLong(domain -> domain.ram()).min().orElse(0));
  }

  @Override
  public void begins(int actor, Call call, int pace) {
    List<List<Value>> elements = new ArrayList<>();
    for (int element = 0; element < call.elements(); element++) {
      elements.add(inputs(call, element));
    }
    stepOf[actor] = steps.size();
    note(call.operation());
    steps.add(new Step(Place.NOWHERE, Optional.of(actors.get(actor)), call.operation(), elements, call.isBatch(), "", OptionalLong.empty(),
        OptionalLong.empty(), number(call.passed()), number(call.pointer()), 1, pace == Run.TO_THE_END ? 0 : pace, List.of(), ""));
  }

  /** A step that ends before it would have stopped needs not be told to. */
  @Override
  public void ended(int actor, Call call, Progress progress) {
    int last = steps.size() - 1;
    if (stepOf[actor] == last) {
      steps.set(last, steps.get(last).stopping(0));
    }
    if (progress == Progress.PANICKED) {
      expect(actor, new Expectation.Ends(Place.NOWHERE, How.PANICS, true));
    } else if (progress == Progress.FAULTED) {
      expect(actor, new Expectation.Faults(Place.NOWHERE, Optional.empty()));
    }
  }

  @Override
  public void waits(int actor, boolean stuck) {
    expect(actor, new Expectation.Ends(Place.NOWHERE, stuck ? How.HANGS : How.BLOCKS, true));
  }

  private void expect(int actor, Expectation expectation) {
    Step step = steps.get(stepOf[actor]);
    if (!step.expectations().contains(expectation)) {
      steps.set(stepOf[actor], step.expecting(expectation));
    }
  }

  @Override
  public void goesOn(int actor, int pace) {
    Actor who = actors.get(actor);
    List<Value> inputs = List.of(new Value.DomainId(who.domain()), Value.Number.of(who.vcpu()), Value.Number.of(pace));
    addOutside(Operation.GO_ON, inputs);
  }

  @Override
  public void outside(Operation operation, long... numbers) {
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      inputs.add(naming.value(operation.in().get(i).type(), numbers[i]));
    }
    note(operation);
    addOutside(operation, inputs);
  }

  private void addOutside(Operation operation, List<Value> inputs) {
    steps.add(new Step(Place.NOWHERE, Optional.empty(), operation, List.of(inputs), false, "", OptionalLong.empty(), OptionalLong.empty(),
        Optional.empty(), Optional.empty(), 1, 0, List.of(), ""));
  }

  private Optional<Value> number(OptionalLong number) {
    return number.isPresent() ? Optional.of(naming.number(number.getAsLong())) : Optional.empty();
  }

  private void note(Operation operation) {
    stepOfCall.add(steps.size());
    operations.add(operation);
  }

  private List<Value> inputs(Call call, int element) {
    List<Value> inputs = new ArrayList<>();
    List<Field> fields = call.operation().in();
    for (int i = 0; i < fields.size(); i++) {
      int source = call.sourceStep(element, i);
      boolean isList = fields.get(i).type() == FieldType.FRAME_LIST && call.frames().length > 0;
      if (isList) {
        inputs.add(new Value.Items(Arrays.stream(call.frames()).mapToObj(frame -> naming.value(FieldType.GFN, frame)).toList()));
      } else if (source >= 0) {
        inputs.add(result(source, call.sourceColumn(element, i)));
      } else {
        inputs.add(naming.value(fields.get(i).type(), call.get(element, i)));
      }
    }
    return inputs;
  }

  private Value result(int source, int column) {
    int step = stepOfCall.get(source);
    named.add(step);
    Operation operation = operations.get(source);
    int perElement = Column.perElement(operation);
    int element = column < Column.OF_STEP ? 0 : (column - Column.OF_STEP) / perElement;
    String name = name(step);
    String text = name;
    FieldType type = operation.returns();
    if (column != Column.RETURNS) {
      Field field = operation.out().get((column - Column.OF_STEP) % perElement - 1);
      text += (steps.get(step).elements().size() > 1 ? "." + element : "") + "." + field.name();
      type = field.type();
    }
    return new Value.Result(name, step, element, column, type, text);
  }

  private static String name(int step) {
    return "s" + (step + 1);
  }

  /** How many steps were written. */
  public int size() {
    return steps.size();
  }

  /** What was written. */
  public Scenario scenario(String title, String asks) {
    List<Step> all = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      all.add(named.contains(i) ? steps.get(i).named(name(i)) : steps.get(i));
    }
    Scenario bare = setting.scenario();
    return new Scenario(title, asks, "", bare.machine(), bare.domains(), all, List.of(), true, List.of(), bare.invariants()).withProgramsOfSequence();
  }
}
