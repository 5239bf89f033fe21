package org.xenarium.scenarios.vocabulary;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.gnttab.driver.DriverDifference;
import org.xenarium.scenarios.play.OtherDriver;
import org.xenarium.scenarios.play.Pacing;
import org.xenarium.scenarios.play.Stage;
import org.xenarium.scenarios.play.UnplayableScenarioException;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;

/** Moves being played on a machine, one after the other. The same setting and moves make the same run. */
public final class Run {
  /** A move's call takes steps until it ends or has to wait. */
  public static final int TO_THE_END = Pacing.TO_THE_END;

  private static final int MOST_STEPS = 16;

  private final Setting setting;
  private final Stage stage;
  private final Knowledge knowledge;
  private final Turn turn = new Turn(this);

  /** What each actor has begun and not ended. */
  private final CallsUnderWay calls;

  /** Which step of the run each of those is. */
  private final int[] steps;

  private final RunWatchers watchers = new RunWatchers();
  private int begun;

  private final Pacing pacing = new Pacing(new OwnSteps());

  /** How often anybody did anything. */
  private int done;

  private final Manner[] manners;
  private final DomainSetup[] setups;

  private Run(Setting setting, Stage stage, Knowledge knowledge) {
    this.setting = setting;
    this.stage = stage;
    this.knowledge = knowledge;
    calls = new CallsUnderWay(stage);
    steps = new int[calls.actors()];
    manners = new Manner[calls.actors()];
    setups = new DomainSetup[calls.actors()];
    for (int i = 0; i < manners.length; i++) {
      manners[i] = setting.manner(i);
      setups[i] = setting.domain(stage.domid(i));
    }
  }

  /** A run in which nothing has been done. */
  public static Run of(Setting setting) {
    try {
      return new Run(setting, Stage.of(setting.scenario()), new Knowledge());
    } catch (UnplayableScenarioException e) {
      throw new IllegalArgumentException("no machine can be built for this setting: " + e.getMessage(), e);
    }
  }

  /**
   * An independent run that goes on from here, for use in the same thread. Nobody watches it.
   *
   * @throws IllegalStateException while a call is under way
   */
  public Run copy() {
    if (calls.isAny()) {
      throw new IllegalStateException("a call is under way");
    }
    Run copy = new Run(setting, stage.copy(), new Knowledge(knowledge));
    copy.begun = begun;
    return copy;
  }

  /** Somebody more is told what happens from now on. */
  public void watch(RunWatcher watcher) {
    watchers.add(watcher);
  }

  /** How the actor's guest behaves. */
  Manner manner(int actor) {
    return manners[actor];
  }

  /** The setup of the actor's domain. */
  DomainSetup setup(int actor) {
    return setups[actor];
  }

  public Stage stage() {
    return stage;
  }

  public Setting setting() {
    return setting;
  }

  public Knowledge knowledge() {
    return knowledge;
  }

  /** Makes a move. An actor that has something under way goes on with it instead. */
  public void play(Move move) {
    play(move.actor(), move.verb(), move.dice());
  }

  /** Makes a move that is drawn as it is made. False when nothing was done: it made no sense. */
  boolean play(int who, Verb verb, Dice dice) {
    int before = done;
    make(Math.floorMod(who, calls.actors() + 1), verb, dice);
    if (done != before) {
      watchers.played();
    }
    return done != before;
  }

  private void make(int actor, Verb verb, Dice dice) {
    boolean outside = actor == calls.actors();
    int pace = pace(dice);
    if (outside && verb.isOutside()) {
      turn.begin(actor, null, pace, dice);
      verb.play(turn);
    } else if (!outside && stage.isBusy(actor)) {
      goOn(actor, pace);
    } else if (!outside && verb.suits(manners[actor])) {
      Vcpu vcpu = stage.idle(actor);
      if (vcpu != null) {
        turn.begin(actor, vcpu.domain(), pace, dice);
        verb.play(turn);
      }
    }
  }

  /** Draws three numbers in any case, so that smaller ones let a call go to its end and leave those of the verb where they are. */
  private int pace(Dice dice) {
    boolean stops = dice.oneIn(3);
    int most = 1 + dice.below(MOST_STEPS);
    int steps = 1 + dice.below(most);
    return stops && setting.interleaves() ? steps : TO_THE_END;
  }

  void begin(int actor, Call call, int pace) {
    calls.begins(actor, call);
    steps[actor] = begun++;
    done++;
    watchers.begins(actor, call, pace);
    stage.begin(actor, call.operation(), call.numbers(), call.elements(), call.items(), call.isBatch(), call.passed(), call.pointer());
    advance(actor, pace);
  }

  /** As {@link #goOn}, where the actor has stopped within a call. */
  void letGoOn(int actor, int count) {
    if (calls.of(actor) != null && pacing.isStopped(actor)) {
      goOn(actor, count);
    }
  }

  /** Somebody who has stopped within a call that marks an entry of that domain's; null if nobody has. */
  CallsUnderWay.@Nullable Marking marking(int granter) {
    return calls.marking(granter, pacing);
  }

  /** What the actors have begun and not ended. */
  CallsUnderWay calls() {
    return calls;
  }

  private void goOn(int actor, int pace) {
    if (stage.vcpu(actor) != null) {
      done++;
      watchers.goesOn(actor, pace);
      advance(actor, pace);
    }
  }

  private void advance(int actor, int pace) {
    pacing.advance(actor, pace);
    if (calls.of(actor) != null && pace == TO_THE_END) {
      Vcpu vcpu = stage.vcpu(actor);
      boolean stuck = vcpu != null && vcpu.isStuck();
      watchers.waits(actor, stuck);
    }
    pacing.settle();
  }

  /** The steps of the actors. */
  private final class OwnSteps implements Pacing.Actors {
    @Override
    public int count() {
      return calls.actors();
    }

    @Override
    public boolean isUnderWay(int actor) {
      return calls.of(actor) != null;
    }

    @Override
    public boolean canGoOn(int actor) {
      return stage.canGoOn(actor);
    }

    @Override
    public void take(int actor, int steps) {
      Run.this.take(actor, steps);
    }
  }

  private void take(int actor, int pace) {
    Call call = calls.of(actor);
    Progress progress = stage.goOn(actor, pace);
    if (call != null && progress != Progress.UNDER_WAY) {
      calls.ended(actor);
      watchers.ended(actor, call, progress);
      if (progress == Progress.DONE) {
        Lessons.learn(this, actor, steps[actor], call);
      }
    }
  }

  /** Everything that is under way goes on to its end, as far as it can. */
  public void finish() {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int actor = 0; actor < calls.actors(); actor++) {
        if (calls.of(actor) != null) {
          goOn(actor, TO_THE_END);
          moved |= calls.of(actor) == null;
        }
      }
    }
    watchers.finished();
  }

  void outside(Operation operation, long... numbers) {
    begun++;
    done++;
    forgetTheDead();
    watchers.outside(operation, numbers);
    stage.perform(operation, numbers);
    pacing.settle();
    forgetTheDead();
  }

  private void forgetTheDead() {
    knowledge.keep(domid -> stage.machine().world().domain(domid) != null);
  }

  /** Whether end_access of the domain's driver says by that value that the grant has ended. A driver of somebody else's does not differ in this. */
  public boolean saysReleased(int domid, long returned) {
    Domain domain = stage.machine().world().domain(domid);
    boolean isOther = domain != null && OtherDriver.of(domain) != null;
    return returned == (!isOther && setting.has(domid, DriverDifference.RELEASE_IS_1) ? 1 : 0);
  }

  /** A result of the actor's last call. */
  public long result(int actor, int column) {
    return stage.result(actor, column);
  }

}
