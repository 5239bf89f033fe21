package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A frame whose number the recording leaves open is learned where it is first shown, and nothing else is learned by that. */
class LearnedValuesTest {
  /** Shows the machine address of a grant frame in lines 9 and 14; its header does not say where the RAM lies. */
  private static final EditableRecording ARM = new EditableRecording(Library.ARM.resolve("single-grant-of-a-grant-table-frame.jsonl"));

  private static final long GRANT_FRAME = 1342275584L;

  /** Shows the grant frames of domains 0 and 1 first in lines 4 and 8. */
  private static final EditableRecording CORE = new EditableRecording(Library.CORE.resolve("t00_v1.jsonl"));

  private static final long FRAME_OF_0 = 528390;
  private static final long FRAME_OF_1 = 528397;

  @TempDir Path folder;

  private static Change devInLine(int number, long dev) {
    return new Change("map dev", "", number, "dev", line -> ((ObjectNode) line.get("out")).put("dev", dev));
  }

  /** Line and field of the difference. */
  private String noticed(Path file) throws Exception {
    return Replay.play(file, Listener.NONE).difference().map(difference -> difference.line() + " " + difference.field()).orElse("nothing");
  }

  @Test
  void anotherNumberIsNoticedAtItsSecondAppearance() throws Exception {
    assertThat(noticed(ARM.write(devInLine(9, GRANT_FRAME + 4096), folder))).isEqualTo("14 dev");
    assertThat(noticed(ARM.write(devInLine(14, GRANT_FRAME + 4096), folder))).isEqualTo("14 dev");
    assertThat(noticed(ARM.write(everyDev(GRANT_FRAME + 4096), folder))).isEqualTo("nothing");
  }

  @Test
  void theOffsetInTheFrameIsNotLearned() throws Exception {
    assertThat(noticed(ARM.write(everyDev(GRANT_FRAME + 8), folder))).isEqualTo("9 dev");
  }

  /** Only frames outside the RAM that the header places are learned. */
  @Test
  void aGrantFrameIsNotLearnedToBeAPageOfADomain() throws Exception {
    Consumer<ObjectNode> place = line -> {
      if (line.has("machine_ram_base")) {
        ((ObjectNode) line.get("machine_ram_base")).put("1", "0x41000000");
      }
    };
    assertThat(noticed(ARM.write(place, folder))).isEqualTo("nothing");
    assertThat(noticed(ARM.write(place.andThen(everyDev(0x41100000)), folder))).isEqualTo("9 dev");
  }

  private static Consumer<ObjectNode> everyDev(long dev) {
    return line -> {
      if (line.path("out").has("dev")) {
        ((ObjectNode) line.get("out")).put("dev", dev);
      }
    };
  }

  @Test
  void framesOfXensHeapMayHaveOtherNumbersThroughout() throws Exception {
    assertThat(noticed(CORE.write(everyFrame(FRAME_OF_0, 0x83123), folder))).isEqualTo("nothing");
  }

  @Test
  void twoFramesOfXensHeapAreNotTheSame() throws Exception {
    assertThat(noticed(CORE.write(everyFrame(FRAME_OF_1, FRAME_OF_0), folder))).isEqualTo("8 st d1 p2m[229376]");
  }

  @Test
  void aFrameOfXensHeapIsNotLearnedToBeAPageOfADomain() throws Exception {
    long page = CORE.header().get("domains").get(1).get("pages").get(3).asLong();
    assertThat(noticed(CORE.write(everyFrame(FRAME_OF_0, page), folder))).isEqualTo("4 st d0 p2m[229376]");
  }

  private static Consumer<ObjectNode> everyFrame(long mfn, long instead) {
    return line -> {
      for (JsonNode state : line.path("st")) {
        for (JsonNode mapping : state.path("p2m")) {
          if (mapping.get(1).asLong() == mfn) {
            ((ArrayNode) mapping).set(1, instead);
          }
        }
      }
      for (JsonNode out : line.path("out")) {
        if (out.path("dev").asLong(0) >> 12 == mfn) {
          ((ObjectNode) out).put("dev", instead << 12);
        }
      }
    };
  }

  /** Whose handles are stolen first is the number that was drawn modulo the vCPUs: 12 makes no difference to one, two, three or four. */
  @Test
  void numbersThatWereDrawnAreGivenAndDecideAsTheyDidInXen() throws Exception {
    EditableRecording manyVcpus = new EditableRecording(Library.CORE.resolve("t04_vcpu.jsonl"));
    assertThat(noticed(manyVcpus.write(everyDrawn(number -> number < 12 ? number + 12 : number - 12), folder))).isEqualTo("nothing");
    assertThat(noticed(manyVcpus.write(everyDrawn(number -> number ^ 1), folder))).isNotEqualTo("nothing");
  }

  private static Consumer<ObjectNode> everyDrawn(LongUnaryOperator other) {
    return line -> {
      for (int i = 0; i < line.path("rand").size(); i++) {
        ((ArrayNode) line.get("rand")).set(i, other.applyAsLong(line.get("rand").get(i).asLong()));
      }
    };
  }
}
