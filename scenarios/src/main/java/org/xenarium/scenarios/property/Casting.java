package org.xenarium.scenarios.property;

import java.util.List;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;

/**
 * Who makes which move. Settings and moves are drawn apart from each other, so that a verb often falls to somebody who does not use it. The next one
 * who does makes the move instead: else most moves would do nothing, and the calls of a single driver would be rare. What is the toolstack's to do
 * stays its own, so that domains do not die all the time.
 */
final class Casting {
  private final Setting setting;
  private final int actors;

  private Casting(Setting setting) {
    this.setting = setting;
    actors = setting.actors();
  }

  /** The moves as they are made in a setting. Given once more they stay as they are. */
  static List<Move> of(Setting setting, List<Move> moves) {
    Casting casting = new Casting(setting);
    return moves.stream().map(casting::cast).toList();
  }

  private Move cast(Move move) {
    int drawn = Math.floorMod(move.actor(), actors + 1);
    int actor = drawn;
    if (!move.verb().isOutside()) {
      for (int i = 0; i < actors && !isFor(move, actor); i++) {
        actor = (drawn + 1 + i) % actors;
      }
    }
    return move.by(actor);
  }

  private boolean isFor(Move move, int actor) {
    return actor < actors && move.verb().suits(setting.manner(actor));
  }
}
