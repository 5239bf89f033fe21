package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.xenarium.scenarios.recording.Spelling;

/** A YAML mapping whose keys are known beforehand, each given once. Everything else is reported when it is made. */
final class Mapping {
  private final Place place;
  private final String title;
  private final Problems problems;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Place> keys = new LinkedHashMap<>();
  private boolean hadUnknown;

  private Mapping(Place place, String title, Problems problems) {
    this.place = place;
    this.title = title;
    this.problems = problems;
  }

  /** A mapping with keys among {@code known}; without keys if the node is no mapping. */
  static Mapping of(Node node, String title, List<String> known, Problems problems) {
    Mapping mapping = any(node, title, problems);
    for (String key : List.copyOf(mapping.values.keySet())) {
      if (!known.contains(key)) {
        mapping.unknown(key, known);
        mapping.values.remove(key);
      }
    }
    return mapping;
  }

  /** A mapping with keys of any name. */
  static Mapping any(Node node, String title, Problems problems) {
    Mapping mapping = new Mapping(Yaml.place(node), title, problems);
    if (!(node instanceof MappingNode tree)) {
      problems.add(mapping.place, title + ": expected a mapping, found " + Yaml.found(node));
      return mapping;
    }
    for (NodeTuple entry : tree.getValue()) {
      mapping.add(entry.getKeyNode(), entry.getValueNode());
    }
    return mapping;
  }

  private void add(Node key, Node value) {
    Place at = Yaml.place(key);
    if (!(key instanceof ScalarNode scalar)) {
      problems.add(at, title + ": expected a name before the colon, found " + Yaml.found(key));
    } else if (values.containsKey(scalar.getValue())) {
      problems.add(at, "\"" + scalar.getValue() + "\" is given twice in " + title);
    } else {
      values.put(scalar.getValue(), value);
      keys.put(scalar.getValue(), at);
    }
  }

  /** True when all keys were known ones. */
  boolean isClean() {
    return !hadUnknown;
  }

  /** Complains about a key that nobody knows. */
  void unknown(String key, List<String> known) {
    hadUnknown = true;
    problems.add(placeOf(key), "unknown key \"" + key + "\" in " + title + suggestion(key, known));
  }

  private static String suggestion(String key, List<String> known) {
    String near = Spelling.nearest(key, known);
    return near != null ? "; did you mean \"" + near + "\"?" : known.size() <= 16 ? "; known are " + String.join(", ", known) : "";
  }

  Place place() {
    return place;
  }

  /** Where the key stands. */
  Place placeOf(String key) {
    return keys.getOrDefault(key, place);
  }

  List<String> keys() {
    return new ArrayList<>(values.keySet());
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  @Nullable Node get(String key) {
    return values.get(key);
  }

  /** As {@link #get}; that the key is missing is reported. */
  @Nullable Node require(String key) {
    Node value = values.get(key);
    if (value == null) {
      problems.add(place, title + " lacks \"" + key + "\"");
    }
    return value;
  }

  /** A whole number; {@code preset} where the key is missing. */
  long number(String key, long least, long most, long preset) {
    Node value = values.get(key);
    return value == null ? preset : Yaml.number(value, "\"" + key + "\"", least, most, preset, problems);
  }

  boolean truth(String key) {
    Node value = values.get(key);
    Boolean truth = value == null ? null : Yaml.truth(value, "\"" + key + "\"", problems);
    return truth != null && truth;
  }

  /** Text; empty where the key is missing. */
  String text(String key) {
    Node value = values.get(key);
    String text = value == null ? null : Yaml.text(value, "\"" + key + "\"", problems);
    return text == null ? "" : text;
  }

  /** One of several words; the first where the key is missing. */
  String word(String key, List<String> words) {
    if (!has(key)) {
      return words.get(0);
    }
    String text = text(key);
    if (!text.isEmpty() && !words.contains(text)) {
      Node value = values.get(key);
      problems.add(value == null ? place : Yaml.place(value), "\"" + key + "\": expected one of " + String.join(", ", words) + ", found " + text
          + nearest(text, words));
    }
    return words.contains(text) ? text : words.get(0);
  }

  private static String nearest(String text, List<String> words) {
    String near = Spelling.nearest(text, words);
    return near == null ? "" : "; did you mean " + near + "?";
  }

  /** A time in nanoseconds; {@code preset} where the key is missing. */
  long time(String key, long preset) {
    Node value = values.get(key);
    if (value == null) {
      return preset;
    }
    Long nanos = value instanceof ScalarNode scalar ? Numbers.nanos(scalar.getValue()) : null;
    if (nanos == null) {
      problems.add(Yaml.place(value), "\"" + key + "\": expected a time such as 10ms, found " + Yaml.found(value));
      return preset;
    }
    return nanos;
  }
}
