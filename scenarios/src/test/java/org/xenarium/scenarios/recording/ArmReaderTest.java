package org.xenarium.scenarios.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading of well-formed recordings in the arm64 format. */
class ArmReaderTest {
  /** One line of each operation, as recorded; results of different recordings. */
  static final String EVERY_OPERATION = """
      {"op": "map", "in": {"dom": 1, "ref": 8, "flags": 2, "addr": 947912704}, "rc": 0, "status": 0, \
      "out": {"handle": 3, "dev": 1091567616}}
      {"op": "unmap", "in": {"addr": 947912704, "dev": 4096, "handle": 4294967295}, "rc": 0, "status": -4, "out": {}}
      {"op": "setup_table", "in": {"dom": 32752, "nr": 65, "list": 1073778688}, "rc": 0, "status": -1, "out": {}}
      {"op": "dump_table", "in": {"dom": 1}, "rc": -38, "status": 23130, "out": {}}
      {"op": "transfer", "in": {"mfn": 18446744073709551615, "dom": 1, "ref": 99999}, "rc": -95, "status": 23130, "out": {}}
      {"op": "copy", "in": {"src": 8, "sdom": 1, "soff": 1, "dst": 262401, "ddom": 32752, "doff": 2, "len": 65535, "flags": 1}, "rc": 0, \
      "status": -10, "out": {"retried": 1}}
      {"op": "query_size", "in": {"dom": 32752}, "rc": 0, "status": 0, "out": {"nr": 1, "max": 64}}
      {"op": "unmap_and_replace", "in": {"addr": 947912704, "new": 947916800, "handle": 0}, "rc": 0, "status": 23130, "out": {}}
      {"op": "set_version", "in": {"version": 2}, "rc": -38, "status": null, "out": {"version": 1}}
      {"op": "get_status_frames", "in": {"nr": 100, "dom": 32752, "list": 1073778688}, "rc": 0, "status": -1, "out": {}}
      {"op": "get_version", "in": {"dom": 32752}, "rc": -14, "status": null, "out": {"version": 1515870810}}
      {"op": "swap_grant_ref", "in": {"a": 20, "b": 21}, "rc": 0, "status": 0, "out": {}}
      {"op": "cache_flush", "in": {"a": 4503599627366400, "off": 4096, "len": 4097, "op": 2147483649}, "rc": -22, "status": null, "out": {}}
      {"op": "add_to_physmap", "in": {"dom": 32752, "space": 1, "idx": 0, "gfn": 229376}, "rc": 0, "status": null, "out": {}}
      {"op": "remove_from_physmap", "in": {"dom": 32752, "gfn": 229376}, "rc": -2, "status": null, "out": {}}
      {"op": "increase_reservation", "in": {"dom": 32752, "list": 1073778688, "nr": 1, "order": 30, "flags": 256}, "rc": 0, \
      "status": null, "out": {}}
      {"op": "decrease_reservation", "in": {"dom": 32752, "list": 0, "nr": 1, "order": 0, "flags": 0}, "rc": 1, "status": null, "out": {}}
      {"op": "populate_physmap", "in": {"dom": 1, "list": 0, "nr": 1, "order": 0, "flags": 0}, "rc": 1, "status": null, "out": {}}
      {"op": "maximum_ram_page", "in": {"dom": 1}, "rc": 524287, "status": null, "out": {}}
      {"op": "current_reservation", "in": {"dom": 1}, "rc": 4096, "status": null, "out": {}}
      {"op": "maximum_reservation", "in": {"dom": 1}, "rc": 4096, "status": null, "out": {}}
      {"op": "maximum_gpfn", "in": {"dom": 1}, "rc": 262161, "status": null, "out": {}}
      {"op": "xen_version", "in": {}, "rc": 262161, "status": null, "out": {}}
      {"op": "get_features", "in": {"idx": 0}, "rc": 0, "status": null, "out": {"map": 90117}}
      {"op": "evtchn_alloc_unbound", "in": {"dom": 32752, "remote": 2}, "rc": 0, "status": null, "out": {"port": 1}}
      {"op": "evtchn_bind_interdomain", "in": {"remote": 1, "rport": 1}, "rc": 0, "status": null, "out": {"port": 2}}
      {"op": "evtchn_send", "in": {"port": 2}, "rc": 0, "status": null, "out": {}}
      {"op": "evtchn_close", "in": {"port": 2}, "rc": -22, "status": null, "out": {}}
      {"op": "hvm_get_param", "in": {"dom": 32752, "index": 11}, "rc": 0, "status": null, "out": {"value": 18446744073709551615}}
      {"op": "hyp", "in": {"nr": 20, "a0": 1, "a1": 0}, "rc": -22, "status": null, "out": {}}
      {"op": "gte", "in": {"ref": 8, "flags": 1, "dom": 2, "gfn": 262400}, "rc": 0, "status": null, "out": {}}
      {"op": "gtf", "in": {"ref": 8, "flags": 29}, "rc": -1, "status": null, "out": {"esr": 2516582400, "far": 939524160}}
      {"op": "gtr", "in": {"ref": 8}, "rc": 0, "status": null, "out": {"flags": 25, "dom": 2, "gfn": 4294967295}}
      {"op": "r8", "in": {"addr": 1}, "rc": 0, "status": null, "out": {"val": 255}}
      {"op": "r16", "in": {"addr": 2}, "rc": 0, "status": null, "out": {"val": 65535}}
      {"op": "r32", "in": {"addr": 4}, "rc": -1, "status": null, "out": {"esr": 2516582400, "far": 4}}
      {"op": "r64", "in": {"addr": 8}, "rc": 0, "status": null, "out": {"val": 9223372036854775808}}
      {"op": "w8", "in": {"addr": 1, "val": 1}, "rc": 0, "status": null, "out": {}}
      {"op": "w16", "in": {"addr": 2, "val": 1}, "rc": 0, "status": null, "out": {}}
      {"op": "w32", "in": {"addr": 4, "val": 18446744073709551615}, "rc": 0, "status": null, "out": {}}
      {"op": "w64", "in": {"addr": 8, "val": 1}, "rc": -1, "status": null, "out": {"esr": 2516582400, "far": 8}}
      {"op": "fill", "in": {"addr": 1074790400, "byte": 255, "len": 4096}, "rc": 0, "status": null, "out": {}}
      {"op": "mapmany", "in": {"dom": 1, "ref": 8, "flags": 2, "addr": 949141504, "n": 130}, "rc": 0, "status": -1, \
      "out": {"done": 128, "handle": 18446744073709551615}}
      {"op": "unmapmany", "in": {"addr": 949960704, "handle": 129, "n": 1}, "rc": 0, "status": 0, "out": {"done": 1}}
      """;

  @TempDir Path folder;

  private record Read(ArmOperation operation, List<Long> in, long rc, int status, List<Long> out) {}

  /** Gives every line a domain and the next number. */
  static String numbered(String lines) {
    StringBuilder text = new StringBuilder();
    int seq = 0;
    for (String line : lines.strip().split("\n")) {
      seq++;
      text.append("{\"dom\": 1, \"seq\": " + seq + ", \"section\": \"s\", \"src\": \"words " + seq + "\", " + line.substring(1) + "\n");
    }
    return text.toString();
  }

  private ArmReader open(String lines) throws RecordingException {
    return (ArmReader) RecordingReader.open(RecordingFiles.write(folder, RecordingFiles.ARM_HEADER + lines));
  }

  private Map<ArmOperation, Read> everyOperation() throws RecordingException {
    Map<ArmOperation, Read> read = new EnumMap<>(ArmOperation.class);
    try (ArmReader reader = open(numbered(EVERY_OPERATION))) {
      for (ArmLine line = new ArmLine(); reader.next(line); ) {
        List<Long> in = new ArrayList<>();
        for (int field = 0; field < line.inCount(); field++) {
          in.add(line.in(field));
        }
        List<Long> out = new ArrayList<>();
        for (int field = 0; line.hasOut(field); field++) {
          out.add(line.out(field));
        }
        read.put(line.operation(), new Read(line.operation(), in, line.rc(), line.status(), out));
      }
    }
    return read;
  }

  @Test
  void theHeaderIsReadWhole() throws RecordingException {
    try (ArmReader reader = open("")) {
      ArmHeader header = reader.header();
      assertThat(header.title()).isEqualTo("a title");
      assertThat(header.source()).isEqualTo("Xen 4.17.7 (Debian, debug=n), arm64");
      assertThat(header.release()).isEqualTo("4.17");
      assertThat(header.version()).isEqualTo("4.17.7");
      assertThat(header.xsm()).isEqualTo(ArmHeader.Xsm.DUMMY);
      assertThat(header.domains()).containsExactly(1, 2);
      assertThat(header.ramBase()).isEqualTo(0x40000000L);
      assertThat(header.ramKib()).isEqualTo(16384);
      assertThat(header.vcpus()).isEqualTo(1);
      assertThat(header.maxGrantFrames()).isEqualTo(64);
      assertThat(header.maxMaptrackFrames()).isEqualTo(1024);
      assertThat(header.machineRamBase()).containsExactly(Map.entry(1, 0x41000000L));
    }
  }

  @Test
  void everyOperationIsRead() throws RecordingException {
    assertThat(everyOperation().keySet()).isEqualTo(EnumSet.allOf(ArmOperation.class));
  }

  @Test
  void inputsAndOutputsStandInTheOrderOfTheOperation() throws RecordingException {
    Map<ArmOperation, Read> read = everyOperation();
    assertThat(read.get(ArmOperation.MAP))
        .isEqualTo(new Read(ArmOperation.MAP, List.of(1L, 8L, 2L, 947912704L), 0, 0, List.of(3L, 1091567616L)));
    assertThat(read.get(ArmOperation.UNMAP))
        .isEqualTo(new Read(ArmOperation.UNMAP, List.of(947912704L, 4096L, 4294967295L), 0, -4, List.of()));
    assertThat(read.get(ArmOperation.COPY).in()).containsExactly(8L, 1L, 1L, 262401L, 32752L, 2L, 65535L, 1L);
    assertThat(read.get(ArmOperation.QUERY_SIZE).out()).containsExactly(1L, 64L);
    assertThat(read.get(ArmOperation.SET_VERSION).in()).containsExactly(2L);
    assertThat(read.get(ArmOperation.SET_VERSION).out()).containsExactly(1L);
    assertThat(read.get(ArmOperation.GET_STATUS_FRAMES).in()).containsExactly(100L, 32752L, 1073778688L);
    assertThat(read.get(ArmOperation.GTR).out()).containsExactly(25L, 2L, 4294967295L);
    assertThat(read.get(ArmOperation.XEN_VERSION).in()).isEmpty();
  }

  @Test
  void unsignedNumbersKeepTheir64Bits() throws RecordingException {
    Map<ArmOperation, Read> read = everyOperation();
    assertThat(read.get(ArmOperation.TRANSFER).in()).startsWith(-1L);
    assertThat(read.get(ArmOperation.R64).out()).containsExactly(Long.MIN_VALUE);
    assertThat(read.get(ArmOperation.MAPMANY).out()).containsExactly(128L, -1L);
  }

  @Test
  void aHypercallByNumberHasAsManyArgumentsAsItGives() throws RecordingException {
    assertThat(everyOperation().get(ArmOperation.HYP).in()).containsExactly(20L, 1L, 0L);
  }

  @Test
  void theFieldsOfALineMayComeInAnyOrder() throws RecordingException {
    String line = """
        {"out": {"dev": 2, "handle": 1}, "status": -3, "rc": 5, "in": {"addr": 4, "flags": 3, "ref": 2, "dom": 1}, "op": "map", \
        "seq": 1, "dom": 2}
        """;
    try (ArmReader reader = open(line)) {
      ArmLine read = new ArmLine();
      assertThat(reader.next(read)).isTrue();
      assertThat(List.of(read.in(0), read.in(1), read.in(2), read.in(3), read.out(0), read.out(1), read.rc(), (long) read.status()))
          .containsExactly(1L, 2L, 3L, 4L, 1L, 2L, 5L, -3L);
      assertThat(read.dom()).isEqualTo(2);
      assertThat(reader.src()).isEmpty();
    }
  }

  @Test
  void anAbortShowsWhereAndNothingElse() throws RecordingException {
    try (ArmReader reader = open(numbered("""
        {"op": "r32", "in": {"addr": 4}, "rc": -1, "status": null, "out": {"esr": 2516582400, "far": 4}}
        {"op": "gtr", "in": {"ref": 8}, "rc": -1, "status": null, \
        "out": {"flags": 0, "dom": 0, "gfn": 0, "esr": 2516582400, "far": 939524160}}
        {"op": "r32", "in": {"addr": 4}, "rc": 0, "status": null, "out": {"val": 7}}
        """))) {
      ArmLine line = new ArmLine();
      reader.next(line);
      assertThat(line.aborted()).isTrue();
      assertThat(line.hasOut(0)).isFalse();
      assertThat(line.esr()).isEqualTo(2516582400L);
      assertThat(line.far()).isEqualTo(4);
      reader.next(line);
      assertThat(line.aborted()).isTrue();
      assertThat(line.far()).isEqualTo(939524160);
      reader.next(line);
      assertThat(line.aborted()).isFalse();
      assertThat(line.esr()).isZero();
      assertThat(line.hasOut(0)).isTrue();
    }
  }

  @Test
  void countPointerAndRetryAreShownWhereGiven() throws RecordingException {
    try (ArmReader reader = open(numbered("""
        {"op": "query_size", "in": {"dom": 1}, "rc": -22, "status": 23130, "out": {"nr": 1515870810, "max": 1515870810}, "count": 268435456}
        {"op": "query_size", "in": {"dom": 1}, "rc": -14, "status": 23130, "out": {"nr": 1515870810, "max": 1515870810}, "ptr": 0}
        {"op": "swap_grant_ref", "in": {"a": 1, "b": 2}, "rc": 0, "status": 0, "out": {"retried": 1}, "retried": true}
        {"op": "swap_grant_ref", "in": {"a": 1, "b": 2}, "rc": 0, "status": 0, "out": {}}
        """))) {
      ArmLine line = new ArmLine();
      reader.next(line);
      assertThat(line.hasCount()).isTrue();
      assertThat(line.count()).isEqualTo(268435456);
      assertThat(line.hasPtr()).isFalse();
      assertThat(line.out(0)).isEqualTo(ArmLine.POISON & 0xffffffffL);
      reader.next(line);
      assertThat(line.hasCount()).isFalse();
      assertThat(line.hasPtr()).isTrue();
      assertThat(line.ptr()).isZero();
      reader.next(line);
      assertThat(line.retried()).isTrue();
      assertThat(line.aborted()).isFalse();
      reader.next(line);
      assertThat(line.retried()).isFalse();
    }
  }

  @Test
  void aBatchMayBeInterleavedWithAnotherDomain() throws RecordingException {
    String swap = "\"op\": \"swap_grant_ref\", \"in\": {\"a\": 1, \"b\": 2}, \"rc\": 0, \"status\": 0, \"out\": {}";
    try (ArmReader reader = open("{\"dom\": 1, \"seq\": 1, " + swap + ", \"batch\": 1}\n{\"dom\": 2, \"seq\": 1, " + swap
        + "}\n{\"dom\": 1, \"seq\": 2, " + swap + ", \"batch\": 1}\n{\"dom\": 1, \"seq\": 3, " + swap + ", \"batch\": 3}\n")) {
      List<Long> batches = new ArrayList<>();
      for (ArmLine line = new ArmLine(); reader.next(line); ) {
        batches.add(line.batch());
      }
      assertThat(batches).containsExactly(1L, -1L, 1L, 3L);
    }
  }

  @Test
  void aHangHasNoResultsAndMayLackItsInputs() throws RecordingException {
    try (ArmReader reader = open("""
        {"dom": 1, "seq": 1, "op": "w32", "hang": true, "in": {"addr": 947912704, "val": 1}}
        {"dom": 2, "seq": 1, "op": "w32", "crash": true}
        """)) {
      ArmLine line = new ArmLine();
      reader.next(line);
      assertThat(line.hang()).isTrue();
      assertThat(line.hasResults()).isFalse();
      assertThat(line.inCount()).isEqualTo(2);
      reader.next(line);
      assertThat(line.hang()).isFalse();
      assertThat(line.crash()).isTrue();
      assertThat(line.inCount()).isZero();
      assertThat(line.in(0)).isZero();
      assertThat(reader.next(line)).isFalse();
    }
  }

  @Test
  void textsForPeopleAreGivenWhenAskedFor() throws RecordingException {
    try (ArmReader reader = open(numbered("{\"op\": \"evtchn_send\", \"in\": {\"port\": 2}, \"rc\": 0, \"status\": null, \"out\": {}}\n"
        + "{\"op\": \"evtchn_send\", \"in\": {\"port\": 2}, \"rc\": 0, \"status\": null, \"out\": {}}"))) {
      ArmLine line = new ArmLine();
      reader.next(line);
      reader.next(line);
      assertThat(reader.src()).isEqualTo("words 2");
      assertThat(reader.section()).isEqualTo("s");
      assertThat(line.lineNumber()).isEqualTo(3);
      assertThat(line.seq()).isEqualTo(2);
    }
  }

  @Test
  void aFieldThatIsNotInTheNextLineIsNotKept() throws RecordingException {
    try (ArmReader reader = open(numbered("""
        {"op": "hyp", "in": {"nr": 20, "a0": 1, "a1": 2, "a2": 3, "a3": 4, "a4": 5}, "rc": -1, "status": null, "out": {}}
        {"op": "hyp", "in": {"nr": 20}, "rc": 0, "status": null, "out": {}}
        """))) {
      ArmLine line = new ArmLine();
      reader.next(line);
      assertThat(line.in(5)).isEqualTo(5);
      reader.next(line);
      assertThat(List.of(line.in(1), line.in(5), line.rc())).containsOnly(0L);
      assertThat(line.inCount()).isEqualTo(1);
    }
  }
}
