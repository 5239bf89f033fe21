package org.xenarium.scenarios.recording;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.sym.PropertyNameMatcher;

/**
 * A strict reader of JSON Lines: one object per line, known fields only, each once, whole numbers within their range.
 *
 * <p>Each method that reads a value moves to it first. Jackson's own exceptions pass through; who reads a line catches them once and asks
 * {@link #malformed} for the message.
 */
final class JsonLines implements AutoCloseable {
  private final String file;
  private final LineSource source;
  private final JsonParser parser;

  /** Starts at the first line, which {@link #nextLine} of {@code source} has just found. */
  JsonLines(String file, LineSource source) {
    this.file = file;
    this.source = source;
    this.parser = Names.JSON.createParser(ObjectReadContext.empty(), source);
  }

  @Override
  public void close() {
    parser.close();
  }

  int lineNumber() {
    return source.lineNumber();
  }

  /** Moves into the object of the next line; false at the end of the file. */
  boolean nextLine() throws RecordingException {
    try {
      if (!source.nextLine()) {
        return false;
      }
    } catch (IOException e) {
      throw new RecordingException(file, source.lineNumber() + 1, 0, "cannot be read: " + e.getMessage());
    }
    enterLine();
    return true;
  }

  /** Moves into the object of the current line, the first of the file. */
  void enterLine() throws RecordingException {
    if (source.isBlank()) {
      throw atLine("blank line, expected one JSON object in every line");
    }
    beginObject();
  }

  /** Checks that nothing follows the object of the line. */
  void endLine() throws RecordingException {
    int column = source.columnAfter(parser.releaseBuffered(OutputStream.nullOutputStream()));
    if (column > 0) {
      throw new RecordingException(file, lineNumber(), column, "expected the end of the line after the object, found more");
    }
  }

  void beginObject() throws RecordingException {
    expect(JsonToken.START_OBJECT, "an object");
  }

  void beginArray() throws RecordingException {
    expect(JsonToken.START_ARRAY, "an array");
  }

  /** Within an array of objects: moves into the next one; false at the end of the array. */
  boolean nextObject() throws RecordingException {
    JsonToken token = parser.nextToken();
    if (token != JsonToken.START_OBJECT && token != JsonToken.END_ARRAY) {
      throw mismatch("an object");
    }
    return token == JsonToken.START_OBJECT;
  }

  /** Moves to the next field of the object; its place among {@code names}, or -1 at the end. {@code seen}: the mask of earlier ones. */
  int field(Names names, long seen) throws RecordingException {
    int index = parser.nextNameMatch(names.matcher());
    if (index < 0) {
      if (index == PropertyNameMatcher.MATCH_END_OBJECT) {
        return -1;
      }
      String name = parser.currentName();
      throw here("unknown field " + quote(name) + " in " + names.title() + Spelling.hint(name, names.names()));
    }
    if ((seen >> index & 1) != 0) {
      throw here("\"" + names.name(index) + "\" is given twice in " + names.title());
    }
    return index;
  }

  /** Moves to the next field of an object whose fields have no fixed names; null at the end. */
  @Nullable String anyField() {
    return parser.nextName();
  }

  /** Complains about the first field of the mask that is {@code required} and not {@code seen}. */
  void require(Names names, long required, long seen) throws RecordingException {
    long missing = required & ~seen;
    if (missing != 0) {
      throw atLine(names.title() + " lacks \"" + names.name(Long.numberOfTrailingZeros(missing)) + "\"");
    }
  }

  long number(Range range) throws RecordingException {
    parser.nextToken();
    return numberHere(range);
  }

  /** Moves to the next value and says whether it is null; if it is not, {@link #numberHere} reads it. */
  boolean nextIsNull() {
    return parser.nextToken() == JsonToken.VALUE_NULL;
  }

  long numberHere(Range range) throws RecordingException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw mismatch(range.toString());
    }
    // Fewer than 19 characters always fit a long, and that is nearly every number: no look at the type.
    boolean big = parser.getStringLength() >= 19 && parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER;
    if (big && (parser.getBigIntegerValue().signum() < 0 || parser.getBigIntegerValue().bitLength() > 64)) {
      throw mismatch(range.toString());
    }
    long value = big ? parser.getBigIntegerValue().longValue() : parser.getLongValue();
    if (!range.contains(value, big)) {
      throw mismatch(range.toString());
    }
    return value;
  }

  String string() throws RecordingException {
    expect(JsonToken.VALUE_STRING, "a string");
    return parser.getString();
  }

  /** A string that only people read: it is not decoded. */
  void skipString() throws RecordingException {
    expect(JsonToken.VALUE_STRING, "a string");
  }

  /** An array of strings that only people read. */
  void skipStrings() throws RecordingException {
    beginArray();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw mismatch("a string");
      }
    }
  }

  void readTrue() throws RecordingException {
    expect(JsonToken.VALUE_TRUE, "true");
  }

  /** Reads an array of numbers into {@code table}, one a row. */
  void numbers(LongTable table, Range range) throws RecordingException {
    table.clear(1);
    beginArray();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      table.set(table.addRow(), 0, numberHere(range));
    }
  }

  /** Reads an array of arrays of numbers into {@code table}; every row has one number for each column. */
  void rows(LongTable table, List<Range> columns) throws RecordingException {
    table.clear(columns.size());
    beginArray();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw mismatch("an array of " + columns.size() + " numbers");
      }
      int row = table.addRow();
      for (int column = 0; column < columns.size(); column++) {
        table.set(row, column, number(columns.get(column)));
      }
      expect(JsonToken.END_ARRAY, "an array of " + columns.size() + " numbers");
    }
  }

  /** Passes over the rest of the object at hand. */
  void skipObject() {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      parser.nextToken();
      parser.skipChildren();
    }
  }

  /** Whether the current line has that field, whatever has been read of it. */
  boolean gives(String name) {
    return find(name, parser -> name) != null;
  }

  /** The text of a field of the current line, whatever has been read of it; null if there is none or it is no string. */
  @Nullable String peek(String name) {
    return find(name, again -> again.currentToken() == JsonToken.VALUE_STRING ? again.getString() : null);
  }

  private @Nullable String find(String name, Function<JsonParser, @Nullable String> value) {
    try (JsonParser again = Names.JSON.createParser(ObjectReadContext.empty(), source.bytes(), source.start(), source.length())) {
      again.nextToken();
      while (again.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean found = again.currentName().equals(name);
        again.nextToken();
        if (found) {
          return value.apply(again);
        }
        again.skipChildren();
      }
    } catch (JacksonException e) {
      // The first parser reports it, with its place, when it gets there.
    }
    return null;
  }

  private void expect(JsonToken token, String words) throws RecordingException {
    if (parser.nextToken() != token) {
      throw mismatch(words);
    }
  }

  private RecordingException mismatch(String expected) {
    return here(label() + "expected " + expected + ", found " + found());
  }

  /** The nearest field name around the value at hand: an element of an array has none of its own. */
  String label() {
    for (TokenStreamContext at = parser.streamReadContext(); at != null; at = at.getParent()) {
      if (at.currentName() != null) {
        return quote(at.currentName()) + ": ";
      }
    }
    return "";
  }

  private String found() {
    JsonToken token = parser.currentToken();
    return token == null ? "nothing" : switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case END_ARRAY -> "the end of the array";
      case VALUE_STRING -> "the string " + quote(parser.getString());
      default -> shorten(parser.getString());
    };
  }

  /** An error at the value or name at hand. */
  RecordingException here(String problem) {
    return new RecordingException(file, lineNumber(), source.column(parser.currentTokenLocation().getByteOffset()), problem);
  }

  /** The domain at hand is not one of the header's. */
  RecordingException undeclared(int dom, List<Integer> declared) {
    String ids = declared.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return here("domain " + dom + " is not declared in the header; known are " + ids);
  }

  /** An error of the line as a whole. */
  RecordingException atLine(String problem) {
    return new RecordingException(file, lineNumber(), 0, problem);
  }

  /** What Jackson says in the end about the line at hand. */
  RecordingException malformed(JacksonException e) {
    int column = e.getLocation() == null ? 0 : source.column(e.getLocation().getByteOffset());
    String message = String.valueOf(e.getOriginalMessage());
    boolean ended = e instanceof UnexpectedEndOfInputException || message.startsWith("Unexpected end-of-input");
    String problem = ended ? "expected the rest of a JSON object, found the end of the line"
        // What stands in back quotes are switches of Jackson, which nobody here can turn.
        : "cannot be read as JSON in UTF-8: " + printable(message.replaceAll("(: [^:`]*|, from )`[^`]*`", ""));
    return new RecordingException(file, lineNumber(), column, problem + (source.isLast() ? "; has the file been cut off?" : ""));
  }

  static String quote(String text) {
    return "\"" + shorten(text) + "\"";
  }

  private static String shorten(String text) {
    return printable(text.length() > 60 ? text.substring(0, 57) + "..." : text);
  }

  private static String printable(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+", " ");
  }
}
