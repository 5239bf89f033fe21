package org.xenarium.scenarios.replay;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** All visible answers of a recording in the xen-core format, each changed alone; {@link CoreStateChanges} has the hidden ones. */
final class CoreChanges {
  private final EditableRecording recording;
  private final List<Change> changes = new ArrayList<>();

  /** Frames that the header names or that an earlier line has shown. */
  private final Set<Long> framesKnown = new HashSet<>();

  private final CoreStateChanges states;
  private int number;

  private CoreChanges(EditableRecording recording) {
    this.recording = recording;
    for (JsonNode domain : recording.header().get("domains")) {
      domain.get("pages").forEach(page -> framesKnown.add(page.asLong()));
      domain.get("p2m").forEach(mapping -> framesKnown.add(mapping.get(1).asLong()));
    }
    states = new CoreStateChanges(recording, framesKnown, changes);
  }

  static List<Change> of(EditableRecording recording) {
    CoreChanges all = new CoreChanges(recording);
    for (all.number = 2; all.number <= recording.lastLine(); all.number++) {
      all.addLine();
      all.states.add(all.number);
    }
    return all.changes;
  }

  private ObjectNode line() {
    return recording.line(number);
  }

  private String operation() {
    return line().get("op").asString();
  }

  private void addLine() {
    if (line().has("rc")) {
      addReturnCode();
    }
    for (int element = 0; element < line().path("out").size(); element++) {
      addElement(element, line().get("out").get(element));
    }
    if (line().has("ok")) {
      boolean good = line().get("ok").asLong() == 1;
      add("ok", good ? "aborted" : "not aborted", "ok", good ? CoreChanges::makeAborted : CoreChanges::makeGood);
    }
    if (operation().equals("gw")) {
      add("gpa", "", "gpa", line -> flip(line, "gpa"));
    }
    if (line().has("data")) {
      add("data", "", "data", line -> line.put("data", flipped(line.get("data").asString())));
    }
    if (line().has("zombie")) {
      add("zombie", "", "zombie", line -> flip(line, "zombie"));
    }
    addDrawnAndAcquired();
  }

  private void addReturnCode() {
    // What was acquired is counted twice: by rc and by the frames.
    boolean acquired = operation().equals("acqres") && line().get("rc").asLong() >= 0;
    add("rc", acquired ? "refused" : "", "rc", line -> line.put("rc", acquired ? -22 : line.get("rc").asLong() ^ 1));
  }

  private void addDrawnAndAcquired() {
    if (operation().equals("map")) {
      add("rand", "one more", "rand", line -> line.withArray("rand").add(0));
    }
    if (line().has("rand")) {
      add("rand", "one less", "rand", line -> line.withArray("rand").remove(0));
    }
    if (line().path("rc").asLong(0) < 0 && line().has("mfns")) {
      add("mfns", "one more", "mfns", line -> line.withArray("mfns").add(7));
    }
    for (int i = 0; i < line().path("mfns").size(); i++) {
      int index = i;
      if (!framesKnown.add(line().get("mfns").get(i).asLong())) {
        add("mfns", "", "mfns", line -> flip(line.withArray("mfns"), index));
      }
    }
  }

  private void addElement(int element, JsonNode out) {
    if (out.has("status")) {
      boolean written = !out.get("status").isNull();
      addOut(element, "status", written ? "" : "written", struct -> flip(struct, "status"));
      if (written) {
        addOut(element, "status", "not written", struct -> struct.putNull("status"));
      }
    }
    List<String> numbers = switch (operation()) {
      case "map" -> List.of("handle", "dev");
      case "query" -> List.of("nr", "max");
      case "getver", "setver" -> List.of("version");
      default -> List.of();
    };
    for (String name : numbers) {
      addNumber(element, name, out);
    }
    if (out.has("frames")) {
      addOut(element, "frames", "one more", struct -> struct.withArray("frames").add(7));
    }
    if (!out.path("frames").isEmpty()) {
      addOut(element, "frames", "one less", struct -> struct.withArray("frames").remove(0));
      addOut(element, "frames", "", struct -> flip(struct.withArray("frames"), 0));
    }
  }

  private void addNumber(int element, String name, JsonNode out) {
    if (!out.has(name)) {
      addOut(element, name, "written", struct -> struct.put(name, 0));
      return;
    }
    addOut(element, name, "", struct -> flip(struct, name));
    if (!operation().equals("setver")) { // there the guest's own input stands in the field
      addOut(element, name, "not written", struct -> struct.remove(name));
    }
    if (name.equals("dev") && !framesKnown.add(out.get(name).asLong() >> 12)) {
      addOut(element, name, "of another frame", struct -> struct.put(name, out.get(name).asLong() ^ 4096));
    }
  }

  private static void makeAborted(ObjectNode line) {
    line.put("ok", 0).remove("data");
  }

  private static void makeGood(ObjectNode line) {
    line.put("ok", 1);
    if (line.has("len")) {
      line.put("data", "00".repeat(line.get("len").asInt()));
    }
  }

  /** Another number near; 0 in place of null. */
  static void flip(ObjectNode object, String field) {
    object.put(field, object.get(field).asLong(1) ^ 1);
  }

  /** Another number near; 0 in place of -1. */
  static void flip(ArrayNode array, int index) {
    array.set(index, Math.max(0, array.get(index).asLong() ^ 1));
  }

  private static String flipped(String hex) {
    return (hex.charAt(0) == '0' ? '1' : '0') + hex.substring(1);
  }

  private void addOut(int element, String name, String how, Consumer<ObjectNode> edit) {
    add(name, how, "out[" + element + "]." + name, line -> edit.accept((ObjectNode) line.get("out").get(element)));
  }

  private void add(String answer, String how, String field, Consumer<ObjectNode> edit) {
    changes.add(new Change(operation() + " " + answer, how, number, field, edit));
  }
}
