package org.xenarium.scenarios.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading of well-formed recordings in the xen-core format. */
class CoreReaderTest {
  /** One line of each operation. */
  static final String EVERY_OPERATION = """
      {"i":0,"op":"map","dom":1,"vcpu":1,"fr":1,"in":[{"addr":-1,"flags":2,"ref":4294967295,"dom":1},{"addr":7,"flags":0,"ref":1,"dom":0}],\
      "rc":-14,"out":[{"status":0,"handle":3,"dev":2148532224},{"status":null}],"rand":[5,6],"st":[]}
      {"i":1,"op":"unmap","dom":1,"in":[{"addr":1610616832,"dev":4096,"handle":4}],"rc":0,"out":[{"status":-4}],"st":[]}
      {"i":2,"op":"unmaprep","dom":1,"fw":0,"in":[{"addr":0,"new":1073799168,"handle":3}],"rc":0,"out":[{"status":-1}],"st":[]}
      {"i":3,"op":"copy","dom":1,"in":[{"s":8,"sd":1,"so":100,"d":262147,"dd":32752,"do":101,"len":200,"fl":1}],"rc":0,\
      "out":[{"status":0}],"overlap":1,"st":[]}
      {"i":4,"op":"transfer","dom":1,"in":[{"mfn":262144,"to":0,"ref":18}],"rc":-95,"out":[{"status":null}],"st":[]}
      {"i":5,"op":"swap","dom":1,"in":[{"a":4294967294,"b":3}],"rc":0,"out":[{"status":-3}],"st":[]}
      {"i":6,"op":"cflush","dom":1,"in":[{"addr":2149044224,"off":762,"len":842,"op":1}],"rc":-1,"st":[]}
      {"i":7,"op":"setup","dom":1,"target":32752,"nr":3,"fl":2,"count":1,"rc":-14,"out":[{"status":0,"frames":[-1,229376]}],"st":[]}
      {"i":8,"op":"getstat","dom":1,"target":77,"nr":2,"rc":0,"out":[{"status":-2,"frames":[]}],"st":[]}
      {"i":9,"op":"query","dom":1,"target":32752,"rc":0,"out":[{"status":0,"nr":1,"max":2}],"st":[]}
      {"i":10,"op":"setver","dom":1,"ver":2,"rc":-16,"out":[{"version":1}],"st":[]}
      {"i":11,"op":"getver","dom":1,"target":99,"rc":-3,"out":[{}],"st":[]}
      {"i":12,"op":"raw","dom":1,"cmd":4104,"count":-3,"rc":-22,"st":[]}
      {"i":13,"op":"atp","dom":1,"target":32752,"idx":4294967295,"gfn":-1,"rc":0,"st":[]}
      {"i":14,"op":"rfp","dom":1,"target":32752,"gfn":229376,"rc":-2,"st":[]}
      {"i":15,"op":"acqres","dom":0,"target":1,"id":0,"frame":0,"nr":2,"rc":2,"mfns":[528390,528391],"st":[]}
      {"i":16,"op":"gw","dom":1,"ref":10,"off":4,"hex":"0a000400","esz":8,"gpa":939524180,"ok":1,"st":[]}
      {"i":17,"op":"gpw","dom":1,"gpa":1610747493,"hex":"d0de","ok":0,"st":[]}
      {"i":18,"op":"gpr","dom":1,"gpa":1073774608,"len":4,"ok":1,"data":"aabbccdd","st":[]}
      {"i":19,"op":"destroy","dom":1,"rc":0,"zombie":1,"st":[]}
      """;

  @TempDir Path folder;

  private CoreReader open(String lines) throws RecordingException {
    return (CoreReader) RecordingReader.open(RecordingFiles.write(folder, RecordingFiles.CORE_HEADER + lines));
  }

  private CoreLine read(CoreOperation operation) throws RecordingException {
    try (CoreReader reader = open(EVERY_OPERATION)) {
      CoreLine line = new CoreLine();
      while (reader.next(line)) {
        if (line.operation() == operation) {
          return line;
        }
      }
    }
    throw new AssertionError(operation);
  }

  private static List<Long> row(LongTable table, int row) {
    List<Long> values = new ArrayList<>();
    for (int column = 0; column < table.width(); column++) {
      values.add(table.get(row, column));
    }
    return values;
  }

  @Test
  void theHeaderIsReadWhole() throws RecordingException {
    try (CoreReader reader = open("")) {
      CoreHeader header = reader.header();
      assertThat(header.trace()).isEqualTo("t");
      assertThat(header.seed()).isEqualTo(7);
      assertThat(header.optMaxVersion()).isEqualTo(2);
      assertThat(header.preempt()).isZero();
      assertThat(header.domains()).hasSize(2);
      CoreDomain control = header.domains().getFirst();
      assertThat(control.priv()).isTrue();
      assertThat(control.maxMaptrackFrames()).isZero();
      assertThat(control.pages()).hasSize(16).startsWith(1L, 2L);
      assertThat(control.p2m()).containsExactly(new CoreMapping(262144, 1, 1), new CoreMapping(36864, 36864, 3));
      CoreDomain guest = header.domain(1).orElseThrow();
      assertThat(guest.priv()).isFalse();
      assertThat(guest.vcpus()).isEqualTo(2);
      assertThat(guest.maxVersion()).isEqualTo(2);
      assertThat(guest.maxGrantFrames()).isEqualTo(2);
      assertThat(header.domain(2)).isEmpty();
    }
  }

  @Test
  void everyOperationIsRead() throws RecordingException {
    EnumSet<CoreOperation> read = EnumSet.noneOf(CoreOperation.class);
    try (CoreReader reader = open(EVERY_OPERATION)) {
      for (CoreLine line = new CoreLine(); reader.next(line); ) {
        assertThat(line.i()).isEqualTo(read.size());
        assertThat(line.lineNumber()).isEqualTo(read.size() + 2);
        read.add(line.operation());
      }
    }
    assertThat(read).isEqualTo(EnumSet.allOf(CoreOperation.class));
  }

  @Test
  void elementsStandInRows() throws RecordingException {
    CoreLine map = read(CoreOperation.MAP);
    assertThat(map.operation().elementFields()).containsExactly("addr", "flags", "ref", "dom");
    assertThat(map.in().rows()).isEqualTo(2);
    assertThat(row(map.in(), 0)).containsExactly(-1L, 2L, 4294967295L, 1L);
    assertThat(row(map.in(), 1)).containsExactly(7L, 0L, 1L, 0L);
    assertThat(row(read(CoreOperation.COPY).in(), 0)).containsExactly(8L, 1L, 100L, 262147L, 32752L, 101L, 200L, 1L);
  }

  @Test
  void anOutputThatWasLeftUntouchedIsAbsent() throws RecordingException {
    CoreLine map = read(CoreOperation.MAP);
    assertThat(map.outCount()).isEqualTo(2);
    assertThat(map.out(0, CoreOut.STATUS)).isZero();
    assertThat(map.out(0, CoreOut.HANDLE)).isEqualTo(3);
    assertThat(map.out(0, CoreOut.DEV)).isEqualTo(2148532224L);
    assertThat(map.hasOut(1, CoreOut.STATUS)).isFalse();
    assertThat(map.hasOut(1, CoreOut.HANDLE)).isFalse();
    assertThatThrownBy(() -> map.out(1, CoreOut.STATUS)).isInstanceOf(NoSuchElementException.class);
    assertThat(read(CoreOperation.GETVER).hasOut(0, CoreOut.VERSION)).isFalse();
    assertThat(read(CoreOperation.QUERY).out(0, CoreOut.MAX)).isEqualTo(2);
  }

  @Test
  void fieldsOfTheLineArePresentOrNot() throws RecordingException {
    CoreLine map = read(CoreOperation.MAP);
    assertThat(map.vcpu()).isEqualTo(1);
    assertThat(map.get(CoreField.RC)).isEqualTo(-14);
    assertThat(map.get(CoreField.FR)).isEqualTo(1);
    assertThat(map.has(CoreField.FW)).isFalse();
    assertThat(map.rand().rows()).isEqualTo(2);
    assertThat(map.rand().get(1)).isEqualTo(6);
    assertThatThrownBy(() -> map.get(CoreField.FW)).isInstanceOf(NoSuchElementException.class);
    CoreLine write = read(CoreOperation.GW);
    assertThat(write.vcpu()).isZero();
    assertThat(write.has(CoreField.RC)).isFalse();
    assertThat(write.get(CoreField.ESZ)).isEqualTo(8);
    assertThat(write.bytes()).containsExactly(0x0a, 0, 4, 0);
    assertThat(read(CoreOperation.GPR).bytes()).containsExactly(0xaa, 0xbb, 0xcc, 0xdd);
    assertThat(read(CoreOperation.RAW).get(CoreField.COUNT)).isEqualTo(-3);
    assertThat(read(CoreOperation.ATP).get(CoreField.GFN)).isEqualTo(-1);
    assertThat(read(CoreOperation.COPY).has(CoreField.OVERLAP)).isTrue();
    assertThat(read(CoreOperation.DESTROY).get(CoreField.ZOMBIE)).isEqualTo(1);
  }

  @Test
  void frameListsAreRead() throws RecordingException {
    CoreLine setup = read(CoreOperation.SETUP);
    assertThat(setup.frames().rows()).isEqualTo(2);
    assertThat(setup.frames().get(0)).isEqualTo(-1);
    assertThat(setup.hasOut(0, CoreOut.FRAMES)).isTrue();
    assertThat(read(CoreOperation.GETSTAT).frames().rows()).isZero();
    assertThat(read(CoreOperation.ACQRES).mfns().get(1)).isEqualTo(528391);
  }

  @Test
  void stateChangesAreRead() throws RecordingException {
    try (CoreReader reader = open("""
        {"i":0,"op":"destroy","dom":1,"rc":0,"zombie":0,"st":[{"d":0,"gone":1},{"d":1,"life":"dying",\
        "ver":2,"nf":1,"sf":3,"ml":512,"mu":4,"v2ops":0,"free":[[3,2],[-1,-1]],"e":[[10239,65537,65528,24],[3,0,0,0]],\
        "p2m":[[229376,0,0],[229377,528404,8]],"ram":4289535023,"tab":1,"stab":0}]}
        {"i":1,"op":"raw","dom":0,"cmd":0,"count":0,"rc":0,"st":[{"d":1}]}
        """)) {
      CoreLine line = new CoreLine();
      reader.next(line);
      assertThat(line.stateCount()).isEqualTo(2);
      assertThat(line.state(0).has(CoreStateField.GONE)).isTrue();
      CoreDomainState state = line.state(1);
      assertThat(state.dom()).isEqualTo(1);
      assertThat(state.has(CoreStateField.GONE)).isFalse();
      assertThat(state.life()).isEqualTo(CoreDomainState.Life.DYING);
      assertThat(state.get(CoreStateField.ML)).isEqualTo(512);
      assertThat(state.get(CoreStateField.RAM)).isEqualTo(4289535023L);
      assertThat(row(state.free(), 0)).containsExactly(3L, 2L);
      assertThat(row(state.free(), 1)).containsExactly(-1L, -1L);
      assertThat(row(state.entries(), 0)).containsExactly(10239L, 65537L, 65528L, 24L);
      assertThat(row(state.p2m(), 0)).containsExactly(229376L, 0L, 0L);
      reader.next(line);
      assertThat(line.state(0).has(CoreStateField.E)).isFalse();
      assertThat(line.state(0).entries().rows()).isZero();
      assertThatThrownBy(() -> line.state(0).get(CoreStateField.ML)).isInstanceOf(NoSuchElementException.class);
      assertThatThrownBy(() -> line.state(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void theOperationMayStandBehindItsElements() throws RecordingException {
    try (CoreReader reader = open("""
        {"in":[{"b":2,"a":1}],"out":[{"status":0}],"rc":0,"st":[],"dom":1,"op":"swap","i":0}
        """)) {
      CoreLine line = new CoreLine();
      reader.next(line);
      assertThat(row(line.in(), 0)).containsExactly(1L, 2L);
    }
  }

  @Test
  void aSkippedLineNeedHaveNothingElse() throws RecordingException {
    try (CoreReader reader = open("{\"i\":0,\"op\":\"map\",\"dom\":1,\"skip\":1}\n")) {
      CoreLine line = new CoreLine();
      reader.next(line);
      assertThat(line.skip()).isTrue();
      assertThat(line.outCount()).isZero();
    }
  }

  @Test
  void operationsSayWhatTheyHave() {
    assertThat(CoreOperation.MAP.required()).containsExactlyInAnyOrder(CoreField.IN, CoreField.RC, CoreField.OUT);
    assertThat(CoreOperation.MAP.optional()).containsExactlyInAnyOrder(CoreField.FR, CoreField.FW, CoreField.RAND);
    assertThat(CoreOperation.CFLUSH.hasOut()).isFalse();
    assertThat(CoreOperation.GETVER.hasOut()).isTrue();
    assertThat(CoreOperation.GETVER.hasElements()).isFalse();
  }
}
