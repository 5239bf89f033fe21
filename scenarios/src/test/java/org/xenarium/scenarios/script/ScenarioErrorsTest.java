package org.xenarium.scenarios.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.scenarios.script.Scenarios.problems;
import static org.xenarium.scenarios.script.Scenarios.sequence;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong scenario is told where it is wrong, what was expected, and what was probably meant. */
class ScenarioErrorsTest {
  /** Steps in line 6 of a file, and the one complaint about them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {by: A, grant_acces: {domid: B, gfn: ram.0}}      | 6:13: unknown key "grant_acces" in the step; did you mean "grant_access"?
          {by: A, end_access: g}                            | 6:25: "gref": unknown name "g", expected a grant reference
          {by: A, map: {dom: A, ref: 8, addr: fre.0}}       | 6:41: "addr": unknown name "fre", expected a page or address; did you mean "free"?
          {by: A, map: {dom: A, ref: free.0, addr: free.0}} | 6:32: "ref": expected a grant reference, found the page free.0
          {by: A, w64: {addr: ram.0, val: ram.1}}           | 6:37: "val": expected a number, found the page ram.1; write gfn(ram.1) or addr(ram.1)
          {by: A, w8: {addr: ram.0, val: 256}}              | 6:36: "val": expected a whole number from 0 to 255, found 256
          {by: A, w8: {addr: ram.16, val: 0}}               | 6:24: "addr": ram.16: domain A has 16 pages there, 0 to 15
          {by: A, w8: {addr: A, val: 0}}                    | 6:24: "addr": expected a page or address, found the domain A
          {by: A, w8: {addr: ram.0}}                        | 6:17: "w8" lacks "val"
          {by: A, w8: {addr: ram.0, val: }}                 | 6:35: "val": expected a number, found nothing
          {by: A, w8: {addr: ram.0, val: 1, val: 1}}        | 6:39: "val" is given twice in "w8"
          {by: A, w8: {addr: ram.0, value: 1}}              | 6:31: unknown key "value" in "w8"; did you mean "val"?
          {by: C, wait: 1ms}                                | 6:10: unknown domain "C"; known are A, B
          {by: A/1, wait: 1ms}                              | 6:10: domain A has 1 vCPUs, 0 to 0
          {by: A, wait: 10}                                 | 6:19: "time": expected a time such as 10ms, found 10
          {wait: 1ms}                                       | 6:5: the step lacks "by": who does it
          {by: A}                                           | 6:5: the step lacks an operation
          {by: A, wait: 1ms, r8: ram.0}                     | 6:5: a step has one operation, found wait and r8
          {by: A, destroy: B}                               | 6:6: destroy is done from outside, by nobody
          {by: A, wait: 1ms, as: ram}                       | 6:24: "ram" cannot be the name of a result: it means something already
          {by: A, wait: 1ms, count: 3}                      | 6:24: "count" is for hypercalls with an argument struct, found wait
          {by: A, map: []}                                  | 6:18: "map": a list of no elements needs a "count"
          {by: A, r8: ram.0, as: a, expect: {val: a}}       | 6:45: "val": "a" is the result of this step or of a later one
          {by: A, gnttabop_error: bad_pag}                  | 6:29: "status": unknown name "bad_pag", expected a status; did you mean "bad_page"?
          {by: A, gnttabop_error: 0, expect: {returns: bad pag}} | 6:50: "returns": expected a text of gnttabop_error, found bad pag; did you mean "bad page"?
          {by: A, old_unmap_refs: [{dom: A, ref: 8, addr: 0, handle: 0}]} | 6:13: old_unmap_refs is not of the driver contract; did you mean "unmap_refs"?
          {by: A, acquire_resource: {dom: B, type: grant_tabel}} | 6:46: "type": unknown name "grant_tabel", expected a kind of resource; did you mean "grant_table"?
          {by: A, sched_poll: {ports: [ram.0]}}             | 6:34: "ports": expected a number, found the page ram.0; write gfn(ram.0) or addr(ram.0)
          {by: A, evtchn_unmask: A}                         | 6:28: "port": expected a number, found the domain A
          {by: A, gte2: {ref: 8, flags: sub_pag, dom: B, gfn: ram.0}} | 6:35: "flags": unknown name "sub_pag", expected flags of a grant entry; did you mean "sub_page"?
          {by: A, gtr2: 8, expect: {length: 3}}             | 6:31: unknown key "length" in "expect" of gtr2; did you mean "len"?
          {by: A, multicall: [{nr: 17, b0: 1}]}             | 6:34: unknown key "b0" in "multicall"; did you mean "a0"?
          {by: A, interrupts: of}                           | 6:25: "on": unknown name "of", expected true or false
          {by: A, handle_upcals: {info: 0, counts: 0}}      | 6:13: unknown key "handle_upcals" in the step; did you mean "handle_upcalls"?
          {by: A, soft_reset: A}                            | 6:6: soft_reset is done from outside, by nobody
          {create: A}                                       | 6:6: create: A is no domain that is absent at the start; give one "absent: true"
          {by: A, wait: 1ms, stops: -1}                     | 6:31: "stops": expected a whole number from 0 to 1000000, found -1
          {destroy: B, stops: 2}                            | 6:18: "stops" is for what a guest does, found destroy
          {by: A, go_on: {domain: B}}                       | 6:6: go_on is done from outside, by nobody
          {go_on: {domain: C}}                              | 6:22: "domain": unknown name "C", expected a domain; known are SELF
          {by: A, wait: 1ms, stops: 1, after: 1ms}          | 6:34: "after" needs a clock: there is none where somebody stops within a step
          {by: A, hyp: {nr: 20}, expect: {returns: -EFAUL}} | 6:47: "returns": unknown name "EFAUL", expected a number or an errno such as -EFAULT; did you mean "-EFAULT"?
          """)
  void a_mistake_in_a_step_is_told_with_its_place(String step, String problem) {
    assertThat(problems(sequence(step))).containsExactly("f:" + problem);
  }

  @Test
  void without_domains_none_are_suggested() {
    assertThat(problems("scenario: x\nsteps: [{by: A, wait: 1ms}]\n")).containsExactly("f:1:1: the scenario lacks \"domains\"", "f:2:14: unknown domain \"A\"");
  }

  /** Expectations of a batch of two maps. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {status: okey}                  | "status": unknown name "okey", expected a status; did you mean "okay"?
          {status: [okay]}                | "status": expected one value for each of 2 elements, found 1
          {status: 70000}                 | "status": expected a number from -32768 to 32767, found 70000
          {handle: [0, 0x100000000]}      | "handle": expected a whole number from 0 to 4294967295, found 0x100000000
          {rule: MAP-77}                  | unknown rule MAP-77
          {val: 3}                        | unknown key "val" in "expect" of map
          {faults: true}                  | map never faults: only loads and stores do
          {hangs: true, returns: 0}       | a step that faults, hangs or panics has no results to expect
          {returns: 0, returns: 0}        | "returns" is given twice in "expect" of map
          """)
  void an_expectation_that_could_never_be_met_is_a_mistake(String expect, String problem) {
    String step = "{by: A, map: [{dom: A, ref: 8, addr: free.0}, {dom: A, ref: 9, addr: free.1}], expect: " + expect + "}";
    assertThat(problems(sequence(step))).singleElement().asString().contains(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          flags(A, 8) = 0        | 8:17: "finally": cannot be understood from "= 0" on
          flags(C, 8) == 0       | 8:5: "finally": flags: expected a domain first, found "C"
          flags(A) == 0          | 8:12: "finally": expected "," before ")"
          flag(A, 8) == 0        | 8:5: "finally": unknown function "flag"; did you mean "flags"?
          1 == 2                 | 8:5: "finally": compares two constants: it could never fail, or never hold
          g == 0                 | 8:5: "finally": unknown name "g", expected a number
          flags(A, 8) == readonli | 8:20: "finally": unknown name "readonli", expected flags of a grant entry; did you mean "readonly"?
          life(A) == 0 and 1     | 8:18: "finally": expected the end of the comparison, found "and"; give several as a list
          page(A, ram.0) == ram.0 | 8:23: "finally": ram.0: whose page is meant? write A.ram.0 for that of a domain A
          """)
  void a_mistake_in_a_condition_is_told_with_its_place(String condition, String problem) {
    assertThat(problems(sequence("{by: A, wait: 1ms}") + "finally:\n  - " + condition + "\n")).containsExactly("f:" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          domains:                   | domain:              | unknown key "domain" in the scenario; did you mean "domains"?
          A: {}                      | A: {id: 2}           | domain B has the id 2, which another domain has, too
          A: {}                      | B: {}                | "B" is given twice in "domains"
          A: {}                      | A: {driver: {regions: placd}} | "regions": expected a list of numbers of pages, or placed, found placd; did you mean placed?
          A: {}                      | A: {target: C}       | "target": unknown domain "C"; known are A, B
          A: {}                      | A: {devices: [x]}    | "devices": expected a whole number from 0 to
          A: {}                      | A: {hardwar: true}   | unknown key "hardwar" in domain A; did you mean "hardware"?
          A: {}                      | A: {vcpus: 0}        | "vcpus": expected a whole number from 1 to 128, found 0
          A: {}                      | A: {driver: {zephyr: V8}} | "zephyr": expected one of contract, V0, V1, V2, V3, V4, V5, V6, V7, found V8; did you mean V0?
          scenario: a test           | scenario: 5          | "scenario": expected text, found 5; put it in quotes
          scenario: a test           | xen: {release: 4.17} | "release": expected text, found 4.17; put it in quotes
          scenario: a test           | xen: {release: "5.0"} | "release": expected one of
          steps:                     | steps: 3             | cannot be read as YAML
          wait: 1ms                  | wait: &a 1ms         | scenarios have no anchors and aliases: write it out
          wait: 1ms                  | wait: !x 1ms         | unknown tag !x: scenarios have none
          wait: 1ms}                 | r8: ram[0]}          | between { and } write ram.3, not ram[3], and put quotes around what has commas
          """)
  void a_mistake_in_the_setup_is_told(String part, String instead, String problem) {
    String text = sequence("{by: A, wait: 1ms}");
    assertThat(text).contains(part);
    assertThat(problems(text.replace(part, instead))).isNotEmpty().anySatisfy(line -> assertThat(line).startsWith("f:").contains(problem));
  }

  @Test
  void all_mistakes_of_a_file_are_told_together_in_the_order_of_their_places() {
    assertThat(problems(sequence("{by: A, r8: ram.99}", "{by: A, r8: 1, as: x}", "{by: B, r8: 1, as: x}")))
        .containsExactly("f:6:17: \"addr\": ram.99: domain A has 16 pages there, 0 to 15", "f:8:20: there is a result x already");
  }

  @Test
  void of_very_many_mistakes_the_first_are_told() {
    String[] steps = IntStream.range(0, 50).mapToObj(i -> "{by: A, r8: ram.99}").toArray(String[]::new);
    assertThat(problems(sequence(steps))).hasSize(21).last().isEqualTo("f: and 30 more");
  }

  @Test
  void a_scenario_has_either_steps_or_programs() {
    assertThat(problems("scenario: x\ndomains: {A: {}}\n")).containsExactly("f:1:1: the scenario needs either \"steps\" or \"programs\"");
    assertThat(problems("scenario: x\ndomains: {A: {}}\nprograms: {A: [{by: A, wait: 1ms}], B: [{wait: 1ms}]}\n"))
        .containsExactly(
            "f:3:17: a step of a program has no \"by\": it is done by whose program it is", "f:3:37: unknown domain \"B\"; known are A");
  }

  @Test
  void programs_go_on_in_the_order_of_time_and_stop_nowhere() {
    String problem = "\"stops\" and go_on are for one sequence of \"steps\": programs go on in the order of time";
    assertThat(problems("scenario: x\ndomains: {A: {}}\nprograms: {A: [{wait: 1ms, stops: 3}], toolstack: [{go_on: {domain: A}}]}\n"))
        .containsExactly("f:3:16: " + problem, "f:3:52: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          I191                  | 1:13: unknown invariant "I191"; did you mean "I11"?
          modle                 | 1:13: unknown invariant "modle"; did you mean "model"?
          safety                | 1:13: unknown invariant "safety"; known are I1 to I72, G1 to G15, hypercall-faults, driver-faults, driver-survives, same-frame-same-bytes, model and all
          [I1, C.G3]            | 1:18: unknown domain "C"
          driver-fault          | 1:13: unknown invariant "driver-fault"; did you mean "driver-faults"?
          [A.I2]                | 1:14: I2 is about the hypervisor, not about a domain
          [A.hypercall-faults]  | 1:14: hypercall-faults is about the hypervisor, not about a domain
          [[I2]]                | 1:14: "invariants": expected a number such as I19 or A.G3, found a list
          {I1: 2}               | 1:13: "invariants": expected a number such as I19 or A.G3, found a mapping
          """)
  void an_invariant_that_there_is_not_is_told_with_its_place(String invariants, String problem) {
    assertThat(problems("invariants: " + invariants + "\n" + sequence("{by: A, wait: 1ms}"))).containsExactly("f:" + problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "model", "I19", "G3", "[]", "[I19, A.G3, B.G3, model]", "[all, G1]", "[hypercall-faults, driver-survives, A.driver-faults]"})
  void invariants_are_all_or_those_of_a_list(String invariants) {
    assertThat(problems("invariants: " + invariants + "\n" + sequence("{by: A, wait: 1ms}"))).isEmpty();
  }

  @Test
  void an_empty_file_and_a_second_document_are_no_scenarios() {
    assertThat(problems("")).containsExactly("f:1:1: expected a scenario, found an empty file");
    assertThat(problems(sequence("{by: A, wait: 1ms}") + "---\nx: 1\n")).containsExactly("f:8:1: expected one scenario in a file, found a second document");
  }
}
