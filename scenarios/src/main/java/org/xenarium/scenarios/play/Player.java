package org.xenarium.scenarios.play;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Alarm;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.scenarios.recording.ArmWriter;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Step;
import org.xenarium.scenarios.script.Value;

/** Plays one scenario to its end: a sequence step by step, programs in the order of time. */
public final class Player {
  private final Plan plan;
  private final MachineBuilder builder;
  private final Machine machine;
  private final Notes notes;
  private final Decisions decisions;
  private final Judge judge;
  private final StepText text;
  private final Guard guard;
  private final SequenceByHand hand;
  private final Watcher watcher;
  private long ended;
  private @Nullable Failure failure;

  private Player(Scenario scenario, Watcher watcher, Trace decided) throws UnplayableScenarioException {
    plan = new Plan(scenario);
    builder = new MachineBuilder(scenario, plan);
    machine = builder.build();
    notes = Notes.of(machine.world());
    decisions = new Decisions(machine, this::marked, decided);
    judge = new Judge(plan, machine, decisions);
    text = new StepText(plan, machine);
    this.watcher = watcher;
    machine.world().watch(decisions);
    hand = new SequenceByHand(plan, machine);
    guard = new Guard(plan, machine, breach -> note(judge.breach(notes.turn(), breach)));
  }

  /** Plays a scenario. Everything that is expected is looked at; the first difference is what the outcome tells. */
  public static Outcome play(Scenario scenario, Watcher watcher) throws UnplayableScenarioException {
    return new Player(scenario, watcher, Trace.NONE).play();
  }

  /** As {@link #play(Scenario, Watcher)}, and {@code decided} is told of every rule that decides. */
  public static Outcome play(Scenario scenario, Trace decided) throws UnplayableScenarioException {
    return new Player(scenario, Watcher.NONE, decided).play();
  }

  /** As {@link #play(Scenario, Watcher)}, and {@code prepare} is given the machine before the first step, to watch its invariants, say. */
  public static Outcome play(Scenario scenario, Consumer<Machine> prepare) throws UnplayableScenarioException {
    Player player = new Player(scenario, Watcher.NONE, Trace.NONE);
    prepare.accept(player.machine);
    return player.play();
  }

  /**
   * As {@link #play}, and writes down what the guests do.
   *
   * @throws UnplayableScenarioException also when something happens that a recording cannot say
   */
  public static Outcome record(Scenario scenario, ArmWriter out) throws UnplayableScenarioException {
    Player player = new Player(scenario, Watcher.NONE, Trace.NONE);
    Recorder recorder = new Recorder(player.plan, player.machine, player.decisions, out);
    player.machine.world().watch(recorder);
    Outcome outcome = player.play();
    if (recorder.problem() != null) {
      throw new UnplayableScenarioException("a recording cannot say this: " + recorder.problem());
    }
    return outcome;
  }

  /** The machine of a scenario before anything is done, its programs ready to run. */
  public static Machine machine(Scenario scenario) throws UnplayableScenarioException {
    return new MachineBuilder(scenario, new Plan(scenario)).build();
  }

  private Outcome play() throws UnplayableScenarioException {
    if (plan.scenario().sequence()) {
      playSequence();
    } else {
      playPrograms();
    }
    if (failure == null) {
      guard.end();
    }
    note(failure == null ? judge.end() : null);
    return new Outcome(machine, ended, machine.now(), Optional.ofNullable(failure));
  }

  private void note(@Nullable Failure found) {
    if (failure == null) {
      failure = found;
    }
  }

  private void playSequence() throws UnplayableScenarioException {
    List<Step> steps = plan.scenario().steps();
    if (SequenceByHand.isNeeded(steps)) {
      playByHand(steps);
      return;
    }
    for (int i = 0; i < steps.size() && failure == null; i++) {
      notes.setTurn(i);
      if (steps.get(i).operation().hasActor()) {
        machine.run();
        waitFor(i);
      } else {
        byToolstack(i);
        machine.run();
      }
    }
  }

  private void playByHand(List<Step> steps) throws UnplayableScenarioException {
    machine.world().setAlarm(Alarm.AT_ONCE);
    for (int i = 0; i < steps.size() && failure == null; i++) {
      notes.setTurn(i);
      if (steps.get(i).operation() == Operation.GO_ON) {
        Inputs inputs = Inputs.of(plan, i, notes);
        notes.setProgress(i, Progress.DONE);
        boolean anybody = hand.goOn((int) inputs.get(0), (int) inputs.get(1), (int) inputs.get(2));
        note(anybody ? null : judge.nobodyGoesOn(i));
      } else if (steps.get(i).operation().hasActor()) {
        hand.begin(i);
      } else {
        byToolstack(i);
      }
      hand.settle();
      if (steps.get(i).operation().hasActor() && !hand.isStopped(i)) {
        waitFor(i);
      }
    }
  }

  /** The machine is quiet: either the step has ended, or it waits. */
  private void waitFor(int index) {
    if (!notes.hasEnded(index)) {
      watcher.waits(machine.now(), index, plan.step(index), text.step(index));
      note(judge.waiting(index));
    }
  }

  private void playPrograms() throws UnplayableScenarioException {
    for (Scenario.Program program : plan.scenario().programs()) {
      if (program.actor().isEmpty()) {
        for (int step : program.steps()) {
          byToolstack(step);
        }
      }
    }
    machine.run();
    for (int i = 0; i < plan.scenario().steps().size(); i++) {
      if (notes.progress(i) == Progress.UNDER_WAY) {
        watcher.waits(machine.now(), i, plan.step(i), text.step(i));
      }
    }
  }

  /** The machine goes on until the time of the step, and then something is done to it from outside. */
  private void byToolstack(int index) throws UnplayableScenarioException {
    Step step = plan.step(index);
    long time = Math.max(step.at().orElse(0), machine.now() + step.after().orElse(0));
    if (time > machine.now()) {
      machine.run(time);
    }
    notes.setProgress(index, Progress.UNDER_WAY);
    notes.set(index, Column.BEGAN, machine.now());
    marked(new Mark(index, true));
    decisions.attribute(index);
    if (step.operation() == Operation.CREATE && step.elements().get(0).get(0) instanceof Value.DomainId domain) {
      if (builder.createLater(machine, plan.scenario().domain(domain.domain()))) {
        hand.created(domain.domain());
      }
    } else {
      Toolstack.perform(machine, step.operation(), Inputs.of(plan, index, notes), !plan.scenario().sequence());
    }
    decisions.attribute(Decisions.TO_ACTORS);
    notes.set(index, Column.ENDED, machine.now());
    notes.setProgress(index, Progress.DONE);
    marked(new Mark(index, false));
  }

  private void marked(Mark mark) {
    guard.marked(mark);
    Step step = plan.step(mark.step());
    if (mark.begins()) {
      watcher.begins(machine.now(), mark.step(), step);
      return;
    }
    ended++;
    watcher.ends(machine.now(), mark.step(), step, text.step(mark.step()), text.results(mark.step()),
        decisions.of(mark.step()).stream().map(Decisions.Decision::rule).toList());
    note(judge.step(mark.step()));
  }
}
