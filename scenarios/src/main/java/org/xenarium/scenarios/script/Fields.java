package org.xenarium.scenarios.script;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** The fields of a YAML mapping in one line. */
final class Fields {
  private final Map<String, String> values = new LinkedHashMap<>();

  void put(String name, String value) {
    values.put(name, value);
  }

  void unless(String name, long value, long preset) {
    if (value != preset) {
      put(name, Long.toString(value));
    }
  }

  void truth(String name, boolean value, boolean preset) {
    if (value != preset) {
      put(name, Boolean.toString(value));
    }
  }

  void time(String name, long value, long preset) {
    if (value != preset) {
      put(name, Numbers.time(value));
    }
  }

  void optional(String name, OptionalLong value) {
    value.ifPresent(number -> put(name, Long.toString(number)));
  }

  void unlessEmpty(String name, Fields fields) {
    if (!fields.isEmpty()) {
      put(name, fields.toString());
    }
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "{", "}");
    values.forEach((name, value) -> text.add(name + ": " + value));
    return text.toString();
  }
}
