package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I57;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.Journal;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.Maptrack;

/** Has the stores of a machine keep a journal, and finds out which entries, handles, guest frames and frames the writes in it were to. */
final class JournalReader {
  // Numbers of stores in the journal: content and records of frames, then three for each domain.
  private static final int CONTENT = 0;

  private static final int RECORDS = 1;
  private static final int FIRST_DOMAIN = 2;
  private static final int ACTIVE = 0;
  private static final int MAPTRACK = 1;
  private static final int PHYSMAP = 2;
  private static final int PER_DOMAIN = 3;

  private final Journal journal = new Journal();
  private final Scene scene;
  private final State state;
  private final Checkers checkers;
  private final Changes changes;

  JournalReader(Scene scene, Checkers checkers, Changes changes) {
    this.scene = scene;
    state = scene.state();
    this.checkers = checkers;
    this.changes = changes;
  }

  /** True when nothing was written. */
  boolean isEmpty() {
    return journal.count() == 0;
  }

  /** From now on all writes are noted; or none any more. */
  void record(boolean on) {
    state.memory.record(on ? journal : null, CONTENT, RECORDS);
    for (int i = 0; i < state.count(); i++) {
      record(state.view(i), on);
    }
  }

  /** As {@link #record(boolean)}, for what belongs to one domain. */
  void record(DomainView view, boolean on) {
    int first = FIRST_DOMAIN + view.slot * PER_DOMAIN;
    view.table.record(on ? journal : null, first + ACTIVE, first + MAPTRACK);
    view.domain.physmap().record(on ? journal : null, first + PHYSMAP);
  }

  /** Goes through the journal, which is empty then; who took the step is known to the scene. */
  void read() {
    for (int i = 0; i < journal.count(); i++) {
      int store = journal.store(i) - FIRST_DOMAIN;
      if (store >= 0 && store % PER_DOMAIN == MAPTRACK) {
        DomainView view = view(store);
        if (view != null && view.isMaptrackChanged()) {
          checkers.lists.follow(view);
        }
      }
    }
    if (scene.step().isCall(GnttabOp.SET_VERSION) && hasMoreThanAnswers()) {
      versionWrote();
    }
    for (int i = 0; i < journal.count(); i++) {
      read(i);
    }
    journal.clear();
  }

  /** Was anything written but answers to the caller, and what goes back for domains that are gone? */
  private boolean hasMoreThanAnswers() {
    for (int i = 0; i < journal.count(); i++) {
      boolean answer = journal.store(i) == CONTENT && journal.how(i) == Journal.How.WRITE;
      if (!answer && !goesBack(journal.store(i), journal.start(i))) {
        return true;
      }
    }
    return false;
  }

  /** What Xen kept for a domain until the last call had let go of it goes back at the end of a call, of anybody's. */
  private boolean goesBack(int store, long start) {
    if (store != CONTENT && store != RECORDS) {
      return false;
    }
    long mfn = store == CONTENT ? state.memory.frameAt(start) : state.memory.frameOfRecord(start);
    int owner = FrameCounts.owner(state.frames.record(mfn));
    return owner >= 0 && state.incarnation(owner) == null;
  }

  private @Nullable DomainView view(int domainStore) {
    return state.inSlot(domainStore / PER_DOMAIN);
  }

  private void read(int i) {
    int store = journal.store(i);
    long start = journal.start(i);
    long last = start + journal.length(i) - 1;
    if (store == CONTENT) {
      checkers.contents.wrote(journal.how(i), start, journal.length(i));
    } else if (store == RECORDS) {
      for (long mfn = state.memory.frameOfRecord(start); mfn <= state.memory.frameOfRecord(last); mfn++) {
        changes.frame(mfn);
      }
    } else {
      domainStore(store - FIRST_DOMAIN, start, last);
    }
  }

  private void versionWrote() {
    DomainView actor = scene.step().actor;
    if (actor != null && scene.report().isChosen(I57)) {
      checkers.tables.versionWrote(actor);
    }
  }

  private void domainStore(int store, long start, long last) {
    DomainView view = view(store);
    if (view == null) {
      return;
    }
    switch (store % PER_DOMAIN) {
      case ACTIVE -> {
        for (int ref = ActiveEntries.refOf(start); ref <= ActiveEntries.refOf(last); ref++) {
          changes.entry(view, ref);
        }
      }
      case MAPTRACK -> {
        view.handlesChanged = true;
        for (int handle = Maptrack.handleOf(start); handle <= Maptrack.handleOf(last); handle++) {
          changes.handle(view, handle);
        }
      }
      default -> {
        for (long gfn = Physmap.gfnOf(start); gfn <= Physmap.gfnOf(last); gfn++) {
          changes.gfn(view, gfn);
        }
      }
    }
  }
}
