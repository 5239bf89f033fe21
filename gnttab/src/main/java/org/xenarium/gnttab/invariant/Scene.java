package org.xenarium.gnttab.invariant;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;

/**
 * What every checker works with: the knowledge, the step at hand, where to report, and what has been touched.
 *
 * @param state what is known
 * @param step the step at hand
 * @param report where to report
 * @param touched what the step has touched
 */
record Scene(State state, Step step, Report report, Touched touched) {
  /** The listed domain with that id, or null. */
  @Nullable Domain listed(int domid) {
    return state.machine.world().domain(domid);
  }

  boolean isAlive(int domid) {
    Domain domain = listed(domid);
    return domain != null && domain.life() == Life.ALIVE;
  }

  void touchEntry(DomainView view, int ref) {
    touched.add(Touched.ENTRY, view.slot, ref & 0xffff_ffffL);
  }

  void touchEntry(int domid, int ref) {
    DomainView view = state.find(domid);
    if (view != null) {
      touchEntry(view, ref);
    }
  }

  void touchHandle(DomainView view, int handle) {
    touched.add(Touched.HANDLE, view.slot, handle & 0xffff_ffffL);
  }

  void touchGfn(DomainView view, long gfn) {
    touched.add(Touched.GFN, view.slot, gfn);
  }

  void touchFrame(long mfn) {
    if (state.memory.isValid(mfn)) {
      touched.add(Touched.FRAME, 0, mfn);
    }
  }

  /** A number that belongs to these three alone, as good as always: sums of changes times such numbers are 0 when all changes cancel out. */
  static long weight(int slot, long id, int kind) {
    long z = (id * 64 + slot * 4L + kind + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31) | 1;
  }
}
