package org.xenarium.scenarios.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for any file, however damaged. */
class RecordingReaderProperties {
  private static final String ARM = RecordingFiles.ARM_HEADER + ArmReaderTest.numbered(ArmReaderTest.EVERY_OPERATION);
  private static final String CORE = RecordingFiles.CORE_HEADER + CoreReaderTest.EVERY_OPERATION;

  private enum Damage { REPLACE, DELETE, INSERT, CUT }

  @Provide
  Arbitrary<byte[]> damaged() {
    return Arbitraries.of(ARM, CORE).flatMap(text -> {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      Arbitrary<Byte> signs = Arbitraries.chars().with("\"{}[],:-09. \n").map(sign -> (byte) sign.charValue());
      Arbitrary<Byte> values = Arbitraries.oneOf(Arbitraries.bytes(), signs);
      return Combinators.combine(Arbitraries.integers().between(0, bytes.length - 1), Arbitraries.of(Damage.class), values)
          .as((at, damage, value) -> damage(bytes, at, damage, value));
    });
  }

  private static byte[] damage(byte[] bytes, int at, Damage damage, byte value) {
    ByteArrayOutputStream spoilt = new ByteArrayOutputStream();
    spoilt.write(bytes, 0, at);
    if (damage == Damage.REPLACE || damage == Damage.INSERT) {
      spoilt.write(value);
    }
    int rest = switch (damage) {
      case REPLACE, DELETE -> at + 1;
      case INSERT -> at;
      case CUT -> bytes.length;
    };
    spoilt.write(bytes, rest, bytes.length - rest);
    return spoilt.toByteArray();
  }

  @Property
  void aDamagedFileIsReadOrRefusedInOneLineThatSaysWhere(@ForAll("damaged") byte[] bytes) {
    try (RecordingReader reader = RecordingReader.open("f", new ByteArrayInputStream(bytes))) {
      switch (reader) {
        case ArmReader arm -> {
          for (ArmLine line = new ArmLine(); arm.next(line); ) {
            assertThat(line.lineNumber()).isPositive();
          }
        }
        case CoreReader core -> {
          for (CoreLine line = new CoreLine(); core.next(line); ) {
            assertThat(line.lineNumber()).isPositive();
          }
        }
      }
    } catch (RecordingException e) {
      String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
      assertThat(e.getMessage()).startsWith("f").doesNotContain("\n").doesNotContain("null: ");
      assertThat(e.line()).isBetween(0, lines.length);
      assertThat(e.column()).isBetween(0, e.line() == 0 ? 0 : lines[e.line() - 1].length() + 1);
    }
  }

  @Property(tries = 2000)
  void everyValueOfAFieldIsReadAsItIs(@ForAll long address, @ForAll int reference, @ForAll short domain, @ForAll long rc,
      @ForAll short status) throws RecordingException {
    String line = "{\"dom\": 2, \"seq\": 1, \"op\": \"map\", \"in\": {\"dom\": " + (domain & 0xffff) + ", \"ref\": "
        + Integer.toUnsignedString(reference) + ", \"flags\": 0, \"addr\": " + Long.toUnsignedString(address)
        + "}, \"rc\": " + rc + ", \"status\": " + status + ", \"out\": {\"handle\": 0, \"dev\": " + Long.toUnsignedString(~address) + "}}";
    byte[] bytes = (RecordingFiles.ARM_HEADER + line).getBytes(StandardCharsets.UTF_8);
    try (ArmReader reader = (ArmReader) RecordingReader.open("f", new ByteArrayInputStream(bytes))) {
      ArmLine read = new ArmLine();
      assertThat(reader.next(read)).isTrue();
      assertThat(List.of(read.in(0), read.in(1), read.in(3), read.rc(), (long) read.status(), read.out(1)))
          .containsExactly(domain & 0xffffL, reference & 0xffffffffL, address, rc, (long) status, ~address);
    }
  }

  @Property(tries = 200)
  void linesAreSplitAtNewlinesHoweverTheBytesArrive(@ForAll @Size(max = 12) List<@IntRange(max = 200_000) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 100_000) int portion, @ForAll boolean newlineAtTheEnd) throws IOException {
    StringBuilder text = new StringBuilder();
    lengths.forEach(length -> text.append("x".repeat(length)).append('\n'));
    if (!newlineAtTheEnd && text.length() > 0) {
      text.setLength(text.length() - 1);
    }
    List<Integer> expected = new ArrayList<>(text.toString().lines().map(String::length).toList());
    try (LineSource source = new LineSource(inPortions(text.toString(), portion))) {
      List<Integer> found = new ArrayList<>();
      while (source.nextLine()) {
        found.add(source.length());
        assertThat(source.lineNumber()).isEqualTo(found.size());
        assertThat(source.readAllBytes().length).isEqualTo(source.length());
      }
      assertThat(found).isEqualTo(expected);
      assertThat(source.nextLine()).isFalse();
    }
  }

  private static InputStream inPortions(String text, int portion) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)) {
      @Override
      public int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, portion));
      }
    };
  }
}
