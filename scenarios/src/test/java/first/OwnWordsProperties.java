package first;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.emulator.Machine;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.scenarios.property.Xenarium;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.vocabulary.Knowledge;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Turn;
import org.xenarium.scenarios.vocabulary.Verb;
import org.xenarium.scenarios.vocabulary.Vocabulary;

class OwnWordsProperties {
  @Property(tries = 200, seed = "1")
  void only_the_references_of_the_driver_are_in_use(@ForAll("guests") Setting setting, @ForAll("moves") List<Move> moves) {
    Xenarium.in(setting)
        .withDriver(1, SmallDriver::new)
        .andThat(Xenarium.property("first-64", "nobody maps an entry of domain 1 behind the 64th", OwnWordsProperties::strayPin))
        .holdsFor(moves);
  }

  private static Optional<String> strayPin(Machine machine) {
    ActiveEntries active = GrantTable.of(machine.domain(1)).active();
    long pinned = active.nextPinned(64);
    return pinned < 0 ? Optional.empty() : Optional.of("reference " + pinned + " is in use");
  }

  @Provide
  Arbitrary<List<Move>> moves() {
    Verb again = Verb.of("grant again", Manner.DRIVER::equals, OwnWordsProperties::grantAgain);
    return Xenarium.moves(Vocabulary.standard().with(again, 10)).atMost(60);
  }

  /** A page that is granted already, to the same domain, for reading. */
  private static void grantAgain(Turn turn) {
    Knowledge.Grant grant = turn.grant(any -> any.byDriver());
    if (grant != null) {
      turn.call(Operation.GRANT_ACCESS).with(grant.grantee()).with(grant.gfn()).with(1).play();
    }
  }

  @Provide
  Arbitrary<Setting> guests() {
    return Xenarium.settings().domains(2).manners(Manner.DRIVER, Manner.WILD).oneVcpu();
  }
}
