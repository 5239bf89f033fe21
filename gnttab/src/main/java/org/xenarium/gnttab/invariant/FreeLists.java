package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I21;
import static org.xenarium.gnttab.invariant.Invariant.I22;
import static org.xenarium.gnttab.invariant.Invariant.I26;

import org.xenarium.emulator.domain.Life;
import org.xenarium.gnttab.table.Maptrack;

/**
 * I26: what a step may do to the free lists of a domain. A list gives up its first entry, or gets one at its end; a new frame of handles goes
 * to the front of one; a vCPU without a list begins one with a single entry of another's.
 */
final class FreeLists {
  private final Scene scene;
  private final Report report;

  FreeLists(Scene scene) {
    this.scene = scene;
    report = scene.report();
  }

  /** Compares the lists with those before the step, and counts what is free. Called before the copy of the maptrack follows. */
  void follow(DomainView view) {
    if (view.domain.life() != Life.ALIVE || scene.step().by == Step.By.OUTSIDE) {
      recount(view);
      return;
    }
    Maptrack maptrack = view.table.maptrack();
    int sentinels = 0;
    for (int i = 0; i < view.heads.length; i++) {
      boolean begins = view.tails[i] == Maptrack.NONE && maptrack.tail(i) != Maptrack.NONE;
      sentinels += begins && maptrack.head(i) == maptrack.tail(i) ? 1 : 0;
    }
    boolean right = true;
    for (int i = 0; i < view.heads.length; i++) {
      right &= follow(view, maptrack, i, 1 + sentinels);
    }
    if (right) {
      remember(view);
    } else {
      recount(view);
    }
  }

  private static void remember(DomainView view) {
    for (int i = 0; i < view.heads.length; i++) {
      view.heads[i] = view.table.maptrack().head(i);
      view.tails[i] = view.table.maptrack().tail(i);
    }
  }

  private boolean follow(DomainView view, Maptrack maptrack, int vcpu, int mostTaken) {
    int head = maptrack.head(vcpu);
    int tail = maptrack.tail(vcpu);
    int oldHead = view.heads[vcpu];
    int oldTail = view.tails[vcpu];
    if (head == oldHead && tail == oldTail) {
      return true;
    }
    report.tests(I26);
    if (maptrack.limit() > view.limit && head == view.limit + 1) {
      return grown(view, maptrack, vcpu);
    }
    if (oldTail == Maptrack.NONE && head == tail) {
      view.free++;
      return maptrack.next(head) == Maptrack.NONE || wrong(view, vcpu);
    }
    if (head == oldHead && maptrack.next(oldTail) == tail && maptrack.next(tail) == Maptrack.NONE) {
      view.free++;
      return true;
    }
    int at = oldHead;
    for (int taken = 1; taken <= mostTaken && tail == oldTail; taken++) {
      at = at == Maptrack.NONE ? at : (int) view.maptrack.getLong((long) at << 3);
      if (at == head && head != Maptrack.NONE) {
        view.free -= taken;
        return true;
      }
    }
    return wrong(view, vcpu);
  }

  /** A new frame: its first handle is taken, the others come in ascending order before what was there. */
  private boolean grown(DomainView view, Maptrack maptrack, int vcpu) {
    int last = view.limit + Maptrack.PER_FRAME - 1;
    for (int handle = view.limit + 1; handle < last; handle++) {
      if (maptrack.next(handle) != handle + 1) {
        return wrong(view, vcpu);
      }
    }
    boolean joined = maptrack.next(last) == view.heads[vcpu];
    boolean ends = maptrack.tail(vcpu) == (view.tails[vcpu] == Maptrack.NONE ? last : view.tails[vcpu]);
    view.free += Maptrack.PER_FRAME - 1;
    return joined && ends || wrong(view, vcpu);
  }

  private boolean wrong(DomainView view, int vcpu) {
    Maptrack maptrack = view.table.maptrack();
    report.violated(
        I26,
        Place.domain(view.id()),
        "the free list of vCPU %d went from %d to %d and goes from %d to %d now",
        vcpu,
        view.heads[vcpu],
        view.tails[vcpu],
        maptrack.head(vcpu),
        maptrack.tail(vcpu));
    return false;
  }

  /** Walks all lists: every handle is on one at most (I22), and none is live (I21). */
  void walk(DomainView view) {
    Maptrack maptrack = view.table.maptrack();
    if (view.domain.life() != Life.ALIVE) {
      return;
    }
    boolean[] seen = new boolean[maptrack.limit()];
    for (int vcpu = 0; vcpu < view.heads.length; vcpu++) {
      int last = Maptrack.NONE;
      for (int handle = maptrack.head(vcpu); handle != Maptrack.NONE; handle = maptrack.next(handle)) {
        if (Integer.compareUnsigned(handle, maptrack.limit()) >= 0 || seen[handle]) {
          report.violated(I22, Place.handle(view.id(), handle), "the free list of vCPU %d leads to it, out of bounds or twice", vcpu);
          return;
        }
        if (maptrack.flags(handle) != 0) {
          report.violated(I21, Place.handle(view.id(), handle), "it is live and on the free list of vCPU %d", vcpu);
          return;
        }
        seen[handle] = true;
        last = handle;
      }
      if (last != maptrack.tail(vcpu)) {
        report.violated(I22, Place.handle(view.id(), last), "the free list of vCPU %d ends there and its tail is %d", vcpu, maptrack.tail(vcpu));
      }
    }
  }

  /** Takes the lists as they are, and counts what is on them. */
  static void recount(DomainView view) {
    Maptrack maptrack = view.table.maptrack();
    view.free = 0;
    for (int vcpu = 0; vcpu < view.heads.length; vcpu++) {
      int handle = maptrack.head(vcpu);
      while (handle != Maptrack.NONE && view.free <= maptrack.limit()) {
        view.free++;
        handle = maptrack.next(handle);
      }
    }
    remember(view);
  }
}
