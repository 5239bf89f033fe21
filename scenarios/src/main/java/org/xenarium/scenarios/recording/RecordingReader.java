package org.xenarium.scenarios.recording;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

/**
 * A recording (docs/reference/recordings.md), opened at its header and then read line by line. Which of the two formats it has, its type
 * says.
 */
public abstract sealed class RecordingReader implements AutoCloseable permits ArmReader, CoreReader {
  final JsonLines json;
  private final LineSource source;
  private boolean any;

  RecordingReader(JsonLines json, LineSource source) {
    this.json = json;
    this.source = source;
  }

  /** Opens a file, finds out its format and reads its header. */
  public static RecordingReader open(Path path) throws RecordingException {
    String file = path.toString();
    return open(file, stream(path, file));
  }

  static RecordingReader open(String file, InputStream stream) throws RecordingException {
    LineSource source = new LineSource(stream);
    boolean opened = false;
    try {
      JsonLines json = firstLine(source, file);
      RecordingReader reader = header(json, source);
      opened = true;
      return reader;
    } catch (IOException e) {
      throw new RecordingException(file, 0, 0, "cannot be read: " + e.getMessage());
    } finally {
      if (!opened) {
        source.close();
      }
    }
  }

  private static InputStream stream(Path path, String file) throws RecordingException {
    try {
      if (Files.isDirectory(path)) {
        throw new RecordingException(file, 0, 0, "expected a recording, found a directory");
      }
      return Files.newInputStream(path);
    } catch (NoSuchFileException e) {
      throw new RecordingException(file, 0, 0, "there is no such file");
    } catch (AccessDeniedException e) {
      throw new RecordingException(file, 0, 0, "cannot be read: permission denied");
    } catch (IOException e) {
      throw new RecordingException(file, 0, 0, "cannot be read: " + e.getMessage());
    }
  }

  private static JsonLines firstLine(LineSource source, String file) throws IOException, RecordingException {
    if (!source.nextLine()) {
      throw new RecordingException(file, 0, 0, "expected a recording, found an empty file");
    }
    String bytes = text(source, StandardCharsets.ISO_8859_1);
    if (bytes.startsWith("\u00ef\u00bb\u00bf") || bytes.startsWith("\u00ff\u00fe") || bytes.startsWith("\u00fe\u00ff")
        || bytes.indexOf('\0') >= 0) {
      throw new RecordingException(file, 1, 1, "expected JSON in UTF-8 without a byte order mark, found another encoding");
    }
    if (!bytes.stripLeading().startsWith("{")) {
      String found = source.isBlank() ? "a blank line" : JsonLines.quote(text(source, StandardCharsets.UTF_8));
      throw new RecordingException(file, 1, 1, "expected the header of a recording, a JSON object, found " + found);
    }
    return new JsonLines(file, source);
  }

  /** The start of the current line. */
  private static String text(LineSource source, Charset charset) {
    return new String(source.bytes(), source.start(), Math.min(source.length(), 40), charset);
  }

  private static RecordingReader header(JsonLines json, LineSource source) throws RecordingException {
    try {
      boolean arm = json.gives("recording");
      if (!arm && !json.gives("trace")) {
        json.enterLine();
        json.skipObject();
        throw json.atLine("expected a header with \"recording\" (arm64 format) or \"trace\" (xen-core format), found neither"
            + (json.gives("op") ? "; has the header been cut off?" : ""));
      }
      json.enterLine();
      RecordingReader reader =
          arm ? new ArmReader(json, source, ArmHeader.read(json)) : new CoreReader(json, source, CoreHeader.read(json));
      json.endLine();
      return reader;
    } catch (JacksonException e) {
      throw json.malformed(e);
    }
  }

  /** Moves into the next line; false at the end of the file. */
  final boolean nextLine() throws RecordingException {
    boolean exists = json.nextLine();
    if (!exists && !any) {
      throw json.atLine("expected operations after the header, found the end of the file");
    }
    any = true;
    return exists;
  }

  @Override
  public void close() {
    json.close();
    source.close();
  }
}
