package org.xenarium.scenarios.vocabulary;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.domain.Vcpu;
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

  /** Somebody who is about to mark an entry. */
  record Marking(int actor, int ref) {}

  private final Setting setting;
  private final Stage stage;
  private final Knowledge knowledge;
  private final Turn turn = new Turn(this);

  /** What each actor has begun and not ended. */
  private final @Nullable Call[] calls;

  /** Which step of the run each of those is. */
  private final int[] steps;

  private final RunWatchers watchers = new RunWatchers();
  private int begun;

  private final Pacing pacing = new Pacing(new CallsUnderWay());

  /** How often anybody did anything. */
  private int done;

  private final Manner[] manners;
  private final DomainSetup[] setups;

  private Run(Setting setting, Stage stage, Knowledge knowledge) {
    this.setting = setting;
    this.stage = stage;
    this.knowledge = knowledge;
    calls = new Call[stage.actors().size()];
    steps = new int[calls.length];
    manners = new Manner[calls.length];
    setups = new DomainSetup[calls.length];
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
    if (Arrays.stream(calls).anyMatch(Objects::nonNull)) {
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
    make(Math.floorMod(who, calls.length + 1), verb, dice);
    if (done != before) {
      watchers.played();
    }
    return done != before;
  }

  private void make(int actor, Verb verb, Dice dice) {
    boolean outside = actor == calls.length;
    int pace = pace(dice);
    if (outside && verb.isOutside()) {
      turn.begin(actor, pace, dice);
      verb.play(turn);
    } else if (!outside && stage.isBusy(actor)) {
      goOn(actor, pace);
    } else if (!outside && verb.suits(manners[actor]) && stage.isIdle(actor)) {
      turn.begin(actor, pace, dice);
      verb.play(turn);
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
    calls[actor] = call;
    steps[actor] = begun++;
    done++;
    watchers.begins(actor, call, pace);
    stage.begin(actor, call.operation(), call.numbers(), call.elements(), call.items(), call.isBatch(), call.passed(), call.pointer());
    advance(actor, pace);
  }

  /** As {@link #goOn}, where the actor has stopped within a call. */
  void letGoOn(int actor, int count) {
    if (calls[actor] != null && pacing.isStopped(actor)) {
      goOn(actor, count);
    }
  }

  /** Somebody who has stopped within a call that marks an entry of that domain's; null if nobody has. */
  @Nullable Marking marking(int granter) {
    for (int actor = 0; actor < calls.length; actor++) {
      Call call = calls[actor];
      for (int element = 0; call != null && pacing.isStopped(actor) && element < call.elements(); element++) {
        long ref = marked(call, element, granter);
        if (ref >= 0) {
          return new Marking(actor, (int) ref);
        }
      }
    }
    return null;
  }

  private static long marked(Call call, int element, int granter) {
    return switch (call.operation()) {
      case MAP, MAP_REFS -> call.get(element, 0) == granter ? call.get(element, 1) : -1;
      case COPY -> call.get(element, 1) == granter ? call.get(element, 0) : call.get(element, 4) == granter ? call.get(element, 3) : -1;
      default -> -1;
    };
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
    if (calls[actor] != null && pace == TO_THE_END) {
      Vcpu vcpu = stage.vcpu(actor);
      boolean stuck = vcpu != null && vcpu.isStuck();
      watchers.waits(actor, stuck);
    }
    pacing.settle();
  }

  /** What the actors have begun. */
  private final class CallsUnderWay implements Pacing.Actors {
    @Override
    public int count() {
      return calls.length;
    }

    @Override
    public boolean isUnderWay(int actor) {
      return calls[actor] != null;
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
    Call call = calls[actor];
    Progress progress = stage.goOn(actor, pace);
    if (call != null && progress != Progress.UNDER_WAY) {
      calls[actor] = null;
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
      for (int actor = 0; actor < calls.length; actor++) {
        if (calls[actor] != null) {
          goOn(actor, TO_THE_END);
          moved |= calls[actor] == null;
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

  /** A result of the actor's last call. */
  public long result(int actor, int column) {
    return stage.result(actor, column);
  }

  boolean isInFlight(int domid, Operation operation, int field, long value) {
    for (int actor = 0; actor < calls.length; actor++) {
      Call call = calls[actor];
      if (call != null && call.operation() == operation && stage.domid(actor) == domid) {
        for (int element = 0; element < call.elements(); element++) {
          if (call.get(element, field) == value) {
            return true;
          }
        }
      }
    }
    return false;
  }

  boolean isInFlight(int domid, Operation operation) {
    for (int actor = 0; actor < calls.length; actor++) {
      Call call = calls[actor];
      if (call != null && call.operation() == operation && stage.domid(actor) == domid) {
        return true;
      }
    }
    return false;
  }

  /** Is a call of that domain about to map something at that frame, or about to unmap what is there? */
  boolean isBeingMapped(int domid, long gfn) {
    for (int actor = 0; actor < calls.length; actor++) {
      Call call = calls[actor];
      int address = call == null || stage.domid(actor) != domid ? -1 : addressField(call.operation());
      if (call != null && stage.domid(actor) == domid && fills(call, gfn)) {
        return true;
      }
      for (int element = 0; call != null && address >= 0 && element < call.elements(); element++) {
        if (call.get(element, address) >>> MachineMemory.PAGE_SHIFT == gfn) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean fills(Call call, long gfn) {
    return switch (call.operation()) {
      case ADD_TO_PHYSMAP_BATCH, ACQUIRE_RESOURCE -> Arrays.stream(call.items()).anyMatch(item -> item == gfn);
      case MAPMANY -> gfn >= call.get(0, 3) >>> MachineMemory.PAGE_SHIFT && gfn < (call.get(0, 3) >>> MachineMemory.PAGE_SHIFT) + call.get(0, 4);
      default -> false;
    };
  }

  private static int addressField(Operation operation) {
    return switch (operation) {
      case MAP, MAP_REFS -> 3;
      case UNMAP, UNMAP_REFS -> 0;
      default -> -1;
    };
  }
}
