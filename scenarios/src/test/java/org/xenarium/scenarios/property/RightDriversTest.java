package org.xenarium.scenarios.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/** A driver with nothing wrong keeps its promises, whatever goes on around its calls. */
class RightDriversTest {
  /** More steps than the call of another vCPU has before its hypercall has answered. */
  private static final int PACES = 12;

  private static final List<Move> GRANT_AND_END = List.of(move(0, "init"), move(0, "grant_access"), move(0, "end_access"));

  private static Setting setting(DriverVersion version, Predicate<Setting> wanted) {
    for (long seed = 1; ; seed++) {
      Setting setting = Setting.drawn(new Semantics(Release.V4_17, SecurityPolicy.DUMMY), version, seed);
      boolean plain = setting.scenario().domains().stream().allMatch(domain -> domain.grants().version() == 1);
      if (setting.manner(0) == Manner.DRIVER && plain && wanted.test(setting)) {
        return setting;
      }
    }
  }

  private static DomainSetup first(Setting setting) {
    return setting.scenario().domains().get(0);
  }

  private static Move move(int actor, String verb, int... dice) {
    return new Move(actor, Vocabulary.standard().verb(verb), dice);
  }

  private static Optional<Counterexample> broken(Setting setting, List<Move> moves) {
    return Xenarium.in(setting).withDriver(1, () -> new FlawedDriver(Flaw.NONE)).that(Xenarium.driverPromises()).counterexample(moves);
  }

  @Test
  void a_call_that_waits_ends_what_is_granted_meanwhile() {
    Setting setting = setting(DriverVersion.CONTRACT, drawn -> drawn.interleaves() && first(drawn).vcpus() == 2);
    assertThat(broken(setting, List.of(move(0, "init"), move(0, "gnttab_query_size", 2, 0, 0), move(1, "end_access", 2, 0, 0, 0, 15, 2),
        move(0, "grant_access"), move(0, "grant_access"), move(1, "end_access")))).isEmpty();
  }

  @Test
  void a_domain_may_die_after_its_size_was_asked_for() {
    Setting setting = setting(DriverVersion.CONTRACT, drawn -> drawn.interleaves() && drawn.scenario().domains().size() == 2
        && first(drawn).privileged() && first(drawn).vcpus() == 1 && first(drawn).driver().regions().size() == 1);
    int tools = setting.actors();
    List<Counterexample> broken = new ArrayList<>();
    for (int pace = 0; pace < PACES; pace++) {
      broken(setting, List.of(move(0, "init"), move(0, "gnttab_query_size", 2, 15, pace, 0, 0, 5), move(tools, "destroy", 0, 0, 0, 1),
          move(tools, "death_steps", 0, 0, 0, 1, 5), move(tools, "death_steps", 0, 0, 0, 1, 5), move(0, "init"))).ifPresent(broken::add);
    }
    assertThat(broken).isEmpty();
  }


  private static Setting whereReleaseIs1() {
    return setting(DriverVersion.V0, drawn -> !drawn.interleaves());
  }

  @Test
  void g3_an_own_driver_says_released_by_0_whatever_driver_stood_there() {
    assertThat(broken(whereReleaseIs1(), GRANT_AND_END)).isEmpty();
  }

  @Test
  void what_an_own_driver_has_released_by_0_its_guest_has_not_any_more() {
    Run run = Run.of(whereReleaseIs1());
    OwnDriver.install(run.stage().machine().domain(1), () -> new FlawedDriver(Flaw.NONE), DriverWatcher.NONE);
    run.play(GRANT_AND_END.get(0));
    run.play(GRANT_AND_END.get(1));
    assertThat(run.knowledge().of(1).grants()).hasSize(1);
    run.play(GRANT_AND_END.get(2));
    assertThat(run.knowledge().of(1).grants()).isEmpty();
  }
}
