package org.xenarium.scenarios.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Verb;

/** A move falls to somebody who makes it. */
class CastingTest {
  private static final int TOOLSTACK = 2;
  private static final Verb CALL = Verb.of("call", Manner.DRIVER::equals, turn -> {});
  private static final Verb RAW = Verb.of("raw", manner -> manner != Manner.DRIVER, turn -> {});
  private static final Verb WILD = Verb.of("wild", Manner.WILD::equals, turn -> {});
  private static final Verb DEATH = Verb.outside("death", turn -> {});
  private static final Setting SETTING = setting();

  private static Setting setting() {
    Setting setting = Setting.drawn(new Semantics(Release.V4_17, SecurityPolicy.DUMMY), DriverVersion.CONTRACT, 1);
    while (!setting.plainer().isEmpty()) {
      setting = setting.plainer().get(0);
    }
    return new Setting(setting.scenario(), List.of(Manner.DRIVER, Manner.CAREFUL), false);
  }

  private static int cast(int actor, Verb verb) {
    return Casting.of(SETTING, List.of(new Move(actor, verb))).get(0).actor();
  }

  @Test
  void who_uses_a_verb_makes_the_move_that_was_drawn() {
    assertThat(cast(0, CALL)).isEqualTo(0);
    assertThat(cast(1, RAW)).isEqualTo(1);
    assertThat(cast(4, RAW)).as("one of three, the toolstack being the third").isEqualTo(1);
  }

  @Test
  void who_does_not_use_it_leaves_it_to_the_next_who_does() {
    assertThat(cast(1, CALL)).isEqualTo(0);
    assertThat(cast(0, RAW)).isEqualTo(1);
    assertThat(cast(TOOLSTACK, RAW)).isEqualTo(1);
    assertThat(cast(TOOLSTACK, CALL)).isEqualTo(0);
  }

  @Test
  void what_nobody_does_stays_undone_and_what_is_done_from_outside_stays_there() {
    assertThat(SETTING.manner(cast(1, WILD))).isNotEqualTo(Manner.WILD);
    assertThat(cast(0, DEATH)).isEqualTo(0);
    assertThat(cast(TOOLSTACK, DEATH)).isEqualTo(TOOLSTACK);
  }
}
