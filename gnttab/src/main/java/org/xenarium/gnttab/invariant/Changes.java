package org.xenarium.gnttab.invariant;

import java.util.Arrays;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.Maptrack;

/**
 * Brings the knowledge of a watch up to date where something was written, and shows every change to the checkers of transitions: what was,
 * and what is.
 */
final class Changes {
  private final Scene scene;
  private final State state;
  private final Checkers checkers;

  // Guest frames whose entries were written: slot, guest frame, entry before.
  private long[] gfns = new long[3 * 8];
  private int gfnCount;

  Changes(Scene scene, Checkers checkers) {
    this.scene = scene;
    state = scene.state();
    this.checkers = checkers;
  }

  /** An active entry may have changed. */
  void entry(DomainView view, int ref) {
    ActiveEntries active = view.table.active();
    int pin = active.pin(ref);
    long word = pin == 0 ? 0 : pin & 0xffff_ffffL | (long) active.domid(ref) << 32;
    long mfn = pin == 0 ? 0 : active.mfn(ref);
    long oldWord = view.pinWord(ref);
    long oldMfn = view.pinnedFrame(ref);
    scene.touchEntry(view, ref);
    if (word == oldWord && mfn == oldMfn) {
      return;
    }
    int oldPin = (int) oldWord;
    int oldDomid = (int) (oldWord >>> 32);
    count(oldMfn, oldDomid, -Counters.total(oldPin));
    count(mfn, active.domid(ref), Counters.total(pin));
    view.setActive(ref, word, mfn);
    if (scene.step().by != Step.By.OUTSIDE) {
      checkers.counters.changed(view, ref, oldPin, oldDomid, oldMfn);
      if (scene.step().by == Step.By.CALL && Counters.total(pin) > Counters.total(oldPin)) {
        checkers.flags.pinned(view, ref, oldPin);
      }
    }
  }

  private void count(long mfn, int domid, int by) {
    if (by != 0) {
      state.frames.pins(mfn, by);
      scene.touchFrame(mfn);
      DomainView holder = state.find(domid);
      if (holder != null) {
        holder.pinsForIt += by;
      }
    }
  }

  /** A maptrack entry may have changed. */
  void handle(DomainView view, int handle) {
    long now = view.table.maptrack().entry(handle);
    long at = (handle & 0xffff_ffffL) << 3;
    long old = view.maptrack.getLong(at);
    if (now == old) {
      return;
    }
    view.maptrack.setLong(at, now);
    boolean wasLive = Maptrack.flagsOf(old) != 0;
    boolean isLive = Maptrack.flagsOf(now) != 0;
    if (wasLive) {
      long mfn = view.addresses.mfn(handle);
      live(view, old, mfn, -1);
      checkers.handles.retired(view, handle);
      scene.step().retired = handle;
      if (scene.step().by == Step.By.OUTSIDE) {
        view.addresses.forget(handle);
      }
    }
    if (isLive) {
      DomainView granter = state.find(Maptrack.domidOf(now));
      long mfn = granter == null ? 0 : granter.table.active().mfn(Maptrack.refOf(now));
      view.addresses.setMfn(handle, mfn);
      live(view, now, mfn, 1);
      checkers.handles.published(view, handle, Maptrack.domidOf(now));
    }
    if (wasLive || isLive) {
      scene.touchHandle(view, handle);
    }
  }

  private void live(DomainView view, long entry, long mfn, int by) {
    boolean readonly = (Maptrack.flagsOf(entry) & MapFlags.READONLY) != 0;
    view.live += by;
    state.frames.handle(mfn, by);
    scene.touchFrame(mfn);
    if (!readonly) {
      view.writableHandle(mfn, by);
    }
    DomainView granter = state.find(Maptrack.domidOf(entry));
    if (granter != null) {
      granter.map(Maptrack.refOf(entry), readonly, by);
      granter.handlesNamingIt += by;
      scene.touchEntry(granter, Maptrack.refOf(entry));
    }
  }

  /** A physmap entry may have changed. */
  void gfn(DomainView view, long gfn) {
    long now = view.domain.physmap().entry(gfn);
    long old = view.physmap.getLong(gfn << 3);
    if (scene.step().by != Step.By.OUTSIDE) {
      remember(view, gfn, old);
    }
    if (now == old) {
      return;
    }
    view.physmap.setLong(gfn << 3, now);
    count(view, old, -1);
    count(view, now, 1);
    scene.touchGfn(view, gfn);
    if (scene.step().by != Step.By.OUTSIDE) {
      checkers.physmaps.changed(view, gfn, old, now);
    }
  }

  private void count(DomainView view, long entry, int by) {
    if (entry == Physmap.HOLE) {
      return;
    }
    long mfn = Physmap.mfn(entry);
    EntryType type = Physmap.type(entry);
    if (view.physmapCounts()) {
      state.frames.entry(mfn, by);
    }
    if (type.isForeign()) {
      state.frames.foreign(mfn, by);
    }
    if (type.isRam()) {
      state.frames.ram(mfn, by);
    }
    if (type.isGrant()) {
      view.grantEntries += by;
    }
    if (type == EntryType.GRANT_MAP_RW) {
      view.writableEntry(mfn, by);
    }
    scene.touchFrame(mfn);
  }

  private void remember(DomainView view, long gfn, long old) {
    if (3 * gfnCount == gfns.length) {
      gfns = Arrays.copyOf(gfns, 2 * gfns.length);
    }
    gfns[3 * gfnCount] = view.slot;
    gfns[3 * gfnCount + 1] = gfn;
    gfns[3 * gfnCount + 2] = old;
    gfnCount++;
  }

  /** Shows the changes of physmaps again, now that everything else is known; the list is empty then. */
  void physmapsAgain() {
    for (int i = 0; i < gfnCount; i++) {
      DomainView view = state.inSlot((int) gfns[3 * i]);
      long gfn = gfns[3 * i + 1];
      long old = gfns[3 * i + 2];
      if (view != null) {
        checkers.discipline.physmapChanged(view, gfn, old, view.domain.physmap().entry(gfn));
        boolean wasRam = old != Physmap.HOLE && Physmap.type(old).isRam();
        if (wasRam && scene.step().by == Step.By.CALL) {
          checkers.pages.unmapped(view, gfn, Physmap.mfn(old));
        }
        if (old != Physmap.HOLE) {
          sameFrame(view, i, gfn, old);
          checkers.physmaps.writers(view, Physmap.mfn(old));
        }
      }
    }
    gfnCount = 0;
  }

  /** An entry may have been replaced by another of the same frame, which leaves something behind. */
  private void sameFrame(DomainView view, int change, long gfn, long old) {
    long now = view.domain.physmap().entry(gfn);
    long mfn = Physmap.mfn(old);
    if (now == Physmap.HOLE || Physmap.mfn(now) != mfn || !state.memory.isValid(mfn)) {
      return;
    }
    // What an acquire_resource leaves that names a guest frame twice in a step is not followed: other frames were there in between.
    if (Physmap.type(old).isForeign() && isOnlyChange(change)) {
      state.frames.leak(mfn);
    }
    if (Physmap.type(old).isRam() && !Physmap.type(now).isRam() && state.memory.isXenHeap(mfn)) {
      state.frames.makeStale(mfn, gfn);
    }
  }

  private boolean isOnlyChange(int change) {
    for (int i = 0; i < gfnCount; i++) {
      if (i != change && gfns[3 * i] == gfns[3 * change] && gfns[3 * i + 1] == gfns[3 * change + 1]) {
        return false;
      }
    }
    return true;
  }

  /** A frame's record may have changed. */
  void frame(long mfn) {
    MachineMemory memory = state.memory;
    long now = FrameCounts.record(memory, mfn);
    long old = state.frames.record(mfn);
    scene.touchFrame(mfn);
    if (now == old) {
      return;
    }
    state.frames.setRecord(mfn, now);
    if (now == 0) {
      state.frames.freed(mfn);
    }
    count(old, -1);
    count(now, 1);
    scene.step().framesChanged = true;
    if (scene.step().by != Step.By.OUTSIDE) {
      checkers.pages.changed(mfn, old, now);
      boolean gaveUp = FrameCounts.isAllocated(old) && !FrameCounts.isAllocated(now);
      DomainView actor = scene.step().actor;
      scene.step().dropsOwnFrames |=
          scene.step().by == Step.By.DEATH && gaveUp && actor != null && FrameCounts.owner(old) == actor.incarnation;
    }
  }

  private void count(long record, int by) {
    int domid = FrameCounts.owner(record);
    if (domid < 0) {
      state.free += by;
      return;
    }
    boolean xenHeap = FrameCounts.isXenHeap(record);
    state.lent += xenHeap ? by : 0;
    DomainView owner = state.incarnation(domid);
    if (owner != null) {
      owner.ownedRam += xenHeap ? 0 : by;
      owner.heldFrames += FrameCounts.references(record) != 0 ? by : 0;
    }
  }
}
