package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I41;
import static org.xenarium.gnttab.invariant.Invariant.I50;
import static org.xenarium.gnttab.invariant.Invariant.I51;
import static org.xenarium.gnttab.invariant.Invariant.I59;

import org.xenarium.emulator.evtchn.EventChannels;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.Journal;
import org.xenarium.gnttab.abi.CopyLayout;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.SwapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;

/** I50, I51 and I59, and the buffers' part of I41: which bytes of pages a step writes. Bytes of grant tables go on to {@link SharedWrites}. */
final class Contents {
  private final Scene scene;
  private final Report report;
  private final State state;
  private final PhysmapInvariants physmaps;
  private final SharedWrites shared;
  private final GuestDiscipline discipline;

  Contents(Scene scene, PhysmapInvariants physmaps, SharedWrites shared, GuestDiscipline discipline) {
    this.scene = scene;
    report = scene.report();
    state = scene.state();
    this.physmaps = physmaps;
    this.shared = shared;
    this.discipline = discipline;
  }

  /** Bytes of the content of frames were written. */
  void wrote(Journal.How how, long start, long length) {
    for (long at = start; at < start + length; ) {
      long inFrame = at & (MachineMemory.PAGE_SIZE - 1);
      long part = Math.min(start + length - at, MachineMemory.PAGE_SIZE - inFrame);
      wrote(how, state.memory.frameAt(at), (int) inFrame, (int) part);
      at += part;
    }
  }

  private void wrote(Journal.How how, long mfn, int offset, int length) {
    DomainView table = state.memory.isXenHeap(mfn) ? state.incarnation(state.memory.owner(mfn)) : null;
    int index = table == null ? -1 : table.frameIndex(mfn);
    int status = table == null || index >= 0 ? -1 : table.statusIndex(mfn);
    boolean isTable = index >= 0 || status >= 0;
    Step step = scene.step();
    step.wrote(mfn);
    switch (step.by) {
      case CALL -> byCall(how, mfn, offset, length, isTable);
      case GUEST -> byGuest(mfn);
      case DEATH -> byDeath(how, mfn, offset, length, isTable);
      case OUTSIDE -> {}
    }
    if (table != null && index >= 0) {
      shared.entries(table, index, offset, length, how);
    } else if (table != null && status >= 0) {
      shared.statuses(table, status, offset, length, how);
    }
  }

  private void byGuest(long mfn) {
    DomainView actor = scene.step().actor;
    if (actor != null && state.memory.owner(mfn) != actor.incarnation) {
      physmaps.storedInto(actor, mfn);
    }
  }

  private void byDeath(Journal.How how, long mfn, int offset, int length, boolean isTable) {
    boolean releases = (isTable || isUnlisted(mfn)) && how == Journal.How.SET;
    if (state.frames.handles(mfn) > 0) {
      report.tests(I51);
    }
    if (!releases && !closesPort(how, mfn, offset, length) && state.frames.handles(mfn) > 0) {
      int handles = state.frames.handles(mfn);
      report.violated(I51, Place.frame(state.memory.owner(mfn), mfn), "%d handles map it, and %d bytes at offset %d were written", handles, length, offset);
    }
  }

  /** Ports of a dying domain are closed and lose their pending bits, in a page of Xen's that the domain may have granted. */
  private boolean closesPort(Journal.How how, long mfn, int offset, int length) {
    DomainView dying = scene.step().actor;
    boolean shared = dying != null && mfn == dying.domain.sharedInfo();
    return shared && how == Journal.How.SET && EventChannels.isPendingWord(offset, length);
  }

  private void byCall(Journal.How how, long mfn, int offset, int length, boolean isTable) {
    Step step = scene.step();
    DomainView actor = step.actor;
    if (actor == null) {
      return;
    }
    boolean watched = step.isCall(GnttabOp.MAP_GRANT_REF) || step.isUnmap() || step.isCall(GnttabOp.COPY);
    if (watched) {
      report.tests(I50);
    }
    boolean right =
        switch (how) {
          case WRITE -> (step.isCall(GnttabOp.COPY) && isInWindow(mfn, offset, length)) || buffer(actor, mfn, offset, length);
          case MOVE -> step.isCall(GnttabOp.COPY) && isWindow(mfn, offset, length);
          case SET -> isTable || !watched || isUnlisted(mfn);
          case FILL -> !watched || state.memory.owner(mfn) < 0;
        };
    if (!right) {
      report.violated(I50, Place.frame(state.memory.owner(mfn), mfn), "%s wrote %d bytes at offset %d", step.call(), length, offset);
    }
  }

  /** A frame of a domain that has left the list, perhaps in this step: its table is nobody's any more. */
  private boolean isUnlisted(long mfn) {
    return state.incarnation(state.memory.owner(mfn)) == null;
  }

  private boolean isWindow(long mfn, int offset, int length) {
    Step step = scene.step();
    return mfn == step.windowFrame && offset == step.windowStart && length == step.windowLength;
  }

  /** Where the ranges of a copy overlap, Arm's own routine writes what it copies in portions. */
  private boolean isInWindow(long mfn, int offset, int length) {
    Step step = scene.step();
    return mfn == step.windowFrame && offset >= step.windowStart && offset + length <= step.windowStart + step.windowLength;
  }

  private boolean buffer(DomainView actor, long mfn, int offset, int length) {
    int owner = state.memory.owner(mfn);
    if (owner != actor.incarnation) {
      report.violated(I41, Place.frame(owner, mfn), "a hypercall of domain %d used it as a buffer", actor.id());
    } else {
      discipline.buffer(actor, mfn);
    }
    int size = elementSize(scene.step().operation);
    if (size > 0) {
      report.tests(I59);
    }
    if (size > 0 && !isElement(actor, mfn, offset, length, size)) {
      report.violated(
          I59,
          Place.frame(owner, mfn),
          "%s wrote %d bytes at offset %d, outside the element at 0x%x",
          scene.step().call(),
          length,
          offset,
          scene.step().elementAddress);
    }
    return true;
  }

  private boolean isElement(DomainView actor, long mfn, int offset, int length, int size) {
    long address = scene.step().elementAddress;
    long gfn = address >>> MachineMemory.PAGE_SHIFT;
    int from = (int) (address & (MachineMemory.PAGE_SIZE - 1));
    boolean inFirst = frame(actor, gfn) == mfn && offset >= from && offset + length <= from + size;
    return inFirst || frame(actor, gfn + 1) == mfn && offset + length <= from + size - MachineMemory.PAGE_SIZE;
  }

  private static long frame(DomainView actor, long gfn) {
    return Physmap.mfn(actor.domain.physmap().entry(gfn));
  }

  /** Size of the elements of a batch, 0 for calls of another kind. */
  static int elementSize(int operation) {
    return switch (operation) {
      case GnttabOp.MAP_GRANT_REF -> MapLayout.SIZE;
      case GnttabOp.UNMAP_GRANT_REF, GnttabOp.UNMAP_AND_REPLACE -> UnmapLayout.SIZE;
      case GnttabOp.COPY -> CopyLayout.SIZE;
      case GnttabOp.SWAP_GRANT_REF -> SwapLayout.SIZE;
      default -> 0;
    };
  }
}
