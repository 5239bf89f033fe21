package org.xenarium.gnttab.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.gnttab.kit.run.Move;
import org.xenarium.gnttab.kit.run.Run;
import org.xenarium.gnttab.property.Moves;

/** Random runs of three domains that the reference model follows: after every call, and in full at the end. */
class FollowedRunProperties {
  @Provide
  Arbitrary<List<Move>> moves() {
    return Moves.lists(60);
  }

  @Property(tries = 400)
  void the_model_explains_whatever_guests_do(@ForAll("moves") List<Move> moves) {
    follow(Run.wild(), moves);
  }

  @Property(tries = 200)
  void the_model_explains_what_good_guests_do(@ForAll("moves") List<Move> moves) {
    follow(Run.good(), moves);
  }

  @Property(tries = 100)
  void the_model_explains_what_guests_get_under_silo(@ForAll("moves") List<Move> moves) {
    follow(Run.silo(), moves);
  }

  private static void follow(Run run, List<Move> moves) {
    ModelWatch watch = ReferenceModel.follow(run.bench().machine());
    moves.forEach(run::play);
    assertThat(watch.audit()).isTrue();
  }
}
