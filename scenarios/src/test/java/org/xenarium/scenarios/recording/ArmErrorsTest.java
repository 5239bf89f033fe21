package org.xenarium.scenarios.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a recording in the arm64 format is said with its place. */
class ArmErrorsTest {
  private static final String MAP = """
      {"dom": 1, "seq": 1, "op": "map", "in": {"dom": 1, "ref": 8, "flags": 2, "addr": 4096}, "rc": 0, "status": 0, \
      "out": {"handle": 3, "dev": 7}}""";

  @TempDir Path folder;

  @Test
  void theLineThatTheTestsSpoilIsGood() {
    assertThat(RecordingFiles.armProblem(folder, MAP)).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      # a part of the line | what stands there instead | the problem
      "addr" | "adr"                | f:2:74: unknown field "adr" in "in" of map; did you mean "addr"?
      "seq" | "sq"                  | f:2:12: unknown field "sq" in the line; did you mean "seq"?
      "handle" | "handel"           | f:2:119: unknown field "handel" in "out" of map; did you mean "handle"?
      "addr" | "x"                  | f:2:74: unknown field "x" in "in" of map; known are dom, ref, flags, addr
      "addr" | "x\\ny"              | f:2:74: unknown field "x y" in "in" of map; known are dom, ref, flags, addr
      "ref": 8, | ''                | f:2: "in" of map lacks "ref"
      "dev": 7 | "retried": 1       | f:2: "out" of map lacks "dev"
      "status": 0, | ''             | f:2: the line lacks "status"
      "out" | "src": "x", "in"      | f:2:123: "in" is given twice in the line
      "seq": 1, | ''                | f:2: the line lacks "seq"
      "op": "map", | ''             | f:2: the line lacks "op"
      "ref": 8 | "ref": 8, "ref": 9 | f:2:62: "ref" is given twice in "in" of map
      "rc": 0 | "rc": 0, "rc": 0    | f:2:98: "rc" is given twice in the line
      "ref": 8 | "ref": "8"         | f:2:59: "ref": expected a whole number from 0 to 4294967295, found the string "8"
      "ref": 8 | "ref": 8.5         | f:2:59: "ref": expected a whole number from 0 to 4294967295, found 8.5
      "ref": 8 | "ref": 1e3         | f:2:59: "ref": expected a whole number from 0 to 4294967295, found 1e3
      "ref": 8 | "ref": -1          | f:2:59: "ref": expected a whole number from 0 to 4294967295, found -1
      "ref": 8 | "ref": 4294967296  | f:2:59: "ref": expected a whole number from 0 to 4294967295, found 4294967296
      "ref": 8 | "ref": null        | f:2:59: "ref": expected a whole number from 0 to 4294967295, found null
      "ref": 8 | "ref": [1]         | f:2:59: "ref": expected a whole number from 0 to 4294967295, found an array
      4096 | 18446744073709551616   | f:2:82: "addr": expected a whole number from 0 to 18446744073709551615, found 18446744073709551616
      4096 | -1                     | f:2:82: "addr": expected a whole number from 0 to 18446744073709551615, found -1
      4096 | -18446744073709551615  | f:2:82: "addr": expected a whole number from 0 to 18446744073709551615, found -18446744073709551615
      "dom": 1, "ref" | "dom": 70000, "ref" | f:2:49: "dom": expected a whole number from 0 to 65535, found 70000
      "handle": 3 | "handle": 4294967296 | f:2:129: "handle": expected a whole number from 0 to 4294967295, found 4294967296
      "rc": 0 | "rc": 9223372036854775808 | f:2:95: "rc": expected a whole number from -9223372036854775808 to 9223372036854775807, \
      found 9223372036854775808
      "op": "map" | "op": "mapp"    | f:2:28: unknown operation "mapp"; did you mean "map"?
      "op": "map" | "op": "xxx"     | f:2:28: unknown operation "xxx"; docs/reference/recordings.md lists them
      "op": "map" | "op": 5         | f:2:28: "op": expected a string, found 5
      "op": "map" | "op": "r32"     | f:2:42: unknown field "dom" in "in" of r32; known are addr
      {"dom": 1 | {"dom": 3         | f:2:9: domain 3 is not declared in the header; known are 1, 2
      {"dom": 1 | {"dom": 40000     | f:2:9: "dom": expected a whole number from 0 to 32751, found 40000
      {"dom": 1 | {"dom": -1        | f:2:9: "dom": expected a whole number from 0 to 32751, found -1
      "seq": 1 | "seq": 0           | f:2:19: "seq": expected a whole number from 1 to 9223372036854775807, found 0
      "seq": 1 | "seq": 2           | f:2: "seq": expected 1, as each domain counts its own lines from 1, found 2
      "status": 0 | "status": null  | f:2:108: "status": expected a number, as map has a status, found null
      "status": 0 | "status": 40000 | f:2:108: "status": expected a whole number from -32768 to 32767, found 40000
      "rc": 0 | "rc": 0, "batch": 0 | f:2:107: "batch": expected a whole number from 1 to 9223372036854775807, found 0
      "rc": 0 | "rc": 0, "hang": false | f:2:106: "hang": expected true, found false
      "rc": 0 | "rc": 0, "hang": true  | f:2: an operation that never came back has no "rc", "status" or "out"
      "rc": 0 | "rc": 0, "retried": 1  | f:2:109: "retried": expected true, found 1
      "rc": 0 | "rc": 0, "count": "1" | f:2:107: "count": expected a whole number from -9223372036854775808 to 18446744073709551615, found the string "1"
      "rc": 0 | "rc": 0, "batch": 1, "ptr": 0 | f:2: a batch has its own count and pointer, found "ptr"
      "rc": 0 | "rc": 0, "src": 5   | f:2:105: "src": expected a string, found 5
      {"handle": 3, "dev": 7} | null | f:2:118: "out": expected an object, found null
      "dev": 7 | "dev": 7, "retried": 2 | f:2:153: "retried": expected 1, found 2
      """)
  void aSpoiltLine(String part, String instead, String problem) {
    assertThat(RecordingFiles.armProblem(folder, MAP.replace(part, instead))).isEqualTo(problem);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      # operation, inputs and results | the problem
      "op": "get_version", "in": {"dom": 1}, "rc": 0, "status": 0, "out": {"version": 1} \
      | f:2:80: "status": expected null, as get_version has no status, found a value
      "op": "hyp", "in": {"a0": 1}, "rc": 0, "status": null, "out": {}                 | f:2: "in" of hyp lacks "nr"
      "op": "hyp", "in": {"nr": 20, "a1": 1}, "rc": 0, "status": null, "out": {}       | f:2: "in" of hyp lacks "a0"
      "op": "xen_version", "in": {"x": 1}, "rc": 0, "status": null, "out": {} \
      | f:2:50: unknown field "x" in "in" of xen_version; it has none
      "op": "r32", "in": {"addr": 4}, "rc": 0, "status": null, "out": {}               | f:2: "out" of r32 lacks "val"
      "op": "r32", "in": {"addr": 4}, "rc": 0, "status": null, "out": {"val": 4294967296} \
      | f:2:94: "val": expected a whole number from 0 to 4294967295, found 4294967296
      "op": "r32", "in": {"addr": 4}, "rc": -1, "status": null, "out": {"esr": 1}      | f:2: "out" of r32 lacks "far"
      "op": "gtr", "in": {"ref": 4}, "rc": -1, "status": null, "out": {"esr": 1, "far": 4} | f:2: "out" of gtr lacks "flags"
      "op": "mapmany", "in": {"dom": 1, "ref": 8, "flags": 2, "addr": 0, "n": 1}, "rc": 0, "status": 0, "out": {"done": 1} \
      | f:2: "out" of mapmany lacks "handle"
      "op": "w8", "in": {"addr": 4, "val": 1}, "rc": 0, "status": null, "out": {}, "count": 1 \
      | f:2: "batch", "count" and "ptr" are for hypercalls with an argument struct, found w8
      "op": "w8", "hang": true, "crash": true                                          | f:2: "hang" and "crash" exclude each other
      "op": "w8", "hang": true, "in": {"addr": 1}                                      | f:2: "in" of w8 lacks "val"
      """)
  void anOperationWithTheWrongFields(String rest, String problem) {
    assertThat(RecordingFiles.armProblem(folder, "{\"dom\": 1, \"seq\": 1, " + rest + "}")).isEqualTo(problem);
  }

  private static String swap(int dom, int seq, String rest) {
    return "{\"dom\": " + dom + ", \"seq\": " + seq
        + ", \"op\": \"swap_grant_ref\", \"in\": {\"a\": 1, \"b\": 2}, \"status\": 0, \"out\": {}" + rest + "}";
  }

  @Test
  void theLinesOfADomainAreCountedWithoutGap() {
    String rest = ", \"rc\": 0";
    assertThat(RecordingFiles.armProblem(folder, swap(1, 1, rest), swap(2, 1, rest), swap(1, 2, rest), swap(2, 2, rest))).isEqualTo("none");
    assertThat(RecordingFiles.armProblem(folder, swap(1, 1, rest), swap(2, 1, rest), swap(1, 3, rest)))
        .isEqualTo("f:4: \"seq\": expected 2, as each domain counts its own lines from 1, found 3");
    assertThat(RecordingFiles.armProblem(folder, swap(1, 1, rest), swap(1, 1, rest)))
        .isEqualTo("f:3: \"seq\": expected 2, as each domain counts its own lines from 1, found 1");
  }

  @Test
  void theLinesOfABatchAreConsecutive() {
    assertThat(RecordingFiles.armProblem(folder, swap(1, 1, ", \"rc\": 0, \"batch\": 1"), swap(1, 2, ", \"rc\": 0"),
            swap(1, 3, ", \"rc\": 0, \"batch\": 1")))
        .isEqualTo("f:4: \"batch\": expected a number above 1, as the lines of a batch are consecutive, found 1");
  }

  @Test
  void aBatchIsOfOneOperation() {
    assertThat(RecordingFiles.armProblem(folder, swap(1, 1, ", \"rc\": 0, \"batch\": 4"),
            MAP.replace("\"seq\": 1", "\"seq\": 2, \"batch\": 4")))
        .isEqualTo("f:3: batch 4 mixes swap_grant_ref and map");
  }

  @Test
  void aBatchThatHasShownResultsDoesNotHang() {
    assertThat(RecordingFiles.armProblem(folder, swap(1, 1, ", \"rc\": 0, \"batch\": 1"),
            "{\"dom\": 1, \"seq\": 2, \"op\": \"swap_grant_ref\", \"hang\": true, \"batch\": 1}"))
        .isEqualTo("f:3: batch 1 hangs or crashes after it has shown results");
  }

  @Test
  void nothingOfADomainFollowsItsHang() {
    String hang = "{\"dom\": 1, \"seq\": 1, \"op\": \"w32\", \"hang\": true, \"in\": {\"addr\": 1, \"val\": 1}}";
    assertThat(RecordingFiles.armProblem(folder, hang, swap(2, 1, ", \"rc\": 0"))).isEqualTo("none");
    assertThat(RecordingFiles.armProblem(folder, hang, swap(1, 2, ", \"rc\": 0")))
        .isEqualTo("f:3: domain 1 goes on after a line that hung or crashed");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      # a part of the header | what stands there instead | the problem
      "recording": 1 | "recording": 2        | f:1:15: "recording": expected 1, found 2
      "recording": 1 | "recording": true     | f:1:15: "recording": expected 1, found true
      "title": "a title" | "title": 5        | f:1:27: "title": expected a string, found 5
      "dummy" | "flask"                      | f:1:94: "xsm": expected "dummy" or "silo", found "flask"
      Xen 4.17.7 (Debian, debug=n), | Xen    | f:1:48: "source": expected a text with the release, such as "Xen 4.17.7", found "Xen arm64"
      [1, 2] | [1, 1]                        | f:1:119: "domains": domain 1 is given twice
      [1, 2] | []                            | f:1:115: "domains": expected at least one domain, found none
      [1, 2] | [32752]                       | f:1:115: "domains": expected a whole number from 0 to 32751, found 32752
      [1, 2] | [1, "x"]                      | f:1:118: "domains": expected a whole number from 0 to 32751, found the string "x"
      "0x40000000" | "40000000"              | f:1:134: "ram_base": expected a hex string such as "0x40000000", found "40000000"
      "0x40000000" | "0x4000000G"            | f:1:134: "ram_base": expected a hex string such as "0x40000000", found "0x4000000G"
      "0x40000000" | "0x40000001"            | f:1:134: "ram_base": expected the address of a page, found "0x40000001"
      "0x40000000" | 1073741824              | f:1:134: "ram_base": expected a string, found 1073741824
      "vcpus": 1 | "vcpus": 2                | f:1:175: "vcpus": expected 1, found 2
      16384 | 16383                          | f:1: "ram_kib": expected a multiple of 4, found 16383
      "ram_kib": 16384, | ''                 | f:1: the header lacks "ram_kib"
      {"1": | {"3":                          | f:1: "machine_ram_base": domain 3 is not among the domains of the header
      {"1": | {"one":                        | f:1:252: "machine_ram_base": expected a domain id, found "one"
      {"1": | {"1": "0x41000000", "1":       | f:1:276: "machine_ram_base": domain 1 is given twice
      "ram_base" | "rambase"                 | f:1:122: unknown field "rambase" in the header; did you mean "ram_base"?
      1024, | 1024, "title": "b",            | f:1:231: "title" is given twice in the header
      """)
  void aSpoiltHeader(String part, String instead, String problem) {
    assertThat(RecordingFiles.problem(folder, RecordingFiles.ARM_HEADER.replace(part, instead) + MAP + "\n")).isEqualTo(problem);
  }

  @Test
  void theMachineAddressesOfTheDomainsMayBeUnknown() {
    String known = ", \"machine_ram_base\": {\"1\": \"0x41000000\"}";
    assertThat(RecordingFiles.problem(folder, RecordingFiles.ARM_HEADER.replace(known, "") + MAP)).isEqualTo("none");
  }
}
