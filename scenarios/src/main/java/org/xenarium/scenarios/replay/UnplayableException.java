package org.xenarium.scenarios.replay;

/** A recording is well formed, but no machine can be built for it or it asks for something that the machine does not have. */
public final class UnplayableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnplayableException(String file, int line, String problem) {
    super(file + ":" + line + ": " + problem);
  }
}
