package org.xenarium.scenarios.recording;

/**
 * A recording cannot be read: it is not there, not JSON, or not in the format of the recordings (docs/reference/recordings.md).
 *
 * <p>The message is one line for people, {@code FILE:LINE:COLUMN: what was expected, what was found, a suggestion}; line and column are
 * left out where they are not known. Columns count bytes, as a recording is ASCII in all places that matter.
 */
public final class RecordingException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;
  private final int column;

  RecordingException(String file, int line, int column, String problem) {
    super(position(file, line, column) + ": " + problem);
    this.file = file;
    this.line = line;
    this.column = column;
  }

  private static String position(String file, int line, int column) {
    return line == 0 ? file : column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
  }

  /** The file as it was named to {@link RecordingReader#open}. */
  public String file() {
    return file;
  }

  /** Line in the file, from 1; 0 if the file as a whole is meant. */
  public int line() {
    return line;
  }

  /** Column in bytes, from 1; 0 if the line as a whole is meant. */
  public int column() {
    return column;
  }
}
