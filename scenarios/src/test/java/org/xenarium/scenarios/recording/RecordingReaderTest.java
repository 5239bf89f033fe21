package org.xenarium.scenarios.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for files of either format: their lines, their encoding, their end. */
class RecordingReaderTest {
  private static final String SEND = """
      {"dom": 1, "seq": 1, "src": "evtchn_send 1", "op": "evtchn_send", "in": {"port": 1}, "rc": 0, "status": null, "out": {}}""";
  private static final String MORE = "expected the end of the line after the object, found more";

  @TempDir Path folder;

  private String problem(String text) {
    return RecordingFiles.problem(folder, text);
  }

  @Test
  void aFileThatIsNotThere() {
    Path file = folder.resolve("nowhere.jsonl");
    assertThatThrownBy(() -> RecordingReader.open(file)).isInstanceOf(RecordingException.class)
        .hasMessage(file + ": there is no such file");
  }

  @Test
  void aDirectory() {
    assertThatThrownBy(() -> RecordingReader.open(folder)).isInstanceOf(RecordingException.class)
        .hasMessage(folder + ": expected a recording, found a directory");
  }

  @Test
  void anExceptionKnowsItsPlace() {
    assertThat(new RecordingException("f", 3, 5, "p")).hasMessage("f:3:5: p")
        .satisfies(e -> assertThat(e.file() + e.line() + e.column()).isEqualTo("f35"));
  }

  @Test
  void anEmptyFile() {
    assertThat(problem("")).isEqualTo("f: expected a recording, found an empty file");
  }

  @Test
  void aHeaderWithoutOperations() {
    String expected = "f:1: expected operations after the header, found the end of the file";
    assertThat(problem(RecordingFiles.ARM_HEADER)).isEqualTo(expected);
    assertThat(problem(RecordingFiles.CORE_HEADER)).isEqualTo(expected);
    assertThat(problem(RecordingFiles.ARM_HEADER.strip())).isEqualTo(expected);
  }

  @Test
  void aFileOfAnotherKind() {
    String noObject = "f:1:1: expected the header of a recording, a JSON object, found ";
    assertThat(problem("name: a scenario\n")).isEqualTo(noObject + "\"name: a scenario\"");
    assertThat(problem("[1]\n")).isEqualTo(noObject + "\"[1]\"");
    assertThat(problem("\n" + SEND)).isEqualTo(noObject + "a blank line");
    String noHeader = "f:1: expected a header with \"recording\" (arm64 format) or \"trace\" (xen-core format), found neither";
    assertThat(problem("{}\n")).isEqualTo(noHeader);
    assertThat(problem("{\"recordin\": 1}\n")).isEqualTo(noHeader);
    assertThat(problem(SEND + "\n")).isEqualTo(noHeader + "; has the header been cut off?");
  }

  @Test
  void aHeaderThatIsNoJson() {
    assertThat(problem("{\"recordin\": tru}\n")).startsWith("f:1:14: cannot be read as JSON in UTF-8: Unrecognized token 'tru'");
    assertThat(problem("{\"recording\": \n")).isEqualTo("f:1:15: expected the rest of a JSON object, found the end of the line");
  }

  @Test
  void aFileCutOffInItsLastLine() {
    for (int length = 1; length < SEND.length(); length++) {
      assertThat(problem(RecordingFiles.ARM_HEADER + SEND.substring(0, length))).as(SEND.substring(0, length))
          .startsWith("f:2:").endsWith("; has the file been cut off?");
    }
    assertThat(problem(RecordingFiles.ARM_HEADER + SEND.substring(0, 60)))
        .isEqualTo("f:2:61: expected the rest of a JSON object, found the end of the line; has the file been cut off?");
    assertThat(problem(RecordingFiles.ARM_HEADER + SEND)).isEqualTo("none");
  }

  @Test
  void anObjectDoesNotGoOnInTheNextLine() {
    assertThat(problem(RecordingFiles.ARM_HEADER + SEND.replace(", \"rc\"", ",\n \"rc\"") + "\n"))
        .isEqualTo("f:2:85: expected the rest of a JSON object, found the end of the line");
  }

  @Test
  void aLineHoldsOneObject() {
    assertThat(problem(RecordingFiles.ARM_HEADER + SEND + SEND)).isEqualTo("f:2:121: " + MORE);
    assertThat(problem(RecordingFiles.ARM_HEADER + SEND + " ,\n")).isEqualTo("f:2:122: " + MORE);
    assertThat(problem(RecordingFiles.ARM_HEADER + SEND + " ".repeat(20_000) + ",\n"))
        .isEqualTo("f:2:20121: " + MORE);
    assertThat(problem(RecordingFiles.ARM_HEADER + "5\n")).isEqualTo("f:2:1: expected an object, found 5");
    assertThat(problem(RecordingFiles.ARM_HEADER.strip() + " {}\n"))
        .isEqualTo("f:1:272: " + MORE);
  }

  @Test
  void blankLinesAreErrors() {
    String expected = ": blank line, expected one JSON object in every line";
    assertThat(problem(RecordingFiles.ARM_HEADER + "\n" + SEND)).isEqualTo("f:2" + expected);
    assertThat(problem(RecordingFiles.ARM_HEADER + SEND + "\n \t\r\n")).isEqualTo("f:3" + expected);
  }

  @Test
  void carriageReturnsAndBlanksAroundTheObjectAreHarmless() {
    assertThat(problem((RecordingFiles.ARM_HEADER + " " + SEND + " \n").replace("\n", "\r\n"))).isEqualTo("none");
  }

  @Test
  void textThatIsNotUtf8() {
    String expected = "f:1:1: expected JSON in UTF-8 without a byte order mark, found another encoding";
    String text = RecordingFiles.ARM_HEADER + SEND + "\n";
    assertThat(problem("\ufeff" + text)).isEqualTo(expected);
    assertThat(RecordingFiles.problem(folder, text.getBytes(StandardCharsets.UTF_16))).isEqualTo(expected);
    assertThat(RecordingFiles.problem(folder, text.getBytes(StandardCharsets.UTF_16LE))).isEqualTo(expected);
    byte[] latin1 = text.replace("evtchn_send 1", "\u00e4 b").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(RecordingFiles.problem(folder, latin1)).startsWith("f:2:").contains("cannot be read as JSON in UTF-8: Invalid UTF-8");
  }

  @Test
  void textsForPeopleMayHoldAnyCharacter() {
    String text = "\u00e4\u20ac\ud83d\ude00 \\u0000 \\n";
    assertThat(problem(RecordingFiles.ARM_HEADER + SEND.replace("evtchn_send 1", text))).isEqualTo("none");
  }

  @Test
  void numbersAreWrittenAsJsonWritesThem() {
    assertThat(problem(RecordingFiles.ARM_HEADER + SEND.replace("\"port\": 1", "\"port\": 0x1")))
        .startsWith("f:2:83: cannot be read as JSON in UTF-8: Unexpected character ('x' (code 120))").doesNotContain("`");
    assertThat(problem(RecordingFiles.ARM_HEADER + SEND.replace("\"port\": 1", "\"port\": " + "9".repeat(2000)))).startsWith("f:2");
  }

  @Test
  void aLineLongerThanAnyBufferIsRead() throws IOException, RecordingException {
    String text = RecordingFiles.ARM_HEADER + SEND.replace("evtchn_send 1", "x".repeat(300_000)) + "\n"
        + SEND.replace("\"seq\": 1", "\"seq\": 2");
    try (ArmReader reader = (ArmReader) RecordingReader.open(RecordingFiles.write(folder, text))) {
      ArmLine line = new ArmLine();
      assertThat(reader.next(line)).isTrue();
      assertThat(reader.src()).hasSize(300_000);
      assertThat(reader.next(line)).isTrue();
      assertThat(reader.src()).isEqualTo("evtchn_send 1");
      assertThat(reader.next(line)).isFalse();
      assertThat(reader.next(line)).isFalse();
    }
  }
}
