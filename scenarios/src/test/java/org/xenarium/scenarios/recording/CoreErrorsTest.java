package org.xenarium.scenarios.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a recording in the xen-core format is said with its place. */
class CoreErrorsTest {
  private static final String MAP = """
      {"i":0,"op":"map","dom":1,"vcpu":1,"in":[{"addr":7,"flags":0,"ref":1,"dom":0}],"rc":0,"out":[{"status":0,"handle":3,"dev":7}],\
      "st":[{"d":1,"nf":1,"free":[[0,1],[2,3]],"e":[[1,2,3,4]],"p2m":[[1,2,8]]}]}""";

  @TempDir Path folder;

  @Test
  void theLineThatTheTestsSpoilIsGood() {
    assertThat(RecordingFiles.coreProblem(folder, MAP)).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      # a part of the line | what stands there instead | the problem
      "i":0 | "i":1                   | f:2: "i": expected 0, as the operations are counted from 0, found 1
      "i":0 | "i":-1                  | f:2:6: "i": expected a whole number from 0 to 9223372036854775807, found -1
      "dom":1 | "dom":5               | f:2:25: domain 5 is not declared in the header; known are 0, 1
      "vcpu":1 | "vcpu":2             | f:2: "vcpu": domain 1 has 2, counted from 0, found 2
      "op":"map" | "op":"unmapp"      | f:2:13: unknown operation "unmapp"; did you mean "unmap"?
      "op":"map" | "op":"unmap"       | f:2:54: unknown field "flags" in "in" of unmap; known are addr, dev, handle
      "flags" | "flag"                | f:2:52: unknown field "flag" in "in" of map; did you mean "flags"?
      "handle" | "handl"              | f:2:106: unknown field "handl" in "out" of map; did you mean "handle"?
      "rc":0, | "rc":0,"rcc":2,       | f:2:87: unknown field "rcc" in the line; did you mean "rc"?
      "rc":0, | "rc":0,"rc":0,        | f:2:87: "rc" is given twice in the line
      "rc":0, | "rc":0,"esz":8,       | f:2: map has no field "esz"; known are i, op, dom, vcpu, rc, in, out, st, rand, skip, fr, fw
      "rc":0, | "rc":0,"skip":2,      | f:2:94: "skip": expected 1, found 2
      "rc":0, | "rc":0,"rand":[-1],   | f:2:95: "rand": expected a whole number from 0 to 4294967295, found -1
      "rc":0, | ''                    | f:2: the line lacks "rc"
      "flags":0, | ''                 | f:2: "in" of map lacks "flags"
      "status":0, | ''                | f:2: "out" of map lacks "status"
      "addr":7 | "addr":-2            | f:2:50: "addr": expected a whole number from -1 to 18446744073709551615, found -2
      "addr":7 | "addr":"7"           | f:2:50: "addr": expected a whole number from -1 to 18446744073709551615, found the string "7"
      "dom":0 | "dom":65536           | f:2:76: "dom": expected a whole number from 0 to 65535, found 65536
      "handle":3 | "handle":null      | f:2:115: "handle": expected a whole number from 0 to 4294967295, found null
      "in":[ | "in":[7,               | f:2:42: "in": expected an object, found 7
      "out":[ | "out":[{"status":null}, | f:2: "out": expected as many elements as were passed, 1, found 2
      "nf" | "nn"                     | f:2:140: unknown field "nn" in "st"; did you mean "nf"?
      "nf":1 | "nf":1,"nf":2          | f:2:147: "nf" is given twice in "st"
      "nf":1 | "life":"undead"        | f:2:147: "life": expected "alive", "dying" or "dead", found "undead"
      "nf":1 | "ram":4294967296       | f:2:146: "ram": expected a whole number from 0 to 4294967295, found 4294967296
      "d":1, | ''                     | f:2: "st" lacks "d"
      "d":1, | "d":2,                 | f:2:199: domain 2 is not declared in the header; known are 0, 1
      "st":[ | "st":[{"d":1},         | f:2:207: "st": domain 1 is given twice
      [[0,1],[2,3]] | [[0,1]]         | f:2:193: "free": expected 2 pairs, one for each vCPU of domain 1, found 1
      [[0,1],[2,3]] | [[0,1],[2]]     | f:2:163: "free": expected a whole number from -1 to 4294967295, found the end of the array
      [[1,2,3,4]] | [[1,2,3,4,5]]     | f:2:182: "e": expected an array of 4 numbers, found 5
      [[1,2,3,4]] | [1,2]             | f:2:173: "e": expected an array of 4 numbers, found 1
      [1,2,8] | [1,2,5]  | f:2:198: "p2m": expected a type 1, 2, 3, 6, 7, 8 or 9, or 0 with frame 0, found 5 with frame 2 at gfn 1
      [1,2,8] | [1,2,0]  | f:2:198: "p2m": expected a type 1, 2, 3, 6, 7, 8 or 9, or 0 with frame 0, found 0 with frame 2 at gfn 1
      [1,2,8] | [268435456,2,1]       | f:2:192: "p2m": expected a whole number from 0 to 268435455, found 268435456
      """)
  void aSpoiltLine(String part, String instead, String problem) {
    assertThat(RecordingFiles.coreProblem(folder, MAP.replace(part, instead))).isEqualTo(problem);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      # a line behind "i" and "dom" | the problem
      "op":"gw","ref":10,"off":6,"hex":"0a000400","esz":8,"gpa":4,"ok":1,"st":[]  | f:2: "hex" ends at byte 10, past the entry's 8
      "op":"gw","ref":10,"off":0,"hex":"0a000400","esz":12,"gpa":4,"ok":1,"st":[] | f:2: "esz": expected 8 or 16, found 12
      "op":"gw","hex":"0a0" | f:2:32: "hex": expected bytes as pairs of the digits 0-9 and a-f, found "0a0"
      "op":"gw","hex":"0A"  | f:2:32: "hex": expected bytes as pairs of the digits 0-9 and a-f, found "0A"
      "op":"gw","ok":2      | f:2:31: "ok": expected a whole number from 0 to 1, found 2
      "op":"gpw","gpa":4095,"hex":"d0de","ok":0,"st":[]              | f:2: the access crosses the end of its page
      "op":"gpr","gpa":4095,"len":2,"ok":0,"st":[]                   | f:2: the access crosses the end of its page
      "op":"query","fr":1,"target":1,"rc":0,"out":[{"status":0}],"st":[] \
      | f:2: "fr" and "fw" of query: expected 0, as it has one struct only
      "op":"query","target":1,"rc":0,"out":[],"st":[]                | f:2: "out": expected as many elements as were passed, 1, found 0
      "op":"destroy","rc":0,"zombie":1                               | f:2: the line lacks "st"
      "rc":0                                                         | f:2: the line lacks "op"
      "in":[]                                                        | f:2: the line lacks "op"
      """)
  void anOperationWithTheWrongFields(String rest, String problem) {
    assertThat(RecordingFiles.coreProblem(folder, "{\"i\":0,\"dom\":1," + rest + "}")).isEqualTo(problem);
  }

  @Test
  void theIndexCountsTheLines() {
    String raw = "{\"i\":0,\"op\":\"raw\",\"dom\":0,\"cmd\":0,\"count\":0,\"rc\":0,\"st\":[]}";
    assertThat(RecordingFiles.coreProblem(folder, raw, raw.replace("\"i\":0", "\"i\":1"))).isEqualTo("none");
    assertThat(RecordingFiles.coreProblem(folder, raw, raw))
        .isEqualTo("f:3: \"i\": expected 1, as the operations are counted from 0, found 0");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      # a part of the header | what stands there instead | the problem
      "trace":"t" | "trace":1         | f:1:10: "trace": expected a string, found 1
      "seed":7 | "seed":-7            | f:1:21: "seed": expected a whole number from 0 to 18446744073709551615, found -7
      "preempt":0 | "preempt":1       | f:1:53: "preempt": expected 0, found 1
      "opt_max_version":2 | "opt_max_version":3 | f:1:41: "opt_max_version": expected a whole number from 1 to 2, found 3
      "id":1 | "id":0                 | f:1:387: "domains": domain 0 is given twice
      "id":0 | "id":3                 | f:1: "priv": only domain 0 may be the control domain, found domain 3
      "vcpus":2, | ''                 | f:1: a domain of the header lacks "vcpus"
      "vcpus":2 | "vcpus":0           | f:1:266: "vcpus": expected a whole number from 1 to 2147483647, found 0
      [21,2,3, | [21,2,               | f:1:375: "pages": expected 16 frames, found 15
      [262144,1,1] | [262144,1,0]     | f:1:238: "p2m": expected a type 1, 2, 3, 6, 7, 8 or 9, found 0 with frame 1 at gfn 262144
      "p2m":[]} | "p2m":[],"p2n":1}   | f:1:388: unknown field "p2n" in a domain of the header; did you mean "p2m"?
      "domains":[{ | "domains":[5,{   | f:1:66: "domains": expected an object, found 5
      """)
  void aSpoiltHeader(String part, String instead, String problem) {
    assertThat(RecordingFiles.problem(folder, RecordingFiles.CORE_HEADER.replace(part, instead) + MAP + "\n")).isEqualTo(problem);
  }

  @Test
  void aHeaderWithoutDomainsIsRefused() {
    assertThat(RecordingFiles.problem(folder, "{\"trace\":\"t\",\"seed\":7,\"opt_max_version\":2,\"preempt\":0,\"domains\":[]}\n"))
        .isEqualTo("f:1:66: \"domains\": expected at least one domain, found none");
  }
}
