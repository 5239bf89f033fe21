package org.xenarium.scenarios.play;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.script.Step;

/**
 * The guest code of one actor: its steps, one after the other. It waits with the next one until its turn has come and everything is known
 * that it needs; a result is written down when the step has ended.
 */
final class Program extends Routine {
  private enum Phase {
    ENTER,
    BEGIN,
    GO_ON
  }

  private final Plan plan;
  private final int[] steps;
  private final int slot;

  /** Which of the steps is next or under way. */
  private int at;

  /** How many times the step was done that is done several times. */
  private int done;

  private Phase next = Phase.ENTER;
  private @Nullable Routine activity;

  Program(Plan plan, int slot, int[] steps) {
    this.plan = plan;
    this.slot = slot;
    this.steps = steps;
  }

  private int index() {
    return steps[at];
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    Routine running = activity;
    if (running != null) {
      return running.isWaiting(vcpu);
    }
    Notes notes = Notes.of(vcpu.world());
    boolean early = plan.scenario().sequence() && notes.turn() < index();
    return early || (next == Phase.ENTER && !Inputs.areKnown(plan.step(index()), notes));
  }

  @Override
  public boolean step(Vcpu vcpu) {
    switch (next) {
      case ENTER -> {
        next = Phase.BEGIN;
        long delay = delay(vcpu, plan.step(index()));
        if (delay > 0) {
          vcpu.sleep(delay);
          return true;
        }
        begin(vcpu);
      }
      case BEGIN -> begin(vcpu);
      case GO_ON -> {}
    }
    Routine running = activity;
    if (running == null || running.step(vcpu) && !vcpu.isHalted()) {
      return true;
    }
    return end(vcpu);
  }

  private static long delay(Vcpu vcpu, Step step) {
    long until = step.at().isPresent() ? step.at().getAsLong() - vcpu.world().now() : 0;
    return Math.max(until, step.after().orElse(0));
  }

  private void begin(Vcpu vcpu) {
    Notes notes = Notes.of(vcpu.world());
    notes.setProgress(index(), Progress.UNDER_WAY);
    notes.set(index(), Column.BEGAN, vcpu.world().now());
    vcpu.world().trace().mark(vcpu.domain().id(), vcpu.id(), vcpu.thread(), new Mark(index(), true));
    activity = Activities.of(plan, index(), slot, notes);
    next = Phase.GO_ON;
  }

  /** The step has ended. False when it was the last one. */
  private boolean end(Vcpu vcpu) {
    Notes notes = Notes.of(vcpu.world());
    notes.set(index(), Column.ENDED, vcpu.world().now());
    if (vcpu.isHalted()) {
      notes.setProgress(index(), Progress.PANICKED);
    } else if (notes.progress(index()) == Progress.UNDER_WAY) {
      notes.setProgress(index(), Progress.DONE);
    }
    vcpu.world().trace().mark(vcpu.domain().id(), vcpu.id(), vcpu.thread(), new Mark(index(), false));
    activity = null;
    next = Phase.BEGIN;
    if (++done >= plan.step(index()).repeat()) {
      next = Phase.ENTER;
      done = 0;
      at++;
    }
    return at < steps.length && !vcpu.isHalted();
  }

  @Override
  public Routine copy() {
    Program copy = (Program) super.copy();
    copy.activity = activity == null ? null : activity.copy();
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(slot).add(at).add(done).add(next).add(activity != null);
    if (activity != null) {
      activity.digest(digest);
    }
  }
}
