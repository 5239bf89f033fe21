package org.xenarium.gnttab.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.gnttab.invariant.Invariants;
import org.xenarium.gnttab.kit.run.Move;
import org.xenarium.gnttab.kit.run.Run;

/** Random runs of three domains under the eyes of all invariants: after every step, between calls, and in full at the end. */
class RunProperties {
  @Provide
  Arbitrary<List<Move>> moves() {
    return Moves.lists(60);
  }

  @Property(tries = 800)
  void whatever_guests_do_the_hypervisor_keeps_its_accounts(@ForAll("moves") List<Move> moves) {
    Run run = Run.wild();
    moves.forEach(run::play);
    run.bench().watch().audit();
  }

  @Property(tries = 800)
  void with_good_guests_flags_and_physmaps_agree_with_the_pins_too(@ForAll("moves") List<Move> moves) {
    Run run = Run.good();
    moves.forEach(run::play);
    run.bench().watch().audit();
    assertThat(run.bench().indisciplines().withEffect()).as("%s", run.bench().indisciplines().first()).isEmpty();
    assertThat(Invariants.check(run.bench().machine())).as("what a fresh look sees").isEmpty();
  }

  @Property(tries = 200)
  void under_silo_no_two_guests_share_a_page(@ForAll("moves") List<Move> moves) {
    Run run = Run.silo();
    moves.forEach(run::play);
    run.bench().watch().audit();
  }
}
