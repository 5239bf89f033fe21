package org.xenarium.gnttab.property;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.gnttab.kit.invariant.Invariants;
import org.xenarium.gnttab.kit.run.Move;
import org.xenarium.gnttab.kit.run.Run;

/** Random runs of three domains, checked against the invariants of spec §11 after every call. */
class RunProperties {
  @Provide
  Arbitrary<List<Move>> moves() {
    return Moves.lists(60);
  }

  @Property(tries = 800)
  void whatever_guests_do_the_hypervisor_keeps_its_accounts(@ForAll("moves") List<Move> moves) {
    Run run = Run.wild();
    for (Move move : moves) {
      run.play(move);
      Invariants.quiescent(run.bench().machine());
    }
  }

  @Property(tries = 800)
  void with_good_guests_flags_and_physmaps_agree_with_the_pins_too(@ForAll("moves") List<Move> moves) {
    Run run = Run.good();
    for (Move move : moves) {
      run.play(move);
      Invariants.quiescent(run.bench().machine());
      Invariants.quiescentWithGoodGuests(run.bench().machine());
    }
  }

  @Property(tries = 200)
  void under_silo_no_two_guests_share_a_page(@ForAll("moves") List<Move> moves) {
    Run run = Run.silo();
    for (Move move : moves) {
      run.play(move);
      Invariants.silo(run.bench().machine());
    }
  }
}
