package org.xenarium.scenarios.play;

import java.util.BitSet;

/**
 * Who goes on, where an order stands in the place of a clock: whoever was told to stop after some steps goes on only when told to; whoever has to
 * wait goes on as soon as that is possible; what would go on for ever is stopped.
 */
public final class Pacing {
  /** As far as it can go. */
  public static final int TO_THE_END = ByHand.TO_THE_END;

  /** Those who do something, each known by a number from 0 on. */
  public interface Actors {
    int count();

    /** Whether the actor has begun something that is not over. */
    boolean isUnderWay(int actor);

    /** Whether the actor could take a step of what is under way. */
    boolean canGoOn(int actor);

    /** The actor takes so many steps, or fewer if it has to wait or comes to the end. */
    void take(int actor, int steps);
  }

  private final Actors actors;
  private final BitSet stopped = new BitSet();

  public Pacing(Actors actors) {
    this.actors = actors;
  }

  /** The actor takes so many steps and stops there, or goes on to the end. */
  public void advance(int actor, int steps) {
    stopped.set(actor, steps != TO_THE_END);
    take(actor, steps);
  }

  private void take(int actor, int steps) {
    actors.take(actor, steps);
    if (steps == TO_THE_END && actors.isUnderWay(actor) && actors.canGoOn(actor)) {
      stopped.set(actor);
    }
  }

  /** Whoever waited, was not stopped, and can go on now does so. */
  public void settle() {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int actor = 0; actor < actors.count(); actor++) {
        if (actors.isUnderWay(actor) && !stopped.get(actor) && actors.canGoOn(actor)) {
          take(actor, TO_THE_END);
          moved |= !actors.isUnderWay(actor);
        }
      }
    }
  }

  /** Whether the actor was told to stop last, or would have gone on for ever. */
  public boolean isStopped(int actor) {
    return stopped.get(actor);
  }
}
