package org.xenarium.scenarios.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.claim.Properties;
import org.xenarium.scenarios.recording.Spelling;

/** The properties that {@code --property} names. */
final class PropertyNames {
  /** What is said instead of a name when nothing is to hold. */
  private static final String NONE = "none";

  private PropertyNames() {}

  /** Names of the properties that there are. */
  static List<String> all() {
    return Properties.all().stream().map(Property::name).toList();
  }

  /**
   * Names of properties, all of them where none is given.
   *
   * @param given what was typed: names with commas between them
   * @throws IllegalArgumentException with the problem, if that is not what was typed
   */
  static List<String> of(List<String> given) {
    List<String> all = all();
    List<String> names = new ArrayList<>();
    for (String text : given) {
      Arrays.stream(text.split(",", -1)).map(String::strip).forEach(names::add);
    }
    if (names.equals(List.of(NONE))) {
      return List.of();
    }
    for (String name : names) {
      if (!all.contains(name)) {
        throw new IllegalArgumentException("property: " + problem(name, all, String.join(",", given)));
      }
    }
    return names.isEmpty() ? all : names;
  }

  private static String problem(String name, List<String> all, String typed) {
    if (name.isEmpty()) {
      return "expected names with commas between them, found '" + typed + "'";
    }
    if (name.equals(NONE)) {
      return "'" + NONE + "' says that nothing is to hold and stands alone, found '" + typed + "'";
    }
    String near = Spelling.nearest(name, all);
    return "there is no property '" + name + "'" + (near == null ? "; --list lists those that there are" : "; did you mean '" + near + "'?");
  }
}
