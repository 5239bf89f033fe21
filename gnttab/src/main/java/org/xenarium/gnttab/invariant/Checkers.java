package org.xenarium.gnttab.invariant;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.SharedEntries;

/** All checkers, and which of them look at what. */
final class Checkers {
  private final State state;
  final Counters counters;
  final FlagsWord flags;
  final Handles handles;
  final FreeLists lists;
  final PhysmapInvariants physmaps;
  final Pages pages;
  final Contents contents;
  final TableInvariants tables;
  final Calls calls;
  final Lifecycle life;
  final GuestDiscipline discipline;

  Checkers(Scene scene) {
    state = scene.state();
    counters = new Counters(scene);
    flags = new FlagsWord(scene);
    handles = new Handles(scene);
    lists = new FreeLists(scene);
    physmaps = new PhysmapInvariants(scene);
    pages = new Pages(scene);
    tables = new TableInvariants(scene);
    calls = new Calls(scene);
    life = new Lifecycle(scene);
    discipline = new GuestDiscipline(scene, flags);
    contents = new Contents(scene, physmaps, new SharedWrites(scene, flags, tables, discipline), discipline);
  }

  /** Looks at what was touched, for what holds after every step. */
  void everyStep(Touched touched) {
    for (int i = 0; i < touched.count(); i++) {
      DomainView view = touched.kind(i) == Touched.FRAME ? null : state.inSlot(touched.slot(i));
      everyStep(touched.kind(i), view, touched.id(i));
    }
  }

  private void everyStep(int kind, @Nullable DomainView view, long id) {
    if (kind == Touched.FRAME) {
      pages.everyStep(id);
      physmaps.frame(id);
    } else if (view != null) {
      switch (kind) {
        case Touched.ENTRY -> entry(view, (int) id);
        case Touched.HANDLE -> {
          handles.everyStep(view, (int) id);
          if (view.table.maptrack().isLive((int) id)) {
            counters.handle(view, (int) id);
          }
        }
        default -> physmaps.everyStep(view, id);
      }
    }
  }

  private void entry(DomainView view, int ref) {
    counters.everyStep(view, ref);
    flags.everyStep(view, ref);
  }

  /** Looks at what was touched since the last time, for what holds between calls. */
  void quiescent(Touched touched) {
    for (int i = 0; i < touched.count(); i++) {
      DomainView view = touched.kind(i) == Touched.FRAME ? null : state.inSlot(touched.slot(i));
      quiescent(touched.kind(i), view, touched.id(i));
    }
  }

  private void quiescent(int kind, @Nullable DomainView view, long id) {
    if (kind == Touched.FRAME) {
      pages.quiescent(id);
      counters.quiescentFrame(id);
    } else if (view != null) {
      switch (kind) {
        case Touched.ENTRY -> {
          counters.quiescent(view, (int) id);
          flags.quiescent(view, (int) id);
        }
        case Touched.HANDLE -> physmaps.quiescent(view, (int) id);
        default -> physmaps.quiescentGfn(view, id);
      }
    }
  }

  /** What holds of every domain between calls, and of all together. */
  void quiescentDomains() {
    for (int i = 0; i < state.count(); i++) {
      handles.quiescent(state.view(i));
      physmaps.quiescent(state.view(i));
    }
    life.quiescent();
  }

  /** What holds of every domain at any time. */
  void everyDomain() {
    for (int i = 0; i < state.count(); i++) {
      everyDomain(state.view(i));
    }
    pages.conserved();
    life.progress();
  }

  /** What holds of a domain at any time, where a step can have changed something of it: frames and tables are looked at as they change. */
  void changed(DomainView view, @Nullable DomainView actor) {
    if (view == actor || view.handlesChanged || view.isMaptrackChanged()) {
      handles.everyStep(view);
      view.limit = view.table.maptrack().limit();
      view.handlesChanged = false;
    }
    if (view.life != Life.ALIVE) {
      life.everyStep(view);
    }
  }

  /** What holds of a domain at any time. */
  void everyDomain(DomainView view) {
    pages.everyStep(view);
    tables.everyStep(view);
    handles.everyStep(view);
    if (view.life != Life.ALIVE) {
      life.everyStep(view);
    }
  }

  /** Looks at everything that there is. */
  void everything(boolean quiescent) {
    everyDomain();
    for (int i = 0; i < state.count(); i++) {
      everything(state.view(i), quiescent);
    }
    MachineMemory memory = state.memory;
    for (long mfn = memory.nextUsed(memory.firstMfn()); mfn != Mfn.NONE; mfn = memory.nextUsed(mfn + 1)) {
      frame(mfn, quiescent);
    }
    if (quiescent) {
      quiescentDomains();
    }
  }

  private void frame(long mfn, boolean quiescent) {
    everyStep(Touched.FRAME, null, mfn);
    if (quiescent) {
      quiescent(Touched.FRAME, null, mfn);
    }
  }

  private void everything(DomainView view, boolean quiescent) {
    lists.walk(view);
    int entries = view.table.entryCount();
    for (int ref = quiescent ? nextInUse(view, 0) : 0; ref < entries; ref = quiescent ? nextInUse(view, ref + 1) : ref + 1) {
      both(Touched.ENTRY, view, ref, quiescent);
    }
    Maptrack maptrack = view.table.maptrack();
    for (int handle = maptrack.nextLive(0); handle != Maptrack.NONE; handle = maptrack.nextLive(handle + 1)) {
      both(Touched.HANDLE, view, handle, quiescent);
    }
    Physmap physmap = view.domain.physmap();
    for (long gfn = physmap.next(0); gfn >= 0; gfn = physmap.next(gfn + 1)) {
      both(Touched.GFN, view, gfn, quiescent);
      long mfn = Physmap.mfn(physmap.entry(gfn));
      if (state.memory.owner(mfn) < 0 && state.memory.isValid(mfn)) {
        frame(mfn, quiescent);
      }
    }
  }

  /** The first entry at or after {@code ref} that is pinned or mapped or says so, or one beyond all: between calls all holds of the others. */
  private static int nextInUse(DomainView view, int ref) {
    int marked = SharedEntries.nextWithStatus(view.domain, view.table, ref, FlagsWord.STATUS_BITS);
    long known = view.table.active().nextUsed(ref);
    int first = known < 0 ? marked : (int) Math.min(marked, known);
    int mapped = view.nextMapped(ref);
    return mapped < 0 ? first : Math.min(first, mapped);
  }

  private void both(int kind, DomainView view, long id, boolean quiescent) {
    everyStep(kind, view, id);
    if (quiescent) {
      quiescent(kind, view, id);
    }
  }
}
