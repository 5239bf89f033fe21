package org.xenarium.scenarios.script;

import java.util.List;

/**
 * A scenario cannot be read: it is not there, not YAML, or not in the language (docs/reference/scenarios.md). It carries every mistake that
 * was found, each one line for people: {@code FILE:LINE:COLUMN: what was expected, what was found, a suggestion}.
 */
public final class ScenarioException extends Exception {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /** At least one problem, in the order of the file. */
  ScenarioException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** All mistakes, in the order of the file. */
  public List<String> problems() {
    return problems;
  }
}
