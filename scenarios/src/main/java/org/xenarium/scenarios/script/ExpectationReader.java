package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.xenarium.scenarios.recording.Spelling;
import org.xenarium.scenarios.script.Expectation.How;

/** Reads what is expected of one step. An expectation that could never be met or never fail is a mistake. */
final class ExpectationReader {
  /** What can be expected of every operation besides its results. */
  static final List<String> COMMON = List.of("rule", "takes", "faults", "blocks", "hangs", "panics");

  private final Problems problems;
  private final Operation operation;
  private final int elements;
  private final boolean batch;
  private final Scope scope;
  private final List<Expectation> read = new ArrayList<>();

  ExpectationReader(Problems problems, Operation operation, int elements, boolean batch, Scope scope) {
    this.problems = problems;
    this.operation = operation;
    this.elements = elements;
    this.batch = batch;
    this.scope = scope;
  }

  /** Everything that can be expected of that operation. */
  static List<String> known(Operation operation) {
    List<String> known = new ArrayList<>(Column.names(operation));
    known.addAll(COMMON);
    return known;
  }

  List<Expectation> read(Node node) {
    Mapping mapping = Mapping.of(node, "\"expect\" of " + operation.spelling(), known(operation), problems);
    for (String key : mapping.keys()) {
      Node value = mapping.get(key);
      if (value != null) {
        read(key, value, mapping);
      }
    }
    checkPossible(mapping);
    return read;
  }

  private void read(String key, Node value, Mapping mapping) {
    Place place = mapping.placeOf(key);
    switch (key) {
      case "rule" -> rules(place, value);
      case "takes" -> takes(place, mapping.time(key, 0), Yaml.found(value));
      case "faults" -> faults(place, value);
      case "blocks" -> ends(place, How.BLOCKS, value);
      case "hangs" -> ends(place, How.HANGS, value);
      case "panics" -> ends(place, How.PANICS, value);
      case "returns" -> equal(place, key, 0, value);
      default -> perElement(place, key, value);
    }
  }

  private void perElement(Place place, String key, Node value) {
    boolean flags = Column.type(operation, key).isFlags() && !batch;
    if (!(value instanceof SequenceNode list) || flags || !operation.takesBatches()) {
      for (int element = 0; element < elements; element++) {
        equal(place, key, element, value);
      }
      return;
    }
    if (list.getValue().size() != elements) {
      problems.add(Yaml.place(value), "\"" + key + "\": expected one value for each of " + elements + " elements, found " + list.getValue().size());
      return;
    }
    for (int element = 0; element < elements; element++) {
      equal(place, key, element, list.getValue().get(element));
    }
  }

  private void equal(Place place, String key, int element, Node node) {
    FieldType type = Column.type(operation, key);
    FieldReader reader = new FieldReader(problems, scope);
    Value value = reader.value(node, "\"" + key + "\"", type);
    operation.out().stream().filter(field -> field.name().equals(key)).forEach(field -> reader.checkRange(node, field, value));
    if (key.equals("status") && value instanceof Value.Number number && number.value() != (short) number.value()) {
      problems.add(Yaml.place(node), "\"status\": expected a number from -32768 to 32767, found " + number);
    }
    read.add(new Expectation.Equals(place, key, element, Column.named(operation, element, key), type, value));
  }

  private void rules(Place place, Node value) {
    if (!(value instanceof SequenceNode list)) {
      rule(place, -1, value);
      return;
    }
    if (list.getValue().size() != elements) {
      problems.add(Yaml.place(value), "\"rule\": expected one rule for each of " + elements + " elements, found " + list.getValue().size());
      return;
    }
    for (int element = 0; element < elements; element++) {
      rule(place, element, list.getValue().get(element));
    }
  }

  private void rule(Place place, int element, Node node) {
    String id = Yaml.text(node, "\"rule\"", problems);
    if (id == null) {
      return;
    }
    if (!RuleNames.all().contains(id)) {
      String near = Spelling.nearest(id, RuleNames.all());
      problems.add(Yaml.place(node), "unknown rule " + id + (near == null ? "; docs/reference/rules.md lists them" : "; did you mean " + near + "?"));
    }
    read.add(new Expectation.DecidedBy(place, element, id));
  }

  private void takes(Place place, long nanos, String text) {
    read.add(new Expectation.Takes(place, text, nanos, Numbers.unit(text)));
  }

  private void faults(Place place, Node value) {
    boolean anywhere = value instanceof ScalarNode scalar && scalar.getValue().equals("true");
    read.add(new Expectation.Faults(
        place, anywhere ? Optional.empty() : Optional.of(new FieldReader(problems, scope).value(value, "\"faults\"", FieldType.ADDRESS))));
  }

  private void ends(Place place, How how, Node value) {
    Boolean really = Yaml.truth(value, "\"" + how.spelling() + "\"", problems);
    read.add(new Expectation.Ends(place, how, really != null && really));
  }

  private void checkPossible(Mapping mapping) {
    if (mapping.has("faults") && !operation.mayFault()) {
      problems.add(mapping.placeOf("faults"), operation.spelling() + " never faults: only loads and stores do");
    }
    boolean never = read.stream().anyMatch(ExpectationReader::excludesResults);
    boolean results = read.stream().anyMatch(one -> one instanceof Expectation.Equals || one instanceof Expectation.Takes);
    if (never && results) {
      problems.add(mapping.place(), "a step that faults, hangs or panics has no results to expect");
    }
  }

  private static boolean excludesResults(Expectation expectation) {
    return switch (expectation) {
      case Expectation.Faults faults -> true;
      case Expectation.Ends ends -> ends.really() && ends.how() != How.BLOCKS;
      default -> false;
    };
  }
}
