package org.xenarium.scenarios.play;

/** A scenario is well formed and describes what cannot be. */
public final class UnplayableScenarioException extends Exception {
  private static final long serialVersionUID = 1L;

  UnplayableScenarioException(String problem) {
    super(problem);
  }
}
