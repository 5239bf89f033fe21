package org.xenarium.scenarios.vocabulary;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.state.Generator;

/** Moves of a seed, each drawn as it is played so that it fits the state. */
public final class RandomMoves {
  private static final int ATTEMPTS = 8;

  private final Dice.Thrown dice;
  private final Run run;
  private final Swarm swarm;
  private final List<Move> played = new ArrayList<>();
  private final boolean remembers;

  /**
   * Moves for a run.
   *
   * @param remembers whether {@link #played} will be asked
   */
  public RandomMoves(Vocabulary vocabulary, Run run, long seed, boolean remembers) {
    dice = new Dice.Thrown(new Generator(seed));
    this.run = run;
    this.remembers = remembers;
    swarm = vocabulary.swarm(run.setting(), dice);
  }

  /** Draws a move that makes sense, and makes it. Now and then none is found. */
  public void playOne() {
    boolean made = false;
    for (int i = 0; i < ATTEMPTS && !made; i++) {
      int actor = swarm.actor(dice);
      Verb verb = swarm.verb(actor, dice);
      dice.forget();
      made = verb != null && play(actor, verb);
    }
  }

  /** A move that something thrown has ended was made, too. */
  private boolean play(int actor, Verb verb) {
    boolean made = true;
    try {
      made = run.play(actor, verb, dice);
      return made;
    } finally {
      if (made && remembers) {
        played.add(new Move(actor, verb, dice.take()));
      }
    }
  }

  /** What was made so far. Played again in a run of the same setting it does the same. */
  public List<Move> played() {
    return played;
  }
}
