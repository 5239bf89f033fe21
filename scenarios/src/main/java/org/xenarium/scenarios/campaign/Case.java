package org.xenarium.scenarios.campaign;

import java.util.List;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;

/** A setting and the moves that are made in it. */
public record Case(Setting setting, List<Move> moves) {
  public Case {
    moves = List.copyOf(moves);
  }

  Case with(List<Move> others) {
    return new Case(setting, others);
  }

  /** The same moves of the same vCPUs in another setting, where their numbers may be others. */
  Case in(Setting other) {
    return new Case(other, moves.stream().map(move -> move.by(setting.actorIn(other, move.actor()))).toList());
  }
}
