package org.xenarium.scenarios.replay;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** All answers in a recording of the arm64 format, each changed alone. */
final class ArmChanges {
  private static final long DATA_ABORT = 2516582400L;

  /** Their rc says no more than whether there is a syndrome. */
  private static final Set<String> ACCESSES = Set.of("gte", "gtf", "gtr", "r8", "r16", "r32", "r64", "w8", "w16", "w32", "w64");

  /** Outputs that hold 0x5a in every byte when nobody has written them, and how many bytes they have. */
  private static final Map<String, Integer> STRUCT_OUTPUTS =
      Map.of(
          "map handle", 4, "map dev", 8, "query_size nr", 4, "query_size max", 4, "get_version version", 4, "get_features map", 4,
          "hvm_get_param value", 8);

  private static final int UNWRITTEN_STATUS = 0x5a5a;

  private final EditableRecording recording;
  private final List<Change> changes = new ArrayList<>();

  /** Frames that the header places or that an earlier line has shown. */
  private final Set<Long> framesKnown = new HashSet<>();

  private int number;

  private ArmChanges(EditableRecording recording) {
    this.recording = recording;
    for (JsonNode base : recording.header().path("machine_ram_base")) {
      long first = Long.decode(base.asString()) >> 12;
      for (long page = 0; page < recording.header().get("ram_kib").asLong() / 4; page++) {
        framesKnown.add(first + page);
      }
    }
  }

  static List<Change> of(EditableRecording recording) {
    ArmChanges all = new ArmChanges(recording);
    for (all.number = 2; all.number <= recording.lastLine(); all.number++) {
      all.addLine();
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
    if (line().has("hang")) {
      add("hang", "comes back", "rc", line -> {
        line.remove("hang");
        line.put("rc", 0).putNull("status").putObject("out");
      });
      return;
    }
    addEnd("hang");
    addEnd("crash");
    addReturnCode();
    if (line().get("status").isNumber()) {
      boolean written = line().get("status").asInt() != UNWRITTEN_STATUS;
      add("status", written ? "" : "written", "status", line -> line.put("status", line.get("status").asInt() ^ 1));
      if (written) {
        add("status", "not written", "status", line -> line.put("status", UNWRITTEN_STATUS));
      }
    }
    for (Map.Entry<String, JsonNode> output : line().get("out").properties()) {
      addOutput(output.getKey(), output.getValue().bigIntegerValue());
    }
  }

  /** Nothing of the domain may follow such a line. Whole batches hang, not their lines. */
  private void addEnd(String how) {
    if (!line().has("batch")) {
      Consumer<ObjectNode> edit = line -> line.remove(List.of("rc", "status", "out")).put(how, true);
      changes.add(new Change(operation() + " " + how, "does not come back", List.of(number), how, edit, true));
    }
  }

  private void addReturnCode() {
    boolean aborted = line().get("out").has("esr");
    if (ACCESSES.contains(operation())) {
      add("rc", aborted ? "not aborted" : "aborted", "rc", aborted ? ArmChanges::makeGood : ArmChanges::makeAborted);
      return;
    }
    List<Integer> batch = IntStream.rangeClosed(2, recording.lastLine()).filter(this::isOfTheSameCall).boxed().toList();
    if (batch.getFirst() == number) {
      changes.add(new Change(operation() + " rc", "", batch, "rc", line -> line.put("rc", line.get("rc").asLong() ^ 1), false));
    }
  }

  private boolean isOfTheSameCall(int other) {
    ObjectNode line = recording.line(other);
    boolean sameBatch = line().has("batch") && line().get("batch").equals(line.get("batch")) && line().get("dom").equals(line.get("dom"));
    return other == number || sameBatch;
  }

  private static void makeAborted(ObjectNode line) {
    line.put("rc", -1);
    out(line).without("val").put("esr", DATA_ABORT).put("far", line.get("in").path("addr").asLong());
  }

  private static void makeGood(ObjectNode line) {
    line.put("rc", 0);
    out(line).without(List.of("esr", "far")).put("val", 0);
  }

  private void addOutput(String field, BigInteger value) {
    // "retried" is a mark; what an aborted gtr shows besides the abort means nothing.
    boolean meaningless = operation().equals("gtr") && line().get("out").has("esr") && !Set.of("esr", "far").contains(field);
    if (field.equals("retried") || meaningless) {
      return;
    }
    Integer size = STRUCT_OUTPUTS.get(operation() + " " + field);
    BigInteger untouched = size == null ? BigInteger.valueOf(-1) : new BigInteger("5a".repeat(size), 16);
    boolean written = !value.equals(untouched);
    add(field, written ? "" : "written", field, line -> out(line).put(field, value.flipBit(0)));
    if (size != null && written) {
      add(field, "not written", field, line -> out(line).put(field, untouched));
    }
    if (field.equals("dev") && written) {
      boolean known = !framesKnown.add(value.longValueExact() >> 12);
      add(field, known ? "of another frame" : Change.LEARNED, field, line -> out(line).put(field, value.flipBit(12)));
    }
  }

  private static ObjectNode out(ObjectNode line) {
    return (ObjectNode) line.get("out");
  }

  private void add(String answer, String how, String field, Consumer<ObjectNode> edit) {
    changes.add(new Change(operation() + " " + answer, how, number, field, edit));
  }
}
