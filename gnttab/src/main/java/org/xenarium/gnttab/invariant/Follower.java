package org.xenarium.gnttab.invariant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;

/** Keeps the knowledge of a watch up to date with the machine, step by step; checkers of transitions see every change on the way. */
final class Follower {
  private final State state;
  private final Step step;
  private final Checkers checkers;
  private final Changes changes;
  private final JournalReader reader;
  private boolean recording;

  Follower(Scene scene, Checkers checkers) {
    state = scene.state();
    step = scene.step();
    this.checkers = checkers;
    changes = new Changes(scene, checkers);
    reader = new JournalReader(scene, checkers, changes);
  }

  /** Begins or ends to be told of what is written. */
  void record(boolean on) {
    recording = on;
    reader.record(on);
  }

  /** Follows what was done from outside since the last step; false if nothing was. */
  boolean outside() {
    boolean comeOrGone = state.isOutdated();
    boolean outdated = comeOrGone || !reader.isEmpty();
    if (outdated) {
      step.begin(Step.By.OUTSIDE, null, null);
      state.findCalls();
      if (comeOrGone) {
        appear();
      }
      follow();
    }
    return outdated;
  }

  /**
   * True when the step at hand has written nothing and has changed no number of its domain that is in no journal. Such a number of another
   * domain is looked at after the next step that writes.
   *
   * @param call the grant call that its vCPU is in now
   */
  boolean isSilent(DomainView actor, @Nullable GrantCall call) {
    int handle = call == null ? Maptrack.NONE : call.handleInHand();
    return reader.isEmpty() && handle == step.handleInHand && !state.isOutdated() && actor.isUnchanged();
  }

  /** What the step at hand has done: brings the knowledge up to date with the journal and the domain list. */
  void follow() {
    for (int i = 0; i < state.count(); i++) {
      lives(state.view(i));
    }
    reader.read();
    if (step.retired >= 0 && step.actor != null) {
      checkers.discipline.retired(step.actor, step.retired);
      checkers.physmaps.retired(step.actor);
    }
    changes.physmapsAgain();
    checkers.counters.stepEnds();
    for (int i = 0; i < state.count(); i++) {
      measure(state.view(i));
    }
    if (state.isOutdated()) {
      disappear();
      // Whoever has come within the step is learned before the next one.
      if (state.count() == state.machine.world().domains().size()) {
        state.isUpToDate();
      }
    }
  }

  private void lives(DomainView view) {
    Life life = view.domain.life();
    if (life != view.life) {
      GuestDiscipline.leaveOut(state, view);
      view.life = life;
    }
  }

  /** Numbers of a domain that are in no journal. */
  private void measure(DomainView view) {
    checkers.physmaps.highest(view);
    if (view.domain.totPages() != view.totPages) {
      if (view.domain.totPages() > view.totPages) {
        checkers.pages.grown(view);
      }
      view.totPages = view.domain.totPages();
      step.framesChanged = true;
    }
    if (view == step.actor) {
      checkers.tables.stepEnds(view, checkers.discipline);
    }
    if (view.isResized()) {
      resized(view);
    }
  }

  private void resized(DomainView view) {
    GrantTable table = view.table;
    boolean known = view.version != 0;
    if (known && table.version() == view.version && table.frameCount() > view.frames.length && step.by != Step.By.OUTSIDE) {
      checkers.tables.grown(view);
    }
    checkers.tables.everyStep(view);
    view.shared.take(view.domain, table, table.version() == view.version ? Math.min(view.frames.length, table.frameCount()) : 0);
    view.version = table.version();
    view.frames = new long[table.frameCount()];
    Arrays.setAll(view.frames, table::frame);
    view.statusFrames = new long[table.statusFrameCount()];
    Arrays.setAll(view.statusFrames, table::statusFrame);
  }

  // Domains that come and go.

  /** Views of domains that are new, with all that they have and are as if it had come from outside just now. */
  private void appear() {
    List<DomainView> fresh = new ArrayList<>();
    boolean isFirstLook = state.count() == 0;
    for (Domain domain : state.machine.world().domains()) {
      DomainView old = state.find(domain.id());
      if (old == null || old.domain != domain) {
        if (old != null) {
          checkers.life.disappeared(old);
          state.drop(old);
        }
        DomainView view = new DomainView(domain, state.freeSlot());
        state.add(view);
        fresh.add(view);
      }
    }
    Step.By by = step.by;
    step.by = Step.By.OUTSIDE;
    new Survey(state, changes).learn(fresh);
    for (DomainView view : fresh) {
      resized(view);
      if (!isFirstLook) {
        checkers.life.appeared(view);
      }
      if (recording) {
        reader.record(view, true);
      }
    }
    step.by = by;
  }

  private void disappear() {
    for (int i = state.count() - 1; i >= 0; i--) {
      DomainView view = state.view(i);
      if (!state.machine.world().domains().contains(view.domain)) {
        checkers.life.disappeared(view);
        reader.record(view, false);
        state.drop(view);
      }
    }
  }
}
