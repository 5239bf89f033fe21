package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A recording of Xen's core may use any guest frame, also those at which replay would have kept arguments. */
class WindowsAndNamedFramesTest {
  /** Where the guests of this recording map grants: up to so many frames from here on. */
  private static final long FROM = 0x60000;

  private static final long COUNT = 0x1000;

  /** The highest guest frame of all. */
  private static final long LAST = (1 << 28) - 1;

  @TempDir Path folder;

  @Test
  void mappingsAtTheEndOfThePhysmapAreNotInTheWayOfArguments() throws Exception {
    EditableRecording recording = new EditableRecording(Library.CORE.resolve("t09_armreal.jsonl"));
    Path moved = recording.write(WindowsAndNamedFramesTest::move, folder);
    assertThat(Replay.play(moved, Listener.NONE).difference()).isEmpty();
    EditableRecording copy = new EditableRecording(moved);
    long mappings = 0;
    for (int number = 2; number <= copy.lastLine(); number++) {
      for (JsonNode element : copy.line(number).path("in")) {
        mappings += element.path("addr").asLong(0) >> 12 > LAST - COUNT ? 1 : 0;
      }
    }
    assertThat(mappings).isGreaterThan(100);
  }

  private static void move(ObjectNode line) {
    for (JsonNode element : line.path("in")) {
      moveAddress((ObjectNode) element, "addr");
    }
    moveAddress(line, "gpa");
    for (JsonNode state : line.path("st")) {
      for (JsonNode mapping : state.path("p2m")) {
        ((ArrayNode) mapping).set(0, moved(mapping.get(0).asLong()));
      }
    }
  }

  private static void moveAddress(ObjectNode object, String field) {
    long address = object.path(field).asLong(-1);
    if (address >= 0) {
      object.put(field, moved(address >> 12) << 12 | address & 4095);
    }
  }

  private static long moved(long gfn) {
    return gfn >= FROM && gfn < FROM + COUNT ? LAST - (gfn - FROM) : gfn;
  }
}
