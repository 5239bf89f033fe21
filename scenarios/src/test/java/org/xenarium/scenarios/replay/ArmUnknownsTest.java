package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that a recording does not determine are learned by the first read; all others are compared. */
class ArmUnknownsTest {
  private static final long GFN = 0x40100;
  private static final long PAGE = GFN << 12;
  private static final long OTHER = PAGE + 0x1000;
  private static final long UART = 0x22000000L;
  private static final long FREE = 0x38800000L;

  @TempDir Path folder;

  private static SmallRecording populated() {
    return new SmallRecording(1).repopulate(1, GFN);
  }

  private void agrees(SmallRecording recording, long learned) throws Exception {
    ReplayResult result = recording.play(folder);
    assertThat(result.difference()).isEmpty();
    assertThat(result.learned()).isEqualTo(learned);
  }

  /** The last line of the recording differs. */
  private void differs(SmallRecording recording, String expected, String actual) throws Exception {
    ReplayResult result = recording.play(folder);
    assertThat(result.difference()).hasValueSatisfying(difference -> {
      assertThat(difference.line()).isEqualTo((int) result.operations() + 1);
      assertThat(difference.field()).isEqualTo("val");
      assertThat(difference.expected()).startsWith(expected + " ");
      assertThat(difference.actual()).startsWith(actual + " ");
    });
  }

  @Test
  void theFirstReadOfAPopulatedPageIsLearnedAndTheSecondCompared() throws Exception {
    agrees(populated().read(1, 4, PAGE, 77).read(1, 4, PAGE, 77), 1);
    differs(populated().read(1, 4, PAGE, 77).read(1, 4, PAGE, 78), "78", "77");
  }

  @Test
  void everyByteIsLearnedByItself() throws Exception {
    agrees(populated().read(1, 4, PAGE, 0x04030201).read(1, 8, PAGE, 0x08070605_04030201L), 2);
    differs(populated().read(1, 4, PAGE, 0x04030201).read(1, 8, PAGE, 0x08070605_04030200L), "578437695752307200", "67305985");
    agrees(populated().read(1, 4, PAGE, 5).read(1, 4, PAGE + 4, 6).read(1, 8, PAGE + 0xff8, 7), 3);
  }

  @Test
  void whatWasWrittenBeforeTheFirstReadIsCompared() throws Exception {
    agrees(populated().write(1, 4, PAGE, 9).read(1, 4, PAGE, 9), 0);
    differs(populated().write(1, 4, PAGE, 9).read(1, 4, PAGE, 8), "8", "9");
  }

  @Test
  void ofAWordWithOneWrittenByteThatByteIsComparedAndTheOthersAreLearned() throws Exception {
    agrees(populated().write(1, 1, PAGE + 1, 0xbb).read(1, 4, PAGE, 0x4433bb11).read(1, 4, PAGE, 0x4433bb11), 1);
    assertThat(populated().write(1, 1, PAGE + 1, 0xbb).read(1, 4, PAGE, 0x4433ba11).play(folder).difference()).isPresent();
  }

  @Test
  void aWriteAfterTheFirstReadIsCompared() throws Exception {
    differs(populated().read(1, 4, PAGE, 77).write(1, 4, PAGE, 9).read(1, 4, PAGE, 77), "77", "9");
  }

  @Test
  void aCopyOfUnknownBytesIsAsUnknownAsTheyAre() throws Exception {
    agrees(populated().copy(1, GFN, GFN + 1, 4).read(1, 4, OTHER, 3).read(1, 4, OTHER, 3).read(1, 4, OTHER + 4, 0), 1);
    differs(populated().copy(1, GFN, GFN + 1, 4).read(1, 4, OTHER, 3).read(1, 4, OTHER, 4), "4", "3");
    differs(populated().copy(1, GFN, GFN + 1, 4).read(1, 4, OTHER + 4, 1), "1", "0");
  }

  @Test
  void aCopyOfLearnedBytesIsCompared() throws Exception {
    agrees(populated().read(1, 4, PAGE, 5).copy(1, GFN, GFN + 1, 4).read(1, 4, OTHER, 5), 1);
    differs(populated().read(1, 4, PAGE, 5).copy(1, GFN, GFN + 1, 4).read(1, 4, OTHER, 6), "6", "5");
  }

  @Test
  void aCopyOfKnownBytesMakesAnUnknownPageKnown() throws Exception {
    differs(populated().copy(1, GFN + 1, GFN, 4096).read(1, 8, PAGE + 0xff8, 1), "1", "0");
  }

  @Test
  void anUnknownPageIsUnknownThroughAMapping() throws Exception {
    SmallRecording mapped = populated().grantFrame(1).grant(1, 8, 1, GFN).map(1, 1, 8, FREE, 0, 0x50000000L);
    agrees(mapped.read(1, 4, FREE, 5).read(1, 4, PAGE, 5), 2);
    differs(mapped.read(1, 4, PAGE, 6), "6", "5");
  }

  @Test
  void aPageThatIsPopulatedAgainIsUnknownAgain() throws Exception {
    agrees(populated().read(1, 4, PAGE, 77).repopulate(1, GFN).read(1, 4, PAGE, 78), 2);
  }

  @Test
  void pagesThatAreNotPopulatedAreKnownToBeZero() throws Exception {
    differs(populated().read(1, 4, OTHER, 1), "1", "0");
    differs(new SmallRecording(1).read(1, 4, PAGE, 1), "1", "0");
  }

  @Test
  void loadsFromTheUartAreLearnedEachTimeAndItsStoresVanish() throws Exception {
    agrees(new SmallRecording(1).read(1, 4, UART + 0x18, 144).write(1, 4, UART, 65).read(1, 4, UART + 0x18, 145), 2);
  }

  @Test
  void whatIsMappedInPlaceOfTheUartIsCompared() throws Exception {
    SmallRecording mapped = new SmallRecording(1).grantFrame(1).grant(1, 8, 1, GFN).map(1, 1, 8, UART, 0, 0x41100000L);
    differs(mapped.write(1, 4, PAGE, 6).read(1, 4, UART, 7), "7", "6");
  }

  @Test
  void thePageOverWhichDomainsSynchroniseIsNeverCompared() throws Exception {
    long page = 0x4010e000L;
    agrees(new SmallRecording(1, 2).read(1, 4, page, 5).read(1, 4, page, 6).write(1, 4, page, 7).read(1, 4, page, 8), 3);
    SmallRecording mapped = new SmallRecording(1, 2).grantFrame(1).grant(1, 50, 2, page >> 12).map(2, 1, 50, FREE, 0, 0x4110e000L);
    agrees(mapped.read(2, 4, FREE, 1).read(2, 4, FREE, 2), 2);
    differs(mapped.read(2, 4, page, 1), "1", "0");
    differs(new SmallRecording(1).read(1, 4, page, 5), "5", "0");
  }
}
