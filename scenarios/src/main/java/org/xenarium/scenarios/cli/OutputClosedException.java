package org.xenarium.scenarios.cli;

/** Nobody reads the standard output any more. */
final class OutputClosedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutputClosedException() {
    super("standard output was closed");
  }
}
