package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.xenarium.gnttab.driver.DriverDifference;
import org.xenarium.scenarios.script.Scope.Outline;

/** Reads one step. */
final class StepReader {
  /** What a step may say besides its operation. */
  static final List<String> KEYS = List.of("by", "as", "expect", "at", "after", "repeat", "stops", "count", "ptr", "note");

  /** Inputs that, where they follow a list, are its length unless it is said otherwise. */
  private static final List<String> COUNTS = List.of("nr", "out_nr");

  static final long MOST_REPEATS = 1_000_000;

  private final Problems problems;

  StepReader(Problems problems) {
    this.problems = problems;
  }

  /** All keys that a step may have. */
  static List<String> known() {
    return Stream.concat(KEYS.stream(), Stream.of(Operation.values()).map(Operation::spelling)).toList();
  }

  /** A step whose keys have been looked at. */
  record Draft(Mapping mapping, Operation operation, List<Node> elements, boolean batch) {}

  /** The first look: which operation it is and how many elements it has. Null after a mistake, which is reported. */
  @Nullable Draft draft(Node node) {
    Mapping mapping = Mapping.of(node, "the step", known(), problems);
    List<String> operations = mapping.keys().stream().filter(key -> !KEYS.contains(key)).toList();
    if (operations.size() != 1) {
      if (node instanceof MappingNode && (mapping.isClean() || !operations.isEmpty())) {
        problems.add(mapping.place(), operations.isEmpty()
            ? "the step lacks an operation"
            : "a step has one operation, found " + String.join(" and ", operations));
      }
      return null;
    }
    Operation operation = Operation.named(operations.get(0));
    Node value = mapping.get(operations.get(0));
    if (operation == null || value == null) {
      throw new AssertionError(operations);
    }
    boolean batch = value instanceof SequenceNode && operation.takesBatches();
    List<Node> elements = batch && value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value);
    // The driver's calls are told how many elements there are; a hypercall may be told anything.
    if (elements.isEmpty() && operation.kind() != Kind.DRIVER_ARRAY && !mapping.has("count")) {
      problems.add(Yaml.place(value), "\"" + operation.spelling() + "\": a list of no elements needs a \"count\"");
    }
    return new Draft(mapping, operation, elements, batch);
  }

  /** The second look, when all names are known. */
  Step read(Draft draft, Optional<Actor> by, String name, Scope scope) {
    Mapping mapping = draft.mapping();
    Operation operation = draft.operation();
    List<List<Value>> elements = draft.elements().stream().map(element -> inputs(element, operation, scope)).toList();
    checkDriver(mapping.placeOf(operation.spelling()), operation, by, scope);
    if (operation == Operation.CREATE && elements.get(0).get(0) instanceof Value one && !isAbsent(one, scope)) {
      problems.add(mapping.placeOf(operation.spelling()), "create: " + one + " is no domain that is absent at the start; give one \"absent: true\"");
    }
    boolean struct = operation.kind() == Kind.STRUCT;
    for (String key : List.of("count", "ptr")) {
      if (mapping.has(key) && !struct) {
        problems.add(mapping.placeOf(key), "\"" + key + "\" is for hypercalls with an argument struct, found " + operation.spelling());
      }
    }
    List<Expectation> expectations =
        mapping.get("expect") instanceof Node expect
            ? new ExpectationReader(problems, operation, draft.elements().size(), draft.batch(), scope).read(expect)
            : List.of();
    return new Step(
        mapping.place(), by, operation, elements, draft.batch(), name,
        time(mapping, "at"), time(mapping, "after"),
        value(mapping, "count", FieldType.NUMBER, scope), value(mapping, "ptr", FieldType.ADDRESS, scope),
        repeat(mapping, operation), stops(mapping, operation), expectations, mapping.text("note"));
  }

  private static boolean isAbsent(Value value, Scope scope) {
    return value instanceof Value.DomainId domain && scope.domains().get(domain.domain()) instanceof DomainSetup setup && setup.absent();
  }

  /** Older drivers take other structs (D-Z4). */
  private void checkDriver(Place place, Operation operation, Optional<Actor> by, Scope scope) {
    DomainSetup domain = by.isEmpty() ? null : scope.domains().get(by.get().domain());
    if (domain == null || operation != Operation.UNMAP_REFS && operation != Operation.OLD_UNMAP_REFS) {
      return;
    }
    boolean isOld = domain.driver().version().differences().contains(DriverDifference.MAP_STRUCTS_UNMAPPED);
    Operation known = isOld ? Operation.OLD_UNMAP_REFS : Operation.UNMAP_REFS;
    if (operation != known) {
      problems.add(place, operation.spelling() + " is not of the driver " + SetupReader.spelling(domain.driver().version()) + "; did you mean \""
          + known.spelling() + "\"?");
    }
  }

  private int repeat(Mapping mapping, Operation operation) {
    if (mapping.has("repeat") && !operation.hasActor()) {
      problems.add(mapping.placeOf("repeat"), "\"repeat\" is for what a guest does, found " + operation.spelling());
    }
    return (int) mapping.number("repeat", 1, MOST_REPEATS, 1);
  }

  private int stops(Mapping mapping, Operation operation) {
    if (mapping.has("stops") && (!operation.hasActor())) {
      problems.add(mapping.placeOf("stops"), "\"stops\" is for what a guest does, found " + operation.spelling());
    }
    return (int) mapping.number("stops", 0, MOST_REPEATS, 0);
  }

  private static OptionalLong time(Mapping mapping, String key) {
    return mapping.has(key) ? OptionalLong.of(mapping.time(key, 0)) : OptionalLong.empty();
  }

  private Optional<Value> value(Mapping mapping, String key, FieldType type, Scope scope) {
    Node node = mapping.get(key);
    return node == null ? Optional.empty() : Optional.of(new FieldReader(problems, scope).value(node, "\"" + key + "\"", type));
  }

  /** The inputs of one element, those that are not given by their presets. */
  private List<Value> inputs(Node node, Operation operation, Scope scope) {
    String title = "\"" + operation.spelling() + "\"";
    FieldReader reader = new FieldReader(problems, scope);
    if (!(node instanceof MappingNode) && operation.in().size() == 1) {
      return List.of(reader.field(node, operation.in().get(0)));
    }
    if (node instanceof ScalarNode && operation.in().isEmpty() && Yaml.found(node).equals("nothing")) {
      return List.of();
    }
    Mapping mapping = Mapping.of(node, title, operation.in().stream().map(Field::name).toList(), problems);
    List<Value> inputs = new ArrayList<>();
    for (Field field : operation.in()) {
      Node given = field.required() && node instanceof MappingNode && mapping.isClean() ? mapping.require(field.name()) : mapping.get(field.name());
      inputs.add(given == null ? field.presetValue() : reader.field(given, field));
    }
    countFrames(operation, mapping, inputs);
    return inputs;
  }

  /** Where frames are listed there are as many as the list has, unless it is said otherwise. */
  private static void countFrames(Operation operation, Mapping mapping, List<Value> inputs) {
    for (int i = 0; i + 1 < inputs.size(); i++) {
      boolean counted = COUNTS.contains(operation.in().get(i + 1).name()) && !mapping.has(operation.in().get(i + 1).name());
      if (counted && inputs.get(i) instanceof Value.Items list) {
        inputs.set(i + 1, Value.Number.of(list.items().size()));
      }
    }
  }

  /** What the step is known by to others. */
  static Outline outline(Draft draft, int step, int program) {
    return new Outline(step, program, draft.operation(), draft.elements().size(), draft.batch());
  }
}
