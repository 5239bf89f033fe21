package org.xenarium.scenarios.script;

import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The node tree of a YAML 1.2 file, and where each node stands. */
final class Yaml {
  private static final int LONGEST = 64 << 20;

  private Yaml() {}

  /** The root of the only document in {@code text}; a mistake is reported and leaves nothing. */
  static @Nullable Node compose(String text, Problems problems) {
    LoadSettings settings =
        LoadSettings.builder().setAllowDuplicateKeys(true).setSchema(new CoreSchema()).setCodePointLimit(LONGEST).build();
    try {
      Iterator<Node> documents = new Compose(settings).composeAllFromString(text).iterator();
      if (!documents.hasNext()) {
        problems.add(new Place(1, 1), "expected a scenario, found an empty file");
        return null;
      }
      Node root = documents.next();
      if (documents.hasNext()) {
        problems.add(place(documents.next()), "expected one scenario in a file, found a second document");
        return null;
      }
      boolean plain = isPlain(root, problems);
      return plain ? root : null;
    } catch (MarkedYamlEngineException e) {
      problems.add(e.getProblemMark().map(Yaml::place).orElse(Place.NOWHERE), "cannot be read as YAML: " + e.getProblem() + hint(e.getProblem()));
    } catch (YamlEngineException e) {
      problems.add(new Place(1, 1), "cannot be read as YAML: " + e.getMessage());
    }
    return null;
  }

  private static String hint(String problem) {
    return problem.contains("expected ',' or '}'") ? "; between { and } write ram.3, not ram[3], and put quotes around what has commas" : "";
  }

  /** Anchors would make one place stand for several, and tags change what a scalar means. */
  private static boolean isPlain(Node node, Problems problems) {
    if (node.getAnchor().isPresent()) {
      problems.add(place(node), "scenarios have no anchors and aliases: write it out");
      return false;
    }
    boolean ordinary = node.getTag().getValue().startsWith(Tag.PREFIX);
    if (!ordinary) {
      problems.add(place(node), "unknown tag " + node.getTag().getValue() + ": scenarios have none");
      return false;
    }
    return switch (node) {
      case MappingNode mapping ->
          mapping.getValue().stream().allMatch(entry -> isPlain(entry.getKeyNode(), problems) && isPlain(entry.getValueNode(), problems));
      case SequenceNode sequence -> sequence.getValue().stream().allMatch(element -> isPlain(element, problems));
      default -> true;
    };
  }

  static Place place(Node node) {
    Optional<Mark> mark = node.getStartMark();
    return mark.map(Yaml::place).orElse(Place.NOWHERE);
  }

  private static Place place(Mark mark) {
    return new Place(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** What stands there, in words. */
  static String found(Node node) {
    return switch (node) {
      case MappingNode mapping -> "a mapping";
      case SequenceNode sequence -> "a list";
      case ScalarNode scalar -> scalar.getTag().equals(Tag.NULL) ? "nothing" : scalar.getValue();
      default -> "something else";
    };
  }

  /** A scalar that is text and not a number, a truth value or nothing. */
  static @Nullable String text(Node node, String what, Problems problems) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return scalar.getValue();
    }
    boolean quotable = node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL);
    problems.add(place(node), what + ": expected text, found " + found(node) + (quotable ? "; put it in quotes" : ""));
    return null;
  }

  /** {@code true} or {@code false}. */
  static @Nullable Boolean truth(Node node, String what, Problems problems) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
      return scalar.getValue().toLowerCase(Locale.ROOT).equals("true");
    }
    problems.add(place(node), what + ": expected true or false, found " + found(node));
    return null;
  }

  /** A whole number from {@code least} to {@code most}; {@code preset} after a mistake. */
  static long number(Node node, String what, long least, long most, long preset, Problems problems) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
      Long value = Numbers.parse(scalar.getValue());
      if (value != null && value >= least && value <= most) {
        return value;
      }
    }
    problems.add(place(node), what + ": expected a whole number from " + least + " to " + most + ", found " + found(node));
    return preset;
  }
}
