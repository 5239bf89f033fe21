package org.xenarium.scenarios.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenarium.scenarios.script.Place;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.Scenarios;

/** Somebody stops within a step, others act meanwhile, and it goes on when it is told to. */
class StoppedStepTest {
  private static final List<String> GRANTED =
      List.of("{by: A, add_to_physmap: {space: grant_table, gfn: grants.0}}", "{by: A, gte: {ref: 8, flags: permit_access, dom: B, gfn: ram.0}}");

  private static Outcome play(String more, String... steps) throws Exception {
    String[] all = new String[GRANTED.size() + steps.length];
    GRANTED.toArray(all);
    System.arraycopy(steps, 0, all, GRANTED.size(), steps.length);
    return Player.play(ScenarioReader.read("f", Scenarios.sequence(all) + more), Watcher.NONE);
  }

  private static Failure failure(String more, String... steps) throws Exception {
    return play(more, steps).failure().orElseThrow();
  }

  /** Before the map has marked the entry the granter is first; from then on it is too late. */
  @ParameterizedTest
  @CsvSource({"1, 1, MAP-08A", "5, 1, MAP-08A", "6, 1, MAP-08A", "7, 0x19, MAP-14", "9, 0x19, MAP-14"})
  void a_map_and_a_withdrawal_race_and_the_number_of_steps_says_who_is_first(int stops, String found, String rule) throws Exception {
    assertThat(play("",
            "{by: B, map: {dom: A, ref: 8, addr: free.0}, stops: " + stops + ", expect: {rule: " + rule + "}}",
            "{by: A, cas16: {addr: grants.0 + 64, old: 1, val: 0}, expect: {found: " + found + "}}",
            "{go_on: {domain: B}}")
        .failure()).isEmpty();
  }

  @Test
  void a_step_with_fewer_steps_than_it_may_take_ends_and_nobody_is_left_to_go_on() throws Exception {
    String map = "{by: B, map: {dom: A, ref: 8, addr: free.0}, stops: 1000, expect: {rule: MAP-14}}";
    assertThat(play("", map).failure()).isEmpty();
    Failure failure = failure("", map, "{go_on: {domain: B}}");
    assertThat(failure.field() + ": expected " + failure.expected() + ", actual " + failure.actual())
        .isEqualTo("go_on: expected a step under way, actual nothing under way");
    assertThat(failure.step()).isEqualTo(3);
    assertThat(failure.place()).isNotEqualTo(Place.NOWHERE);
  }

  @Test
  void who_waits_and_is_told_to_go_on_by_some_steps_stops_there() throws Exception {
    String[] steps = {
      "{by: B, map: {dom: A, ref: 8, addr: free.0}, stops: 6}", "{by: A, map: {dom: A, ref: 8, addr: free.0}, expect: {blocks: true, rule: MAP-07A}}",
      "{go_on: {domain: A, n: 1}}", "{go_on: {domain: B}}", "{go_on: {domain: A}}"
    };
    assertThat(play("", steps).failure()).as("A was not told to go on by itself").isEmpty();
  }

  @Test
  void who_goes_on_for_some_steps_stops_again_there() throws Exception {
    for (int more : new int[] {1, 2}) {
      assertThat(play("",
              "{by: B, map: {dom: A, ref: 8, addr: free.0}, stops: 5}",
              "{go_on: {domain: B, n: " + more + "}}",
              "{by: A, cas16: {addr: grants.0 + 64, old: 1, val: 0}, expect: {found: " + (more == 1 ? "1" : "0x19") + "}}",
              "{go_on: {domain: B}}")
          .failure()).isEmpty();
    }
  }

  @Test
  void a_poll_is_over_at_once_if_it_has_an_end_and_else_goes_on_when_there_is_an_event() throws Exception {
    String map = "{by: B, map: {dom: A, ref: 8, addr: free.0}, stops: 2}";
    assertThat(play("", map,
            "{by: A, evtchn_bind_ipi: {}, as: p}",
            "{by: A, sched_poll: {ports: [p.port], until: 1ms}, expect: {returns: 0}}",
            "{go_on: {domain: B}}")
        .failure()).isEmpty();
    assertThat(play("", map,
            "{by: A, evtchn_alloc_unbound: {remote: B}, as: p}",
            "{by: A, sched_poll: {ports: [p.port]}, expect: {returns: 0, blocks: true}}",
            "{go_on: {domain: B}}",
            "{by: B, evtchn_bind_interdomain: {remote: A, rport: p.port}, as: q}",
            "{by: B, evtchn_send: q.port}")
        .failure()).isEmpty();
  }

  @Test
  void whoever_needs_a_lock_of_one_who_has_stopped_waits_for_it_and_goes_on_by_itself() throws Exception {
    String[] steps = {
      "{by: B, map: {dom: A, ref: 8, addr: free.0}, stops: 6}", "{by: A, map: {dom: A, ref: 8, addr: free.0}, expect: {blocks: true, rule: MAP-07A}}",
      "{go_on: {domain: B}}"
    };
    assertThat(play("", steps).failure()).isEmpty();
    steps[0] = steps[0].replace("stops: 6", "stops: 1");
    assertThat(failure("", steps).subject()).startsWith("A map ");
  }

  @Test
  void who_is_never_told_to_go_on_does_not_come_to_an_end() throws Exception {
    Failure failure = failure("", "{by: B, map: {dom: A, ref: 8, addr: free.0}, stops: 3}");
    assertThat(failure.expected()).isEqualTo("comes to an end");
    assertThat(failure.subject()).startsWith("B map ");
  }

  @Test
  void who_was_destroyed_meanwhile_goes_nowhere() throws Exception {
    assertThat(play("finally: pins(A, 8) == 0\n",
            "{by: B, map: {dom: A, ref: 8, addr: free.0}, stops: 3, expect: {blocks: true}}", "{destroy: B}", "{go_on: {domain: B}}",
            "{by: A, gtr: 8, expect: {flags: permit_access}}")
        .failure()).isEmpty();
  }

  @Test
  void an_expectation_of_a_step_that_has_stopped_is_looked_at_when_it_ends() throws Exception {
    Failure failure = failure("", "{by: B, map: {dom: A, ref: 8, addr: free.0}, stops: 3, expect: {status: bad_gntref}}", "{go_on: {domain: B}}");
    assertThat(failure.step()).isEqualTo(2);
    assertThat(failure.actual()).isEqualTo("okay");
  }

  @Test
  void an_invariant_that_is_watched_and_broken_ends_the_run_at_that_step() throws Exception {
    String setup = "scenario: x\ndomains: {A: {driver: {zephyr: V4}}, B: {}}\ninvariants: [%s]\nsteps:\n"
        + "  - {by: A, init: {}}\n  - {by: A, grant_access: {domid: B, gfn: ram.0}, as: g}\n"
        + "  - {by: B, map: {dom: A, ref: g, addr: free.0}}\n  - {by: A, end_access: g}\n  - {by: A, wait: 1ms}\n";
    for (String broken : new String[] {"A.G3", "G3", "I1, A.G3"}) {
      Failure failure = Player.play(ScenarioReader.read("f", setup.formatted(broken)), Watcher.NONE).failure().orElseThrow();
      assertThat(failure.field()).isEqualTo("G3");
      assertThat(failure.actual()).startsWith("G3 is violated by domain 1");
      assertThat(failure.step()).isEqualTo(3);
    }
    for (String kept : new String[] {"B.G3", "all", "model, I19", ""}) {
      assertThat(Player.play(ScenarioReader.read("f", setup.formatted(kept)), Watcher.NONE).failure()).as(kept).isEmpty();
    }
  }
}
