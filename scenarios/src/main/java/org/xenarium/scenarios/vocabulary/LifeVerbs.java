package org.xenarium.scenarios.vocabulary;

import java.util.List;
import java.util.function.Consumer;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Operation;

/** What the toolstack does to domains. The first domain is spared, so that there is somebody left. */
final class LifeVerbs {
  /** More steps than a small domain takes to die. */
  private static final int ALL_STEPS = 500;

  private LifeVerbs() {}

  /** Verbs with their weights. */
  static List<Vocabulary.Weighted> all() {
    return List.of(
        verb("destroy", 2, turn -> onOneAlive(turn, id -> turn.outside(Operation.DESTROY, id))),
        verb("begin_destroy", 3, turn -> onOneAlive(turn, id -> turn.outside(Operation.BEGIN_DESTROY, id))),
        verb("create", 12, LifeVerbs::create),
        verb("death_steps", 24, LifeVerbs::deathSteps),
        verb("pause", 1, turn -> onOneAlive(turn, id -> turn.outside(Operation.PAUSE, id))),
        verb("unpause", 3, LifeVerbs::unpause),
        verb("soft_reset", 1, LifeVerbs::softReset),
        verb("crash", 1, turn -> onOneAlive(turn, id -> turn.outside(Operation.CRASH, id))));
  }

  private static Vocabulary.Weighted verb(String name, int weight, Consumer<Turn> play) {
    return new Vocabulary.Weighted(Verb.outside(name, play), weight);
  }

  private static void onOneAlive(Turn turn, Consumer<Integer> action) {
    DomainSetup setup = turn.anyDomain();
    Domain domain = turn.machine().world().domain(setup.id());
    boolean first = setup.id() == turn.firstDomid();
    if (domain != null && !first && domain.life() == Life.ALIVE) {
      action.accept(setup.id());
    }
  }

  /** A domain of an id that was another one's; while that one is there Xen refuses, which is asked for seldom. */
  private static void create(Turn turn) {
    DomainSetup setup = turn.anyDomain();
    boolean listed = turn.machine().world().domain(setup.id()) != null;
    boolean anyway = turn.dice().oneIn(16);
    if (turn.canCreate(setup) && (anyway || !listed)) {
      turn.outside(Operation.CREATE, setup.id());
    }
  }

  private static void deathSteps(Turn turn) {
    DomainSetup setup = turn.anyDomain();
    if (turn.machine().world().domain(setup.id()) != null && turn.machine().canStepDeath(setup.id())) {
      turn.outside(Operation.DEATH_STEPS, setup.id(), turn.dice().of(1, 2, 3, 5, 8, ALL_STEPS));
    }
  }

  private static void softReset(Turn turn) {
    if (turn.isArm()) {
      onOneAlive(turn, id -> turn.outside(Operation.SOFT_RESET, id));
    }
  }

  private static void unpause(Turn turn) {
    Domain domain = turn.machine().world().domain(turn.anyDomain().id());
    if (domain != null && domain.isPaused()) {
      turn.outside(Operation.UNPAUSE, domain.id());
    }
  }
}
