package org.xenarium.scenarios.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import org.xenarium.scenarios.replay.Library;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published schema and the reader say the same of the shape of scenarios; what names mean only the reader knows. */
class SchemaAgreementTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(ScenarioSchema.write());
  private static final JsonMapper JSON = new JsonMapper();

  private static List<String> complaintsOfSchema(String yaml) {
    Object tree = new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(yaml);
    JsonNode json = JSON.valueToTree(tree);
    return SCHEMA.validate(json).stream().map(Object::toString).toList();
  }

  @TestFactory
  Stream<DynamicTest> both_take_every_scenario_of_the_library() {
    return Scenarios.library().stream().map(file -> DynamicTest.dynamicTest(Library.name(file), () -> taken(file)));
  }

  private static void taken(Path file) throws Exception {
    String text = Files.readString(file);
    assertThat(Scenarios.problems(text)).isEmpty();
    assertThat(complaintsOfSchema(text)).isEmpty();
  }

  /** Steps and parts of steps whose shape is right. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{by: A, init: {}}",
        "{by: A, init: }",
        "{by: A, wait: 1ms, at: 1s, after: 5us, note: x, repeat: 3, expect: {takes: 1ms}}",
        "{by: A, end_access: 8}",
        "{by: A, end_access: {gref: 8}, as: e, expect: {returns: -EBUSY, rule: ENDACC-03, blocks: false}}",
        "{by: A, grant_access: {domid: B, gfn: ram.0, readonly: true}}",
        "{by: A, map: {dom: 1, ref: 0x8, flags: 2, addr: 0x38800000}, count: 3, ptr: ram.0}",
        "{by: A, map: [{dom: A, ref: 8, flags: [host_map, readonly], addr: free.0}], expect: {status: [okay], handle: 0, rule: [MAP-14]}}",
        "{by: A, populate_physmap: {list: [ram.0, 7]}}",
        "{by: A, r8: ram.0, expect: {faults: true}}",
        "{by: A, gnttabop_error: bad_page, expect: {returns: bad page}}",
        "{by: A, multicall: [{nr: 17}, {nr: 12, a0: 2, a1: ram.0}], expect: {result: [0, -EFAULT]}}",
        "{by: A, add_to_physmap_batch: {space: grant_table, idxs: [0, 1], gfns: [grants.0, grants.1], errs: ram.0}}",
        "{by: A, acquire_resource: {dom: B, type: grant_table}, expect: {nr: 64}}",
        "{by: A, exchange: {list: [ram.0], out_list: lists.0}}",
        "{by: A, sched_poll: {ports: [1, 2], until: 5ms}}",
        "{by: A, sched_yield: }",
        "{by: A, handle_upcalls: {info: free.0, counts: ram.0}}",
        "{by: A, interrupts: false}",
        "{by: A, irq_lock: }",
        "{by: A, preempt: 1}",
        "{by: A, wait_for_event: {}, expect: {blocks: true}}",
        "{soft_reset: A, expect: {rule: SOFTRESET-01}}",
        "{by: A, evtchn_status: {port: 1}, expect: {state: 2, remote: B}}",
        "{by: A, gte2: {ref: 8, flags: [permit_access, sub_page], dom: B, gfn: ram.0, off: 8, len: 8}}",
        "{by: A, r8: ram.0, expect: {faults: ram.0}}",
        "{by: A, w32: {addr: ram.0, val: 4294967295}, expect: {hangs: true}}",
        "{by: A, r64: ram.0, expect: {val: 18446744073709551615}}",
        "{destroy: B}",
        "{by: B, map: {dom: A, ref: 8, addr: free.0}, stops: 7}",
        "{go_on: {domain: B}}",
        "{go_on: {domain: B, vcpu: 0, n: 3}}",
        "{fail: {point: page_is_out, domain: A, gfn: A.ram.0, from: 1ms, times: 2}}"
      })
  void both_take_a_step_of_the_right_shape(String step) {
    String text = Scenarios.sequence(step);
    assertThat(Scenarios.problems(text)).isEmpty();
    assertThat(complaintsOfSchema(text)).isEmpty();
  }

  /** What a domain or the host may be said to be. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{driver: {regions: placed}}",
        "{hardware: true, devices: [0x9000, 7], pool: 9, static_memory: true, reads_ones: true}",
        "{target: B}",
        "{absent: true}"
      })
  void both_take_a_domain_of_the_right_shape(String domain) {
    String text = "scenario: x\nxen: {gnttab: {transitive: false, frames: 3, maptrack: 0, version: 2}}\ndomains: {A: " + domain
        + ", B: {}}\nsteps: [{by: B, wait: 1ms}]\n";
    assertThat(Scenarios.problems(text)).isEmpty();
    assertThat(complaintsOfSchema(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "I19", "[]", "[I19, A.G3, model]"})
  void both_take_invariants_of_the_right_shape(String invariants) {
    String text = "invariants: " + invariants + "\n" + Scenarios.sequence("{by: A, wait: 1ms}");
    assertThat(Scenarios.problems(text)).isEmpty();
    assertThat(complaintsOfSchema(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3",
        "{}",
        "{by: A}",
        "{by: A, wat: 1ms}",
        "{by: A, wait: 10}",
        "{by: A, wait: 1h}",
        "{by: A, wait: 1ms, r8: 1}",
        "{by: 3, wait: 1ms}",
        "{by: A, wait: 1ms, at: 3}",
        "{by: A, wait: 1ms, as: 3}",
        "{by: A, wait: 1ms, as: a-b}",
        "{by: A, wait: 1ms, repeat: 0}",
        "{by: A, wait: 1ms, stops: -1}",
        "{by: A, wait: 1ms, stops: true}",
        "{by: A, wait: 1ms, stop: 3}",
        "{go_on: B}",
        "{go_on: {}}",
        "{go_on: {domain: B, steps: 3}}",
        "{by: A, wait: 1ms, expect: 3}",
        "{by: A, wait: 1ms, expect: {returns: 0}}",
        "{by: A, wait: 1ms, expect: {blocks: 1}}",
        "{by: A, wait: 1ms, expect: {faults: true}}",
        "{by: A, init: {x: 1}}",
        "{by: A, gnttabop_error: bad_page, expect: {returns: bad pge}}",
        "{by: A, gnttabop_error: bad_page, expect: {returns: 3}}",
        "{by: A, multicall: [{a0: 2}]}",
        "{by: A, sched_poll: {ports: {a: 1}}}",
        "{by: A, sched_poll: {ports: [1], until: 5}}",
        "{by: A, sched_yield: [{}]}",
        "{by: A, handle_upcalls: {info: free.0}}",
        "{by: A, interrupts: }",
        "{by: A, irq_lock: 3}",
        "{by: A, wait_for_event: , expect: {returns: 0}}",
        "{soft_reset: }",
        "{by: A, exchange: {list: [ram.0]}}",
        "{by: A, evtchn_status: {port: 1}, expect: {status: okay}}",
        "{by: A, init: 3}",
        "{by: A, end_access: }",
        "{by: A, end_access: {}}",
        "{by: A, end_access: [8]}",
        "{by: A, map: 3}",
        "{by: A, map: {dom: A, ref: 8}}",
        "{by: A, map: {dom: A, ref: 8, addr: 1.5}}",
        "{by: A, map: {dom: A, ref: true, addr: 1}}",
        "{by: A, map: {dom: A, ref: {a: 1}, addr: 1}}",
        "{by: A, map: {dom: A, ref: 8, addr: 1, flags: {a: 1}}}",
        "{by: A, map: {dom: A, ref: 8, addr: 1}, expect: {val: 1}}",
        "{by: A, map: {dom: A, ref: 8, addr: 1}, expect: {status: {a: 1}}}",
        "{by: A, add_to_physmap: [{space: 0, gfn: 1}]}",
        "{by: A, r8: 1, expect: {val: [1]}}"
      })
  void neither_takes_a_step_of_the_wrong_shape(String step) {
    String text = Scenarios.sequence(step);
    assertThat(Scenarios.problems(text)).isNotEmpty();
    assertThat(complaintsOfSchema(text)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scenario: x\nsteps: [{wait: 1ms}]",
        "domains: {A: {}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {}}",
        "scenario: x\ndomains: {A: {}}\nsteps: [{by: A, wait: 1ms}]\nprograms: {A: [{wait: 1ms}]}",
        "scenario: x\ndomains: {A: {}}\nsteps: []",
        "scenario: x\ndomains: {A: {}}\nsteps: {}",
        "scenario: x\ndomains: {}\nsteps: [{destroy: 1}]",
        "scenario: x\ndomains: {1A: {}}\nsteps: [{destroy: 1}]",
        "scenario: x\ndomains: {A: 3}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {id: 32752}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {ram: 15}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {hardware: 1}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {devices: 7}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {devices: [a]}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {pool: -1}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {target: 1}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {driver: {regions: plased}}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\nxen: {gnttab: {frames: 0}}\ndomains: {A: {}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\nxen: {gnttab: {transitiv: true}}\ndomains: {A: {}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {privileged: 1}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {grants: {version: 3}}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {driver: {zephyr: V9}}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {driver: {regions: [0]}}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\nxen: {release: 4.17}\ndomains: {A: {}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\nxen: {xsm: flask}\ndomains: {A: {}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\nmachine: {costs: {guest: 3}}\ndomains: {A: {}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\nmachine: {costs: {interrupt: 3}}\ndomains: {A: {}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\nmachine: {pages: -1}\ndomains: {A: {}}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {}}\nsteps: [{by: A, wait: 1ms}]\nfinally: {}",
        "scenario: x\ndomains: {A: {}}\ninvariants: {I1: 1}\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {}}\ninvariants: [[I1]]\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {}}\ninvariants: 3\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {}}\ninvariant: all\nsteps: [{by: A, wait: 1ms}]",
        "scenario: x\ndomains: {A: {}}\nsteps: [{by: A, wait: 1ms}]\nfinally: []",
        "scenario: x\ndomains: {A: {}}\nsteps: [{by: A, wait: 1ms}]\nfinaly: [pages(A) == 0]",
        "[1]"
      })
  void neither_takes_a_scenario_of_the_wrong_shape(String text) {
    assertThat(Scenarios.problems(text)).isNotEmpty();
    assertThat(complaintsOfSchema(text)).isNotEmpty();
  }
}
