package org.xenarium.scenarios.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.scenarios.play.Outcome;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.ScenarioWriter;

/** A run that was written down as a scenario and is played from the file. */
class ScribeProperties {
  private static final int MOVES = 60;

  @Property(tries = 60)
  @Label("a scenario written of a run leads to the state that the run led to")
  void a_scenario_written_of_a_run_leads_to_the_state_that_the_run_led_to(@ForAll long seed) throws Exception {
    Setting setting = Setting.drawn(new Semantics(Release.V4_23_DEV, SecurityPolicy.DUMMY), DriverVersion.CONTRACT, seed);
    Run run = Run.of(setting);
    Scribe scribe = new Scribe(setting, run.stage().actors());
    run.watch(scribe);
    Vocabulary vocabulary = Vocabulary.standard();
    vocabulary.beginning(setting).forEach(run::play);
    RandomMoves moves = new RandomMoves(vocabulary, run, seed, true);
    for (int i = 0; i < MOVES; i++) {
      moves.playOne();
    }
    run.finish();

    String text = ScenarioWriter.write(scribe.scenario("a run", ""));
    Scenario read = ScenarioReader.read("run.yaml", text);
    Outcome outcome = Player.play(read, Trace.NONE);

    List<String> different = new ArrayList<>(state(outcome.machine()));
    different.removeAll(state(run.stage().machine()));
    assertThat(outcome.failure()).as(text).isEmpty();
    assertThat(different).as(text).isEmpty();
    assertThat(state(outcome.machine())).as(text).hasSameSizeAs(state(run.stage().machine()));
  }

  @Property(tries = 60)
  @Label("moves that were drawn and remembered do the same when they are made again")
  void moves_that_were_drawn_and_remembered_do_the_same_when_they_are_made_again(@ForAll long seed) {
    Setting setting = Setting.drawn(new Semantics(Release.V4_17, SecurityPolicy.DUMMY), DriverVersion.CONTRACT, seed);
    Run first = Run.of(setting);
    Vocabulary vocabulary = Vocabulary.standard();
    vocabulary.beginning(setting).forEach(first::play);
    RandomMoves moves = new RandomMoves(vocabulary, first, seed, true);
    for (int i = 0; i < MOVES; i++) {
      moves.playOne();
    }
    Run again = Run.of(setting);
    vocabulary.beginning(setting).forEach(again::play);
    moves.played().forEach(again::play);

    assertThat(again.stage().machine().digest()).isEqualTo(first.stage().machine().digest());
  }

  /** Everything but time, arguments and notes. */
  private static List<String> state(Machine machine) {
    List<String> state = new ArrayList<>();
    for (Domain domain : machine.world().domains()) {
      String name = "domain " + domain.id() + " ";
      state.add(name + domain.life() + " " + domain.totPages());
      GrantTable table = GrantTable.of(domain);
      for (int ref = 0; ref < 16; ref++) {
        state.add(name + "pin " + ref + " " + table.active().pin(ref));
      }
      for (int handle = 0; handle < table.maptrack().limit(); handle++) {
        if (table.maptrack().isLive(handle)) {
          state.add(name + "handle " + handle);
        }
      }
      for (Area area : List.of(Area.RAM, Area.FREE, Area.GRANTS)) {
        for (int page = 0; page < 12; page++) {
          long gfn = area.first() + page;
          long entry = domain.physmap().entry(gfn);
          state.add(name + area + page + " " + (entry == Physmap.HOLE ? "hole" : Long.toHexString(entry)));
          long address = gfn << MachineMemory.PAGE_SHIFT;
          boolean readable = domain.vcpu(0).access(address, false) == Access.DONE;
          for (int at = 0; at < 128 && readable; at += 8) {
            state.add(name + Long.toHexString(address + at) + " " + domain.vcpu(0).load(address + at, 8));
          }
        }
      }
    }
    return state;
  }
}
