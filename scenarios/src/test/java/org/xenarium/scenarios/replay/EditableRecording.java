package org.xenarium.scenarios.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** A recording of which changed copies are played. Line numbers are those of the file: the header is line 1. */
final class EditableRecording {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final List<String> text;
  private final List<ObjectNode> lines = new ArrayList<>();

  EditableRecording(Path file) {
    name = Library.name(file);
    try {
      text = Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    text.forEach(line -> lines.add((ObjectNode) JSON.readTree(line)));
  }

  String name() {
    return name;
  }

  int lastLine() {
    return lines.size();
  }

  ObjectNode header() {
    return line(1);
  }

  /** The line as it is in the library. */
  ObjectNode line(int number) {
    return lines.get(number - 1);
  }

  /** A copy in which that change is made. */
  Path write(Change change, Path folder) {
    List<String> copy = new ArrayList<>(text.subList(0, change.isLast() ? change.line() : lastLine()));
    change.lines().forEach(number -> copy.set(number - 1, changed(number, change.edit())));
    return write(copy, folder);
  }

  /** A copy in which all lines are changed, the header included. */
  Path write(Consumer<ObjectNode> edit, Path folder) {
    return write(IntStream.rangeClosed(1, lastLine()).mapToObj(number -> changed(number, edit)).toList(), folder);
  }

  private String changed(int number, Consumer<ObjectNode> edit) {
    ObjectNode line = line(number).deepCopy();
    edit.accept(line);
    return line.toString();
  }

  private static Path write(List<String> lines, Path folder) {
    try {
      return Files.write(folder.resolve("changed.jsonl"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
