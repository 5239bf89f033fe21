package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.xenarium.scenarios.script.Condition.Comparison;
import org.xenarium.scenarios.script.Condition.Quantifier;
import org.xenarium.scenarios.script.Condition.Relation;
import org.xenarium.scenarios.script.Tokens.Mistake;

/** Reads conditions: comparisons such as {@code flags(A, 8) == 0}, one or a list of them. */
final class ConditionReader {
  private final Problems problems;
  private final Scope scope;

  ConditionReader(Problems problems, Scope scope) {
    this.problems = problems;
    this.scope = scope;
  }

  Condition read(Quantifier quantifier, Node node) {
    List<Node> nodes = node instanceof SequenceNode list ? list.getValue() : List.of(node);
    if (nodes.isEmpty()) {
      problems.add(Yaml.place(node), "\"" + quantifier.spelling() + "\": expected a comparison such as flags(A, 8) == 0, found none");
    }
    List<Comparison> all = new ArrayList<>();
    for (Node one : nodes) {
      Comparison comparison = comparison(quantifier, one);
      if (comparison != null) {
        all.add(comparison);
      }
    }
    return new Condition(Yaml.place(node), quantifier, all);
  }

  private @Nullable Comparison comparison(Quantifier quantifier, Node node) {
    String title = "\"" + quantifier.spelling() + "\"";
    String text = Yaml.text(node, title, problems);
    if (text == null || !(node instanceof ScalarNode scalar)) {
      return null;
    }
    try {
      return comparison(Yaml.place(node), text);
    } catch (Mistake e) {
      problems.add(FieldReader.placeIn(scalar, e.offset()), title + ": " + e.problem());
      return null;
    }
  }

  private Comparison comparison(Place place, String text) throws Mistake {
    Tokens tokens = new Tokens(text);
    ValueReader reader = new ValueReader(tokens, scope);
    Value left = reader.sum(FieldType.NUMBER);
    Relation relation = relation(tokens);
    FieldType type = ValueReader.typeOf(left);
    Value right = reader.sum(type);
    if (!tokens.peek().isEmpty()) {
      throw tokens.mistake("expected the end of the comparison, found \"" + tokens.peek() + "\"; give several as a list");
    }
    if (isConstant(left) && isConstant(right)) {
      throw new Mistake(0, "compares two constants: it could never fail, or never hold");
    }
    return new Comparison(place, left, relation, right, type);
  }

  private static Relation relation(Tokens tokens) throws Mistake {
    for (Relation relation : Relation.values()) {
      if (tokens.takes(relation.sign())) {
        return relation;
      }
    }
    throw tokens.mistake("expected ==, !=, <, <=, > or >=" + (tokens.peek().isEmpty() ? "" : ", found \"" + tokens.peek() + "\""));
  }

  private static boolean isConstant(Value value) {
    return switch (value) {
      case Value.Number number -> true;
      case Value.DomainId domain -> true;
      case Value.Page page -> true;
      case Value.Items items -> true;
      case Value.Result result -> false;
      case Value.Question question -> false;
      case Value.Converted converted -> isConstant(converted.value());
      case Value.Negative negative -> isConstant(negative.value());
      case Value.Sum sum -> sum.parts().stream().allMatch(ConditionReader::isConstant);
    };
  }
}
