package org.xenarium.scenarios.vocabulary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.xenarium.scenarios.play.OtherDriver;
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
  private static final int LEFT_OUT = -1;

  private final Setting setting;
  private final List<Actor> actors;
  private final Naming naming;

  /** For each actor, the step that it has begun last. */
  private final int[] stepOf;

  /** Who is within that step. */
  private final boolean[] busy;

  private final List<Step> steps = new ArrayList<>();

  /** For each call of the run, which step of the scenario it is. */
  private final List<Integer> stepOfCall = new ArrayList<>();

  /** For each call of the run, what it was. */
  private final List<Operation> operations = new ArrayList<>();

  /** Whether the calls of a domid's driver are left out at present. */
  private IntPredicate withoutDriver = domid -> false;

  /** Whether some were. */
  private boolean leftOut;

  /** Steps whose results others use. */
  private final TreeSet<Integer> named = new TreeSet<>();

  /** Writes down a run of that setting with those actors. */
  public Scribe(Setting setting, List<Actor> actors) {
    this.setting = setting;
    this.actors = actors;
    stepOf = new int[actors.size()];
    busy = new boolean[actors.size()];
    Map<Integer, String> domains = new HashMap<>();
    setting.scenario().domains().forEach(domain -> domains.putIfAbsent(domain.id(), domain.name()));
    naming = new Naming(domains, setting.scenario().domains().stream().mapToLong(domain -> domain.ram()).min().orElse(0));
  }

  /**
   * The calls of some domains' grant drivers are left out, because somebody else tells by {@link #wrote} what came of them.
   *
   * @param domids asked when a call begins: a later domain may have the domid of an earlier one, and another driver
   */
  public void leaveOutDrivers(IntPredicate domids) {
    withoutDriver = domids;
  }

  /**
   * Something was done that is not a call of the run.
   *
   * @param elements the inputs of each
   * @param frames what an input stands for that is a list of frames
   */
  public void wrote(int actor, Operation operation, List<long[]> elements, long[] frames) {
    List<List<Value>> values = new ArrayList<>();
    for (long[] element : elements) {
      List<Value> inputs = new ArrayList<>();
      for (int i = 0; i < element.length; i++) {
        FieldType type = operation.in().get(i).type();
        inputs.add(type == FieldType.FRAME_LIST && frames.length > 0 ? list(type, frames) : naming.value(type, element[i]));
      }
      values.add(inputs);
    }
    steps.add(new Step(Place.NOWHERE, Optional.of(actors.get(actor)), operation, values, values.size() > 1, "", OptionalLong.empty(),
        OptionalLong.empty(), Optional.empty(), Optional.empty(), 1, 0, List.of(), ""));
  }

  private Value list(FieldType type, long[] items) {
    FieldType of = type == FieldType.FRAME_LIST ? FieldType.GFN : FieldType.NUMBER;
    return new Value.Items(Arrays.stream(items).mapToObj(item -> naming.value(of, item)).toList());
  }

  @Override
  public void begins(int actor, Call call, int pace) {
    if (OtherDriver.takes(call.operation()) && withoutDriver.test(domid(actor))) {
      leftOut = true;
      stepOf[actor] = LEFT_OUT;
      stepOfCall.add(LEFT_OUT);
      operations.add(call.operation());
      return;
    }
    List<List<Value>> elements = new ArrayList<>();
    for (int element = 0; element < call.elements(); element++) {
      elements.add(inputs(call, element));
    }
    stepOf[actor] = steps.size();
    busy[actor] = true;
    note(call.operation());
    steps.add(new Step(Place.NOWHERE, Optional.of(actors.get(actor)), call.operation(), elements, call.isBatch(), "", OptionalLong.empty(),
        OptionalLong.empty(), number(call.passed()), number(call.pointer()), 1, pace == Run.TO_THE_END ? 0 : pace, List.of(), ""));
  }

  /** A step that ends before it would have stopped needs not be told to. */
  @Override
  public void ended(int actor, Call call, Progress progress) {
    busy[actor] = false;
    int last = steps.size() - 1;
    if (stepOf[actor] == LEFT_OUT) {
      return;
    }
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
    if (stepOf[actor] != LEFT_OUT) {
      expect(actor, new Expectation.Ends(Place.NOWHERE, stuck ? How.HANGS : How.BLOCKS, true));
    }
  }

  private void expect(int actor, Expectation expectation) {
    Step step = steps.get(stepOf[actor]);
    if (!step.expectations().contains(expectation)) {
      steps.set(stepOf[actor], step.expecting(expectation));
    }
  }

  @Override
  public void goesOn(int actor, int pace) {
    if (stepOf[actor] == LEFT_OUT) {
      return;
    }
    Actor who = actors.get(actor);
    List<Value> inputs = List.of(new Value.DomainId(who.domain()), Value.Number.of(who.vcpu()), Value.Number.of(pace));
    addOutside(Operation.GO_ON, inputs);
  }

  @Override
  public void outside(Operation operation, long... numbers) {
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      inputs.add(operation == Operation.CREATE ? later(numbers[i]) : naming.value(operation.in().get(i).type(), numbers[i]));
    }
    note(operation);
    addOutside(operation, inputs);
  }

  private Value later(long domid) {
    return new Value.DomainId(setting.scenario().domains().stream().filter(domain -> domain.absent() && domain.id() == domid).findFirst().orElseThrow().name());
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
      FieldType type = fields.get(i).type();
      long[] list = call.list(element, i);
      if (list.length > 0) {
        inputs.add(list(type, list));
      } else if (source >= 0 && stepOfCall.get(source) != LEFT_OUT) {
        inputs.add(result(source, call.sourceColumn(element, i)));
      } else {
        inputs.add(naming.value(type, call.get(element, i)));
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

  private int domid(int actor) {
    return setting.scenario().domain(actors.get(actor).domain()).id();
  }

  private static String name(int step) {
    return "s" + (step + 1);
  }

  /** Whether calls of drivers were left out. */
  public boolean leavesOut() {
    return leftOut;
  }

  /** How many steps were written. */
  public int size() {
    return steps.size();
  }

  /** What was written. A step that has not come to its end never does. */
  public Scenario scenario(String title, String asks) {
    for (int actor = 0; actor < busy.length; actor++) {
      boolean hangs = busy[actor] && steps.get(stepOf[actor]).mayEndWith(How.HANGS);
      if (busy[actor] && !hangs) {
        expect(actor, new Expectation.Ends(Place.NOWHERE, How.BLOCKS, true));
      }
    }
    List<Step> all = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      all.add(named.contains(i) ? steps.get(i).named(name(i)) : steps.get(i));
    }
    Scenario bare = setting.scenario();
    return new Scenario(title, asks, "", bare.machine(), bare.domains(), all, List.of(), true, List.of(), bare.invariants()).withProgramsOfSequence();
  }
}
