package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** A difference says what was asked, expected and answered, by which rule, and in which state. */
class DifferenceTest {
  @TempDir Path folder;

  private Difference difference(Path file, int line, Consumer<ObjectNode> edit) throws Exception {
    Change change = new Change("", "", line, "", edit);
    return Replay.play(new EditableRecording(file).write(change, folder), Listener.NONE).difference().orElseThrow();
  }

  private Difference arm(String name, int line, Consumer<ObjectNode> edit) throws Exception {
    return difference(Library.ARM.resolve(name + ".jsonl"), line, edit);
  }

  private Difference core(int line, Consumer<ObjectNode> edit) throws Exception {
    return difference(Library.CORE.resolve("d00_directed_v1.jsonl"), line, edit);
  }

  private static Consumer<ObjectNode> status(int status) {
    return line -> line.put("status", status);
  }

  private static Consumer<ObjectNode> status(int element, int status) {
    return line -> ((ObjectNode) line.get("out").get(element)).put("status", status);
  }

  @Test
  void aMapThatFailedNamesItsRuleTheEntryAndThePhysmap() throws Exception {
    Difference difference = arm("single-map-bad-ref", 8, status(0));
    assertThat(difference.line()).isEqualTo(8);
    assertThat(difference.operation()).isEqualTo("d1 map dom=1 ref=0 flags=2 addr=0x38800000");
    assertThat(difference.field() + " " + difference.expected() + " " + difference.actual()).isEqualTo("status 0 -1");
    assertThat(difference.decisions()).singleElement()
        .hasToString("MAP-08A map: the entry does not permit access (§3.3.2)");
    assertThat(difference.state()).containsExactly(
        "entry 0 of domain 1: flags 0x0000, domid 0, frame 0x0; pins: 0 writing, 0 reading",
        "gfn 0x38800 of domain 1: a hole");
  }

  @Test
  void aMapThatSucceededShowsThePinsAndTheMapping() throws Exception {
    Difference difference = arm("single-map-unmap-round-trip", 8, status(-1));
    assertThat(difference.expected() + " " + difference.actual()).isEqualTo("-1 0");
    assertThat(difference.decisions()).singleElement().hasToString("MAP-14 map: mapped (§3.3.4)");
    assertThat(difference.state()).containsExactly(
        "entry 8 of domain 1: flags 0x0019, domid 1, frame 0x40100; pins: 1 writing, 0 reading by domain 1 on mfn 0x41100",
        "gfn 0x38800 of domain 1: grant_map_rw, mfn 0x41100 (owner 1, 2 references)");
  }

  @Test
  void aStatusThatNobodyWroteIsCalledSo() throws Exception {
    assertThat(arm("single-map-bad-ref", 8, status(0x5a5a)).expected()).isEqualTo("not written");
    assertThat(core(44, line -> ((ObjectNode) line.get("out").get(0)).putNull("status")).expected()).isEqualTo("not written");
  }

  @Test
  void anUnmapShowsItsHandle() throws Exception {
    assertThat(arm("single-map-unmap-round-trip", 16, status(0)).state()).containsExactly(
        "gfn 0x38800 of domain 1: a hole", "handle 0 of domain 1: free");
    assertThat(arm("single-unmap-with-address-0", 9, status(1)).state()).anySatisfy(
        line -> assertThat(line).matches("handle \\d+ of domain 1: (free|maps entry \\d+ of domain 1, flags 0x[0-9a-f]+)"));
  }

  @Test
  void anAddressIsShownInBothNotations() throws Exception {
    Difference difference = arm("single-map-unmap-round-trip", 9, line -> ((ObjectNode) line.get("out")).put("val", 0));
    assertThat(difference.field()).isEqualTo("val");
    assertThat(difference.expected()).isEqualTo("0 (0x0)");
    assertThat(difference.actual()).isEqualTo("286326784 (0x11110000)");
    assertThat(difference.decisions()).as("no rule decides a load").isEmpty();
  }

  @Test
  void aReturnValueIsCalledByItsName() throws Exception {
    Difference difference = arm("single-map-unmap-round-trip", 2, line -> line.put("rc", -14));
    assertThat(difference.expected() + " " + difference.actual()).isEqualTo("-EFAULT 0");
    assertThat(difference.decisions()).singleElement().extracting(decision -> decision.rule().id()).isEqualTo("ATP-19");
    assertThat(difference.state()).containsExactly(
        "grant frame 0 of domain 1: at gfn 0x38000", "gfn 0x38000 of domain 1: ram_rw, mfn 0x7fffe (owner 1, 1 references)");
  }

  @Test
  void inABatchTheRuleOfTheDifferingElementIsAmongThoseNamed() throws Exception {
    Difference difference = arm("single-batches", 9, status(-2));
    assertThat(difference.line()).isEqualTo(9);
    assertThat(difference.decisions()).extracting(decision -> decision.rule().id()).contains("MAP-06");
    assertThat(difference.state()).contains("entry 999 of domain 1: beyond the 512 entries of the table");
  }

  @Test
  void ofAnElementInXensCoreOnlyItsOwnRuleAndStateAreShown() throws Exception {
    Difference difference = core(127, status(3, 0));
    assertThat(difference.field() + " " + difference.expected() + " " + difference.actual()).isEqualTo("out[3].status 0 -8");
    assertThat(difference.decisions()).singleElement().extracting(decision -> decision.rule().id()).isEqualTo("COPY-02");
    assertThat(difference.state()).containsExactly(
        "gfn 0x40000 of domain 2: ram_rw, mfn 0x80306 (owner 2, 1 references)",
        "gfn 0x40001 of domain 2: grant_map_rw, mfn 0x80201 (owner 1, 4 references)");
  }

  @Test
  void aDifferenceInHiddenStateNamesDomainAndField() throws Exception {
    Difference difference = core(44, line -> ((ObjectNode) line.get("st").get(0)).put("mu", 77));
    assertThat(difference.line()).isEqualTo(44);
    assertThat(difference.field()).isEqualTo("st d2 mu");
    assertThat(difference.expected()).isEqualTo("77");
    assertThat(difference.decisions()).singleElement().extracting(decision -> decision.rule().id()).isEqualTo("MAP-06");
  }
}
