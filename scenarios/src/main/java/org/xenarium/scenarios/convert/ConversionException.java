package org.xenarium.scenarios.convert;

/** A recording or scenario has something in it that the other cannot express. The message says where and what. */
public final class ConversionException extends Exception {
  private static final long serialVersionUID = 1L;

  ConversionException(String file, int line, String problem) {
    super(file + (line > 0 ? ":" + line : "") + ": " + problem);
  }
}
