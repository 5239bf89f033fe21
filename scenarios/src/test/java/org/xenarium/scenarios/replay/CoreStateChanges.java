package org.xenarium.scenarios.replay;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The hidden state in a recording of the xen-core format, each value changed alone. */
final class CoreStateChanges {
  /** Values that mean nothing of a domain that is dying or dead. */
  private static final Set<String> OF_THE_LIVING = Set.of("ml", "free", "ram");

  private static final List<String> ENTRY = List.of("ref", "pin", "flags", "status");

  /** Another type that the format knows. */
  private static final Map<Long, Long> OTHER_TYPE = Map.of(1L, 2L, 2L, 1L, 3L, 1L, 6L, 7L, 7L, 6L, 8L, 9L, 9L, 8L);

  private final EditableRecording recording;
  private final Set<Long> framesKnown;
  private final List<Change> changes;
  private final Map<Integer, String> lives = new HashMap<>();
  private final Set<Integer> gone = new HashSet<>();
  private final Map<String, JsonNode> mentioned = new HashMap<>();
  private final Map<List<Long>, JsonNode> entries = new HashMap<>();
  private final Map<Long, TreeMap<Long, JsonNode>> p2m = new HashMap<>();
  private int number;

  CoreStateChanges(EditableRecording recording, Set<Long> framesKnown, List<Change> changes) {
    this.recording = recording;
    this.framesKnown = framesKnown;
    this.changes = changes;
    for (JsonNode domain : recording.header().get("domains")) {
      TreeMap<Long, JsonNode> mappings = new TreeMap<>();
      domain.get("p2m").forEach(mapping -> mappings.put(mapping.get(0).asLong(), mapping));
      p2m.put(domain.get("id").asLong(), mappings);
    }
  }

  /** Adds the changes of a line; the lines are visited in their order. */
  void add(int line) {
    number = line;
    JsonNode states = recording.line(number).get("st");
    for (int index = 0; index < states.size(); index++) {
      addDomain(index, (ObjectNode) states.get(index));
    }
  }

  private void addDomain(int index, ObjectNode state) {
    int id = state.get("d").asInt();
    if (state.has("gone")) {
      gone.add(id);
      add(index, "gone", "not gone", "gone", st -> st.remove("gone"));
    }
    if (gone.contains(id)) {
      return;
    }
    add(index, "gone", "too early", "gone", st -> st.put("gone", 1));
    if (state.has("life")) {
      lives.put(id, state.get("life").asString());
      add(index, "life", "", "life", st -> st.put("life", st.get("life").asString().equals("dying") ? "dead" : "dying"));
      addUnmentioned(index, id, "life", "life", state.get("life"));
    }
    boolean alive = lives.get(id).equals("alive");
    for (String field : List.of("ver", "nf", "sf", "ml", "mu", "v2ops", "ram", "tab", "stab")) {
      if (state.has(field) && (alive || !OF_THE_LIVING.contains(field))) {
        add(index, field, "", field, st -> CoreChanges.flip(st, field));
        addUnmentioned(index, id, field, field, state.get(field));
      }
    }
    for (int vcpu = 0; alive && vcpu < state.path("free").size(); vcpu++) {
      int row = vcpu;
      add(index, "free", "head", "free[" + vcpu + "]", st -> CoreChanges.flip(row(st, "free", row), 0));
      add(index, "free", "tail", "free[" + vcpu + "]", st -> CoreChanges.flip(row(st, "free", row), 1));
    }
    if (alive && state.path("free").size() == 1) {
      addUnmentioned(index, id, "free", "free[0]", state.get("free"));
    }
    for (int row = 0; row < state.path("e").size(); row++) {
      addEntry(index, id, row, state.get("e").get(row));
    }
    for (int row = 0; row < state.path("p2m").size(); row++) {
      addMapping(index, id, row, state.get("p2m").get(row));
    }
    addStrayMapping(index, id);
  }

  /** What is not mentioned has not changed; this has. */
  private void addUnmentioned(int index, int id, String key, String field, JsonNode value) {
    JsonNode before = mentioned.put(id + " " + key, value);
    if (before != null && !before.equals(value)) {
      add(index, key, "not mentioned", field, st -> st.remove(key));
    }
  }

  private void addEntry(int index, long id, int row, JsonNode entry) {
    String name = "e[" + entry.get(0).asLong() + "].";
    for (int column = 1; column < ENTRY.size(); column++) {
      int changed = column;
      add(index, "e", ENTRY.get(column), name + ENTRY.get(column), st -> CoreChanges.flip(row(st, "e", row), changed));
    }
    JsonNode before = entries.put(List.of(id, entry.get(0).asLong()), entry);
    if (before != null && !before.equals(entry)) {
      String first = before.get(1).equals(entry.get(1)) ? "flags" : "pin";
      add(index, "e", "one less", name + first, st -> st.withArray("e").remove(row));
    }
  }

  private void addMapping(int index, long id, int row, JsonNode mapping) {
    long gfn = mapping.get(0).asLong();
    String field = "p2m[" + gfn + "]";
    TreeMap<Long, JsonNode> mappings = p2m.get(id);
    if (mapping.get(2).asLong() == 0) {
      mappings.remove(gfn);
      add(index, "p2m", "one removal less", field, st -> st.withArray("p2m").remove(row));
      return;
    }
    JsonNode before = mappings.put(gfn, mapping);
    if (!mapping.equals(before)) {
      add(index, "p2m", before == null ? "one mapping less" : "one replacement less", field, st -> st.withArray("p2m").remove(row));
    }
    add(index, "p2m", "removed instead", field, st -> row(st, "p2m", row).set(1, 0).set(2, 0));
    add(index, "p2m", "type", field, st -> row(st, "p2m", row).set(2, OTHER_TYPE.get(mapping.get(2).asLong())));
    if (!framesKnown.add(mapping.get(1).asLong())) {
      add(index, "p2m", "mfn", field, st -> CoreChanges.flip(row(st, "p2m", row), 1));
    }
  }

  /** A mapping where there is none, and none where there is one. */
  private void addStrayMapping(int index, long id) {
    long mfn = recording.header().get("domains").get(0).get("pages").get(0).asLong();
    add(index, "p2m", "one mapping more", "p2m[4660]", st -> st.withArray("p2m").addArray().add(4660).add(mfn).add(1));
    TreeMap<Long, JsonNode> mappings = p2m.get(id);
    if (!mappings.isEmpty()) {
      long gfn = mappings.firstKey();
      add(index, "p2m", "one removal more", "p2m[" + gfn + "]", st -> st.withArray("p2m").addArray().add(gfn).add(0).add(0));
    }
  }

  private static ArrayNode row(ObjectNode state, String table, int row) {
    return (ArrayNode) state.get(table).get(row);
  }

  private void add(int index, String answer, String how, String field, Consumer<ObjectNode> edit) {
    int id = recording.line(number).get("st").get(index).get("d").asInt();
    Consumer<ObjectNode> editLine = line -> edit.accept((ObjectNode) line.get("st").get(index));
    changes.add(new Change("st " + answer, how, number, "st d" + id + " " + field, editLine));
  }
}
