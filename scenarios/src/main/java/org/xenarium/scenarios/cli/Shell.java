package org.xenarium.scenarios.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Commands for people to paste into a POSIX shell. */
final class Shell {
  /** Characters that mean nothing to a shell. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private Shell() {}

  /** A command of Xenarium's: called as the launcher was called, which says so with this property, then words and paths. */
  static String command(Object... words) {
    String name = quoted(System.getProperty("xenarium.name", "xenarium"));
    return Arrays.stream(words).map(word -> " " + quoted(word instanceof Path path ? operand(path) : String.valueOf(word)))
        .collect(Collectors.joining("", name, ""));
  }

  /** A path that is taken for no option. */
  private static String operand(Path path) {
    return path.toString().startsWith("-") ? "./" + path : path.toString();
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
