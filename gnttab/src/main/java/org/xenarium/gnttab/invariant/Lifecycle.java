package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I30;
import static org.xenarium.gnttab.invariant.Invariant.I65;
import static org.xenarium.gnttab.invariant.Invariant.I66;
import static org.xenarium.gnttab.invariant.Invariant.I67;
import static org.xenarium.gnttab.invariant.Invariant.I69;
import static org.xenarium.gnttab.invariant.Invariant.I70;

import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Life;
import org.xenarium.gnttab.table.Maptrack;

/** I30, I65 to I67, I69 and I70: domains that die and disappear, and calls that wait (spec §11.8). */
final class Lifecycle {
  private final Scene scene;
  private final Report report;
  private final State state;

  Lifecycle(Scene scene) {
    this.scene = scene;
    report = scene.report();
    state = scene.state();
  }

  /** A domain is new in the list: no handle of anybody's may name its id yet (I30). */
  void appeared(DomainView view) {
    for (int i = 0; i < state.count(); i++) {
      DomainView other = state.view(i);
      if (other == view) {
        continue;
      }
      Maptrack maptrack = other.table.maptrack();
      report.tests(I30);
      for (int handle = maptrack.nextLive(0); handle != Maptrack.NONE; handle = maptrack.nextLive(handle + 1)) {
        if (maptrack.domid(handle) == view.id()) {
          report.violated(I30, Place.handle(other.id(), handle), "it names domain %d, and another domain has that id now", view.id());
        }
      }
    }
  }

  /** A domain has left the list. */
  void disappeared(DomainView view) {
    released(view);
    if (view.handlesNamingIt > 0) {
      report.violated(I66, Place.domain(view.id()), "it has left the list and %d live handles name it", view.handlesNamingIt);
    }
    if (pinsOf(view) > 0) {
      report.violated(I69, Place.domain(view.id()), "it has left the list and %d pins are held for it", pinsOf(view));
    }
  }

  /** The release phase of a dying domain is over: it gives up its own frames, or has given them up (I65). */
  void released(DomainView view) {
    report.tests(I65);
    if (view.live > 0 || pinsOf(view) > 0) {
      report.violated(I65, Place.domain(view.id()), "it has released its mappings and has %d live handles and %d pins", view.live, pinsOf(view));
    }
  }

  /** Pins for a domain, without those that a copy of somebody else's holds in its name while it passes through its table (spec §3.5.4). */
  private int pinsOf(DomainView view) {
    return view.pinsForIt == 0 ? 0 : view.pinsForIt - state.pinsInFlightFor(view.id());
  }

  /** I67, at any time. */
  void everyStep(DomainView view) {
    if (view.domain.life() == Life.DEAD) {
      report.tests(I67);
    }
    if (view.domain.life() == Life.DEAD && view.heldFrames == 0) {
      report.violated(I67, Place.domain(view.id()), "it is torn down, nothing refers to it, and it is listed");
    }
  }

  /** I70: of the calls in flight at least one can go on. Dying waits for calls, and calls do not wait for it. */
  void progress() {
    if (state.busyCount() == 1) {
      report.tests(I70);
    }
    // One alone waits for nobody: only calls have locks.
    if (state.busyCount() > 1) {
      progressOfSeveral();
    }
  }

  private void progressOfSeveral() {
    Machine machine = state.machine;
    int waiting = 0;
    for (int i = 0; i < state.busyCount(); i++) {
      if (state.busy(i).runnable()) {
        report.tests(I70);
        if (machine.enabled(state.busy(i))) {
          return;
        }
        waiting++;
      }
    }
    if (waiting > 0) {
      report.violated(I70, Place.MACHINE, "%d calls in flight all wait for each other", waiting);
    }
  }

  /** I70: nothing is mapped and no call is in flight. */
  void quiescent() {
    int live = 0;
    int pins = 0;
    for (int i = 0; i < state.count(); i++) {
      live += state.view(i).live;
      pins += state.view(i).pinsForIt;
    }
    if (live == 0 && pins > 0) {
      report.violated(I70, Place.MACHINE, "nothing is mapped any more and %d pins have stayed", pins);
    }
  }
}
