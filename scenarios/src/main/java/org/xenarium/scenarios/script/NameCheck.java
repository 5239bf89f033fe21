package org.xenarium.scenarios.script;

import java.util.regex.Pattern;

/** Names that a scenario gives to domains and results. They must not be taken for anything else. */
final class NameCheck {
  /** What a name looks like. */
  static final String PATTERN = "[A-Za-z_][A-Za-z0-9_]*";

  private static final Pattern NAME = Pattern.compile(PATTERN);

  private NameCheck() {}

  static void check(String name, Place place, String what, Problems problems) {
    if (!NAME.matcher(name).matches()) {
      problems.add(place, "\"" + name + "\" cannot be the name of " + what + ": expected letters, digits and _, not beginning with a digit");
    }
    boolean taken = Area.named(name) != null || StateFunction.named(name) != null || name.equals("SELF") || name.equals(ScenarioReader.TOOLSTACK)
        || name.equals("gfn") || name.equals("addr") || name.equals("true") || name.equals("false");
    if (taken) {
      problems.add(place, "\"" + name + "\" cannot be the name of " + what + ": it means something already");
    }
  }
}
