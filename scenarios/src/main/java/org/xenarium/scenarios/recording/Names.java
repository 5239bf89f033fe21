package org.xenarium.scenarios.recording;

import java.util.List;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.Named;

/** The field names of one kind of JSON object; a field is known by its place in the list, so that a line needs no maps. */
final class Names {
  static final JsonFactory JSON = new JsonFactory();

  private final String title;
  private final List<String> names;
  private final PropertyNameMatcher matcher;

  /** {@code title}: the object as messages call it, for instance {@code "in" of map}. */
  Names(String title, List<String> names) {
    if (names.size() > Long.SIZE) {
      throw new IllegalArgumentException("more fields than a mask has bits: " + title);
    }
    this.title = title;
    this.names = List.copyOf(names);
    this.matcher = JSON.constructNameMatcher(names.stream().map(Named::fromString).toList(), false);
  }

  Names(String title, String... names) {
    this(title, List.of(names));
  }

  String title() {
    return title;
  }

  List<String> names() {
    return names;
  }

  PropertyNameMatcher matcher() {
    return matcher;
  }

  String name(int index) {
    return names.get(index);
  }

  /** The mask of the first {@code count} fields. */
  static long first(int count) {
    return count == Long.SIZE ? -1 : (1L << count) - 1;
  }
}
