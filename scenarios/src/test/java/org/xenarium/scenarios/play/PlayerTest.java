package org.xenarium.scenarios.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.scenarios.replay.Library;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.Scenarios;

/** Scenarios are played as they say, and what is not as expected is told. */
class PlayerTest {
  private static Outcome play(String text) throws Exception {
    return Player.play(ScenarioReader.read("f", text), Watcher.NONE);
  }

  private static Failure failure(String... steps) throws Exception {
    return play(Scenarios.sequence(steps)).failure().orElseThrow();
  }

  @TestFactory
  Stream<DynamicTest> every_scenario_of_the_library_is_as_it_expects() {
    return Scenarios.library().stream()
        .map(file -> DynamicTest.dynamicTest(Library.name(file), () -> assertThat(Player.play(ScenarioReader.read(file), Watcher.NONE).failure()).isEmpty()));
  }

  @Test
  void every_scenario_of_the_library_asks_one_question_of_its_own() throws Exception {
    List<String> titles = new ArrayList<>();
    for (Path file : Scenarios.library()) {
      Scenario scenario = ScenarioReader.read(file);
      titles.add(scenario.title());
      assertThat(scenario.asks()).as(file.toString()).endsWith("?").doesNotContain("?\n");
    }
    assertThat(titles).doesNotHaveDuplicates().hasSizeGreaterThan(59);
  }

  /** One step more, and what is said of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {by: A, r32: ram.0, expect: {val: 6}}                           | val    | 6      | 5
          {by: A, r32: free.0, expect: {val: 6}}                          | end    | comes back | faults at 0x38800000
          {by: A, r32: ram.0, expect: {faults: true}}                     | end    | faults | comes back
          {by: A, r32: free.0 + 4, expect: {faults: free.0}}              | faults | free.0 | 0x38800004
          {by: A, hyp: {nr: 20, a1: 0, a2: 1}, expect: {returns: 0}}      | returns | 0     | -EFAULT
          {by: A, map: {dom: A, ref: 9, addr: free.0}, expect: {status: okay}} | status | okay | general_error
          {by: A, map: {dom: A, ref: 9, addr: free.0}, expect: {rule: MAP-14}} | rule | MAP-14 | MAP-08A
          {by: A, wait: 2ms, expect: {takes: 3ms}}                        | takes  | 3ms    | 2000010ns
          {by: A, wait: 2ms, expect: {hangs: true}}                       | end    | the vCPU never comes back | comes back
          {by: A, wait: 2ms, expect: {panics: true}}                      | end    | the guest panics | comes back
          {by: A, await: {addr: ram.0, val: 6}}                           | end    | comes back | waits
          """)
  void an_expectation_that_is_not_met_is_told(String step, String field, String expected, String actual) throws Exception {
    Failure failure = failure("{by: A, add_to_physmap: {space: grant_table, gfn: grants.0}}", "{by: A, w32: {addr: ram.0, val: 5}}", step);
    assertThat(failure.field()).isEqualTo(field);
    assertThat(failure.expected()).isEqualTo(expected);
    assertThat(failure.actual()).isEqualTo(actual);
    assertThat(failure.step()).isEqualTo(2);
    assertThat(failure.place().line()).isEqualTo(8);
  }

  @Test
  void a_failure_tells_the_rule_and_the_state_around_it() throws Exception {
    Failure failure = failure("{by: B, map: {dom: A, ref: 8, addr: free.0}, expect: {status: okay}}");
    assertThat(failure.subject()).isEqualTo("B map dom=A ref=8 flags=host_map addr=free.0");
    assertThat(failure.rules()).singleElement().asString().startsWith("MAP-08A map: ");
    assertThat(failure.state())
        .containsExactly(
            "entry 8 of domain 1: flags 0x0000, domid 0, frame 0x0; pins: 0 writing, 0 reading", "gfn 0x38800 of domain 2: a hole");
  }

  @ParameterizedTest
  @CsvSource({
    "finally, pages(A) == 272, true", "finally, pages(A) == 271, false", "always, pages(A) != 272, false", "exists, pages(A) > 271, true",
    "exists, pages(A) >= 273, false", "never, pages(A) < 272, true", "never, pages(A) <= 272, false"
  })
  void conditions_are_about_the_end_of_the_run(String quantifier, String condition, boolean holds) throws Exception {
    assertThat(play(Scenarios.sequence("{by: A, wait: 1ms}") + quantifier + ": " + condition + "\n").passed()).isEqualTo(holds);
  }

  @Test
  void a_condition_about_a_result_that_never_came_fails() throws Exception {
    String text = Scenarios.sequence("{by: A, await: {addr: ram.0, val: 1}, expect: {blocks: true}}", "{by: B, r8: ram.0, as: r}");
    assertThat(play(text + "finally: r == 0\n").passed()).isTrue();
    String waits = "scenario: x\ndomains: {A: {}}\nprograms:\n  A:\n    - {await: {addr: ram.0, val: 1}, expect: {blocks: true}}\n";
    assertThat(play(waits).passed()).isTrue();
    assertThat(play(waits + "    - {r8: ram.0, as: r}\n").failure().orElseThrow().actual()).isEqualTo("its turn never came");
  }

  @Test
  void in_a_sequence_a_waiting_step_goes_on_when_a_later_one_lets_it() throws Exception {
    Outcome outcome =
        play(
            """
            scenario: x
            domains: {A: {vcpus: 2}}
            steps:
              - {by: A, await: {addr: ram.0, val: 1}, as: w, expect: {blocks: true}}
              - {by: A/1, w32: {addr: ram.0, val: 1}}
              - {by: A, w32: {addr: ram.0, val: 2}}
            finally: m32(A, ram.0) == 2
            """);
    assertThat(outcome.failure()).isEmpty();
  }

  @Test
  void programs_are_played_in_the_order_of_time() throws Exception {
    Outcome outcome =
        play(
            """
            scenario: x
            domains: {A: {}, B: {}}
            programs:
              A:
                - {at: 2ms, w32: {addr: ram.0, val: 1}}
                - {after: 3ms, cas32: {addr: ram.0, old: 1, val: 2}, expect: {found: 1}}
              toolstack:
                - {at: 4ms, destroy: B}
              B:
                - {wait: 1s, expect: {takes: 1s}}
            finally:
              - life(B) == gone
              - m32(A, ram.0) == 2
            """);
    assertThat(outcome.failure()).hasValueSatisfying(failure -> assertThat(failure.subject()).isEqualTo("B wait time=1s"));
    assertThat(outcome.nanos()).isBetween(5_000_000L, 5_001_000L);
  }

  /** Stepped by hand, in a fixed order, with a copy at every step. */
  @Test
  void a_copy_at_any_step_goes_on_as_the_original_does() throws Exception {
    Scenario scenario = ScenarioReader.read(Library.FOLDER.resolve("events/ring-like-exchange.yaml"));
    Machine machine = Player.machine(scenario);
    int steps = 0;
    for (boolean any = true; any; ) {
      any = false;
      for (int i = 0; i < machine.world().domains().size(); i++) {
        Machine copy = machine.copy();
        assertThat(copy.digest()).as("copy at step %d", steps).isEqualTo(machine.digest());
        any |= step(machine, i);
        boolean copied = step(copy, i);
        assertThat(copy.digest()).as("after step %d", steps).isEqualTo(machine.digest());
        steps += copied ? 1 : 0;
      }
    }
    assertThat(steps).isGreaterThan(60);
    assertThat(Notes.of(machine.world()).hasEnded(scenario.steps().size() - 1)).isTrue();
  }

  private static boolean step(Machine machine, int index) {
    Domain domain = machine.world().domains().get(index);
    Vcpu vcpu = domain.vcpu(0);
    return machine.enabled(vcpu) && machine.step(vcpu);
  }

  @Test
  void results_show_in_the_digest() throws Exception {
    String text = Scenarios.sequence("{by: A, r8: ram.0}");
    Machine machine = Player.machine(ScenarioReader.read("f", text));
    Machine copy = machine.copy();
    Notes.of(copy.world()).set(0, 1, 7);
    assertThat(copy.digest()).isNotEqualTo(machine.digest());
    assertThat(Notes.of(machine.world()).get(0, 1)).isZero();
  }

  @Test
  void a_domain_that_is_absent_begins_when_it_is_created() throws Exception {
    String text =
        """
        scenario: x
        domains: {A: {}, B: {id: 9}, C: {id: 9, absent: true}}
        programs:
          C:
            - {w32: {addr: ram.0, val: 3}}
          toolstack:
            - {at: 1ms, destroy: B}
            - {at: 2ms, create: C, expect: {rule: CREATE-05}}
        finally: m32(C, ram.0) == 3
        """;
    Outcome outcome = play(text);
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.nanos()).isBetween(2_000_000L, 2_001_000L);
    String refused = text.replace("    - {at: 1ms, destroy: B}\n", "").replace("CREATE-05", "CREATE-02");
    assertThat(play(refused).failure().orElseThrow().actual()).isEqualTo("its turn never came");
    String twice = text.replace("finally:", "    - {destroy: C}\n    - {create: C}\nfinally:");
    assertThatThrownBy(() -> play(twice)).isInstanceOf(UnplayableScenarioException.class).hasMessageContaining("domain C is created twice");
  }

  @Test
  void what_does_not_fit_where_an_actor_passes_its_arguments_is_refused() throws Exception {
    String domains = "domains:\n  A: {vcpus: 2}\n  B: {}\n";
    String first = "  - {by: A, r32: ram.0}\n";
    String lists = "  - {by: A/1, decrease_reservation: {list: [" + "ram.0, ".repeat(480) + "ram.0]}}\n";
    assertThatThrownBy(() -> play("scenario: x\n" + domains + "steps:\n" + first + lists))
        .isInstanceOf(UnplayableScenarioException.class)
        .hasMessage("lists of step 2 take 3848 bytes, more than the 3840 that its actor has room for: make several calls of it");
    String elements = "  - {by: A, unmap: [" + "{addr: free.0, handle: 0}, ".repeat(2730) + "{addr: free.0, handle: 0}]}\n";
    String second = "  - {by: A/1, r32: ram.0}\n";
    assertThat(play("scenario: x\n" + domains + "steps:\n" + elements).failure()).isEmpty();
    assertThatThrownBy(() -> play("scenario: x\n" + domains + "steps:\n" + elements + second))
        .isInstanceOf(UnplayableScenarioException.class)
        .hasMessage("elements of step 1 take 65544 bytes, more than the 65536 that its actor has room for: make several calls of it");
  }

  @Test
  void an_upcall_comes_between_two_steps_and_not_while_interrupts_are_locked() throws Exception {
    String text =
        """
        scenario: x
        domains: {A: {}, B: {}}
        programs:
          A:
            - {add_to_physmap: {space: shared_info, gfn: free.9}}
            - {handle_upcalls: {info: free.9, counts: ram.0}}
            - {evtchn_alloc_unbound: {remote: B}, as: p}
            - {irq_lock: }
            - {barrier: 1}
            - {barrier: 2}
            - {await: {addr: ram.4, val: 1}}
            - {r32: ram.0 + 4, as: locked}
            - {irq_unlock: }
            - {r32: ram.0 + 4, as: unlocked}
          B:
            - {evtchn_bind_interdomain: {remote: A, rport: p.port}, as: q}
            - {barrier: 1}
            - {evtchn_send: q.port}
            - {barrier: 2}
          A/1:
            - {w32: {addr: ram.4, val: 1}, at: 1ms}
        finally: [locked == 0, unlocked == 1]
        """;
    assertThat(play(text.replace("A: {}", "A: {vcpus: 2}")).failure()).isEmpty();
    String open = text.replace("A: {}", "A: {vcpus: 2}").replace("    - {irq_lock: }\n", "");
    assertThat(play(open).failure().orElseThrow().subject()).contains("locked");
  }

  @Test
  void a_step_is_repeated_as_often_as_it_says() throws Exception {
    Outcome outcome = play(Scenarios.sequence("{by: A, init: {}}", "{by: A, grant_access: {domid: B, gfn: ram.0}, repeat: 5, as: g}") + "finally: g == 12\n");
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.steps()).isEqualTo(6);
  }

  @Test
  void the_rule_of_a_repeated_step_is_expected_each_time() throws Exception {
    String[] steps = {
      "{by: A, add_to_physmap: {space: grant_table, gfn: grants.0}}",
      "{by: A, gte: {ref: 8, flags: permit_access, dom: B, gfn: ram.0}}",
      "{by: B, map: {dom: A, ref: 8, addr: free.0}, repeat: 129, expect: {rule: MAP-14}}"
    };
    assertThat(failure(steps).rules()).singleElement().asString().startsWith("MAP-07B ");
    assertThat(play(Scenarios.sequence(steps).replace("129", "128")).failure()).isEmpty();
  }

  @Test
  void a_reference_has_no_sign() throws Exception {
    String text = Scenarios.sequence("{by: A, init: {}}", "{by: A, grant_access: {domid: B, gfn: ram.0}, repeat: 504, as: g}");
    assertThat(play(text.replace("A: {}", "A: {driver: {zephyr: V2}}") + "finally: g == 0xffffffff\n").failure()).isEmpty();
  }
}
