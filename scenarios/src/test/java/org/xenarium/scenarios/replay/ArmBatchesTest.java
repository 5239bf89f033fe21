package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.recording.ArmLine;
import org.xenarium.scenarios.recording.ArmReader;
import org.xenarium.scenarios.recording.RecordingReader;

/** The lines of a batch are played together; below, {@code 2:3} is line 3 of domain 2. */
class ArmBatchesTest {
  private static final String UNMAP = "\"addr\": 0, \"dev\": 0, \"handle\": 0";

  private final SmallRecording recording = new SmallRecording(1, 2);

  @TempDir Path folder;

  private ArmBatchesTest alone(int dom) {
    recording.write(dom, 4, 0x40100000, 0);
    return this;
  }

  private ArmBatchesTest batch(int dom, int number) {
    recording.line(dom, "unmap", UNMAP, 0, "-4", "", ", \"batch\": " + number);
    return this;
  }

  private List<String> groups() throws Exception {
    List<String> groups = new ArrayList<>();
    Path file = recording.file(folder);
    try (ArmReader reader = (ArmReader) RecordingReader.open(file)) {
      ArmBatches batches = new ArmBatches("f", reader);
      for (List<ArmLine> group = new ArrayList<>(); batches.next(group); ) {
        groups.add(String.join(" ", group.stream().map(line -> line.dom() + ":" + line.seq()).toList()));
      }
    }
    return groups;
  }

  @Test
  void linesWithoutABatchComeOneByOne() throws Exception {
    assertThat(alone(1).alone(2).alone(1).groups()).containsExactly("1:1", "2:1", "1:2");
  }

  @Test
  void theLinesOfABatchComeTogether() throws Exception {
    assertThat(alone(1).batch(1, 1).batch(1, 1).batch(1, 1).alone(1).groups()).containsExactly("1:1", "1:2 1:3 1:4", "1:5");
  }

  @Test
  void theNextBatchIsAnother() throws Exception {
    assertThat(batch(1, 1).batch(1, 1).batch(1, 2).batch(1, 3).batch(1, 3).groups()).containsExactly("1:1 1:2", "1:3", "1:4 1:5");
  }

  @Test
  void linesOfOtherDomainsInsideABatchFollowItInTheirOrder() throws Exception {
    assertThat(batch(1, 1).alone(2).batch(1, 1).alone(2).alone(2).batch(1, 1).alone(1).alone(2).groups())
        .containsExactly("1:1 1:2 1:3", "2:1", "2:2", "2:3", "1:4", "2:4");
  }

  @Test
  void batchesOfTwoDomainsInOneAnotherAreTakenApart() throws Exception {
    assertThat(batch(1, 1).batch(2, 1).batch(1, 1).batch(2, 1).alone(1).batch(2, 1).alone(2).groups())
        .containsExactly("1:1 1:2", "2:1 2:2 2:3", "1:3", "2:4");
  }

  @Test
  void aBatchMayEndTheRecording() throws Exception {
    assertThat(batch(2, 1).batch(1, 1).alone(2).batch(1, 1).groups()).containsExactly("2:1", "1:1 1:2", "2:2");
  }

  @Test
  void manyLinesInsideABatchKeepTheirOrder() throws Exception {
    batch(1, 1);
    for (int i = 0; i < 1000; i++) {
      alone(2);
    }
    List<String> groups = batch(1, 1).alone(1).groups();
    assertThat(groups).hasSize(1002).startsWith("1:1 1:2", "2:1", "2:2").endsWith("2:999", "2:1000", "1:3");
    assertThat(groups).doesNotHaveDuplicates();
  }

  @Test
  void aBatchThatNobodyContinuesIsNoBurden() throws Exception {
    batch(1, 1).batch(1, 1);
    for (int i = 0; i < 5000; i++) {
      alone(2);
    }
    assertThat(groups()).hasSize(5001).startsWith("1:1 1:2", "2:1").endsWith("2:5000");
  }

  /** Otherwise a whole recording could have to be kept in memory. */
  @Test
  void aBatchWhoseLinesLieTooFarApartIsRefused() {
    batch(1, 1);
    for (int i = 0; i < 5000; i++) {
      alone(2);
    }
    batch(1, 1);
    assertThatThrownBy(this::groups).isInstanceOf(UnplayableException.class).hasMessageStartingWith("f:");
  }
}
