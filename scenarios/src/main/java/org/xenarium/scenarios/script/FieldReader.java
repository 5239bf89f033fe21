package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.xenarium.scenarios.recording.Spelling;
import org.xenarium.scenarios.script.Tokens.Mistake;

/** Reads values where YAML has them, and checks that they fit. */
final class FieldReader {
  private final Problems problems;
  private final Scope scope;

  FieldReader(Problems problems, Scope scope) {
    this.problems = problems;
    this.scope = scope;
  }

  /** An input of an operation. */
  Value field(Node node, Field field) {
    Value value = value(node, "\"" + field.name() + "\"", field.type());
    checkRange(node, field, value);
    return value;
  }

  /** Complains about a number that the field cannot hold. */
  void checkRange(Node node, Field field, Value value) {
    if (value instanceof Value.Number number && !field.holds(number.value())) {
      String most = Long.toUnsignedString(field.size() == Long.BYTES ? -1 : (1L << (8 * field.size())) - 1);
      problems.add(Yaml.place(node), "\"" + field.name() + "\": expected a whole number from 0 to " + most + ", found " + number);
    }
  }

  /** A value of any kind; 0 after a mistake, which is reported. */
  Value value(Node node, String title, FieldType type) {
    if (node instanceof SequenceNode list && type.isFlags()) {
      return flags(list, title, type);
    }
    if (node instanceof SequenceNode list && type.isList()) {
      FieldType item = type == FieldType.FRAME_LIST ? FieldType.GFN : FieldType.NUMBER;
      return new Value.Items(list.getValue().stream().map(one -> value(one, title, item)).toList());
    }
    if (node instanceof ScalarNode scalar && type == FieldType.TEXT) {
      return text(scalar, title);
    }
    boolean usable = node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL) && !scalar.getTag().equals(Tag.FLOAT)
        && (!scalar.getTag().equals(Tag.BOOL) || type == FieldType.FLAG);
    if (!usable || !(node instanceof ScalarNode scalar)) {
      problems.add(Yaml.place(node), title + ": expected " + type.words() + ", found " + Yaml.found(node));
      return Value.Number.of(0);
    }
    try {
      return ValueReader.read(scalar.getValue(), type, scope);
    } catch (Mistake e) {
      problems.add(placeIn(scalar, e.offset()), title + ": " + e.problem());
      return Value.Number.of(0);
    }
  }

  private Value text(ScalarNode node, String title) {
    String text = node.getValue();
    OptionalLong number = FieldType.TEXT.symbol(text);
    if (number.isEmpty()) {
      String near = Spelling.nearest(text, FieldType.TEXT.symbols());
      problems.add(Yaml.place(node), title + ": expected " + FieldType.TEXT.words() + ", found " + Yaml.found(node)
          + (near == null ? "; known are " + String.join(", ", FieldType.TEXT.symbols()) : "; did you mean \"" + near + "\"?"));
    }
    return new Value.Number(number.orElse(0), text);
  }

  private Value flags(SequenceNode list, String title, FieldType type) {
    List<Value> flags = new ArrayList<>();
    for (Node flag : list.getValue()) {
      flags.add(value(flag, title, type));
    }
    return switch (flags.size()) {
      case 0 -> Value.Number.of(0);
      case 1 -> flags.get(0);
      default -> new Value.Sum(flags);
    };
  }

  /** The place of a character of a scalar, where it stands in the file as it is meant. */
  static Place placeIn(ScalarNode scalar, int offset) {
    Place start = Yaml.place(scalar);
    return scalar.isPlain() ? new Place(start.line(), start.column() + offset) : start;
  }
}
