package org.xenarium.scenarios.cli;

/** What the command's exit status means. */
final class ExitStatus {
  static final int OK = 0;

  /** An expectation in a file is not met. */
  static final int DIFFERENCE = 1;

  /** The command line or an input file is wrong, or the output cannot be written. */
  static final int BAD_INPUT = 2;

  /** A bound was met before anything was decided. */
  static final int UNDECIDED = 3;

  /** Xenarium itself is wrong. */
  static final int INTERNAL = 70;

  private ExitStatus() {}
}
