package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accesses of the recording guest, beyond those that the library's recordings show. */
class ArmGuestTest {
  private static final long PAGE = 0x40100000L;
  private static final long RAM_END = 0x41000000L;
  private static final long ENTRY_8 = 0x38000040L;
  private static final long FREE = 0x38800000L;
  private static final long UNWRITTEN_HANDLE = 0x5a5a5a5aL;

  private final SmallRecording recording = new SmallRecording(1);

  @TempDir Path folder;

  private void agrees() throws Exception {
    assertThat(recording.play(folder).difference()).isEmpty();
  }

  private static String at(long address) {
    return "\"addr\": " + address;
  }

  private static String at(long address, long value) {
    return at(address) + ", \"val\": " + value;
  }

  private static String fill(long address, int value, int length) {
    return at(address) + ", \"byte\": " + value + ", \"len\": " + length;
  }

  @Test
  void loadsAndStoresAreLittleEndianInAllSizes() throws Exception {
    recording.write(1, 8, PAGE, 0x0807060504030201L).read(1, 1, PAGE, 1).read(1, 2, PAGE, 0x0201).read(1, 4, PAGE + 4, 0x08070605);
    recording.write(1, 1, PAGE, 0xff).write(1, 2, PAGE + 2, 0xeeee).write(1, 4, PAGE + 4, 0).read(1, 8, PAGE, 0xeeee02ffL);
    agrees();
  }

  @Test
  void anAccessMayCrossTheEndOfAPage() throws Exception {
    recording.write(1, 8, PAGE + 0xffc, 0x0807060504030201L).read(1, 4, PAGE + 0xffc, 0x04030201).read(1, 4, PAGE + 0x1000, 0x08070605);
    agrees();
  }

  @Test
  void anAccessThatRunsIntoAHoleIsAbortedThereAndHasNoEffect() throws Exception {
    recording.aborted(1, "r32", at(RAM_END), "", RAM_END).aborted(1, "w8", at(RAM_END, 1), "", RAM_END);
    recording.aborted(1, "w64", at(RAM_END - 4, -1L >>> 1), "", RAM_END).read(1, 4, RAM_END - 4, 0);
    agrees();
  }

  @Test
  void fillWritesEveryByteAndSkipsHoles() throws Exception {
    recording.line(1, "fill", fill(PAGE + 0xffd, 0xab, 5), 0, "null", "", "");
    recording.read(1, 4, PAGE + 0xffc, 0xababab00L).read(1, 4, PAGE + 0x1000, 0xabab);
    recording.line(1, "fill", fill(RAM_END - 2, 0xcd, 4096), 0, "null", "", "").read(1, 4, RAM_END - 4, 0xcdcd0000L);
    agrees();
  }

  @Test
  void grantEntriesAreOutOfReachWhereNoFrameIsMapped() throws Exception {
    recording.aborted(1, "gtf", "\"ref\": 8, \"flags\": 1", "", ENTRY_8);
    recording.aborted(1, "gte", "\"ref\": 8, \"flags\": 1, \"dom\": 1, \"gfn\": 262400", "", ENTRY_8);
    recording.aborted(1, "gtr", "\"ref\": 8", "\"flags\": 0, \"dom\": 7, \"gfn\": 0", ENTRY_8);
    agrees();
  }

  @Test
  void aGrantEntryIsReadBackAsItWasWritten() throws Exception {
    recording.grantFrame(1).grant(1, 8, 7, 0x40100).read(1, 8, ENTRY_8, 0x40100_0007_0001L);
    recording.line(1, "gtf", "\"ref\": 8, \"flags\": 5", 0, "null", "", "");
    recording.line(1, "gtr", "\"ref\": 8", 0, "null", "\"flags\": 5, \"dom\": 7, \"gfn\": 262400", "");
    agrees();
  }

  @Test
  void manyMapsStopAtTheFirstFailureAndManyUnmapsToo() throws Exception {
    recording.grantFrame(1).grant(1, 8, 1, 0x40100);
    many("mapmany", "\"dom\": 1, \"ref\": 8, \"flags\": 2, \"addr\": %d, \"n\": 3".formatted(FREE), 0, "\"done\": 3, \"handle\": 0");
    many("unmapmany", "\"addr\": %d, \"handle\": 0, \"n\": 9".formatted(FREE), -4, "\"done\": 3");
    many("mapmany", "\"dom\": 1, \"ref\": 9, \"flags\": 2, \"addr\": %d, \"n\": 3".formatted(FREE), -1,
        "\"done\": 0, \"handle\": 18446744073709551615");
    many("mapmany", "\"dom\": 1, \"ref\": 8, \"flags\": 2, \"addr\": %d, \"n\": 0".formatted(FREE), 0,
        "\"done\": 0, \"handle\": 18446744073709551615");
    agrees();
  }

  private void many(String operation, String in, int status, String out) {
    recording.line(1, operation, in, 0, Integer.toString(status), out, "");
  }

  @Test
  void withAPointerOfItsOwnTheProgramsBufferStaysUntouched() throws Exception {
    String unwritten = "\"handle\": %d, \"dev\": 6510615555426900570".formatted(UNWRITTEN_HANDLE);
    String in = "\"dom\": 1, \"ref\": 8, \"flags\": 2, \"addr\": " + FREE;
    recording.line(1, "map", in, -14, "23130", unwritten, ", \"ptr\": " + RAM_END);
    recording.line(1, "map", in, 0, "23130", unwritten, ", \"count\": 0");
    recording.line(1, "set_version", "\"version\": 2", -14, "null", "\"version\": 2", ", \"ptr\": " + RAM_END);
    agrees();
  }
}
