package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I31;
import static org.xenarium.gnttab.invariant.Invariant.I32;
import static org.xenarium.gnttab.invariant.Invariant.I33;
import static org.xenarium.gnttab.invariant.Invariant.I34;
import static org.xenarium.gnttab.invariant.Invariant.I35;
import static org.xenarium.gnttab.invariant.Invariant.I36;
import static org.xenarium.gnttab.invariant.Invariant.I37;
import static org.xenarium.gnttab.invariant.Invariant.I38;
import static org.xenarium.gnttab.invariant.Invariant.I39;
import static org.xenarium.gnttab.invariant.Invariant.I40;
import static org.xenarium.gnttab.invariant.Invariant.I68;

import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.Maptrack;

/** I31 to I40: physmaps (spec §11.5). With them the insertion half of I68. */
final class PhysmapInvariants {
  private final Scene scene;
  private final Report report;
  private final GrantCall.PinVisitor writerFinder = this::findWriter;

  // While a write pin in flight is looked for.
  private int wantedHolder;
  private long wantedFrame;
  private boolean found;

  PhysmapInvariants(Scene scene) {
    this.scene = scene;
    report = scene.report();
  }

  // Transitions.

  /** An entry has changed. */
  void changed(DomainView view, long gfn, long old, long entry) {
    Step step = scene.step();
    if (step.by == Step.By.CALL && step.operation >= 0) {
      report.tests(I39);
    }
    if (step.by == Step.By.CALL && step.operation >= 0 && !mayChange(step, view, old)) {
      report.violated(I39, Place.gfn(view.id(), gfn), "%s changed the entry 0x%x to 0x%x", step.call(), old, entry);
    }
    if (view.domain.life() != Life.ALIVE) {
      report.tests(I68);
    }
    if (view.domain.life() != Life.ALIVE && entry != Physmap.HOLE) {
      report.violated(I68, Place.gfn(view.id(), gfn), "%s put frame 0x%x there while the domain is dying", step.call(), Physmap.mfn(entry));
    }
    VcpuView vcpu = step.vcpu;
    if (vcpu != null && step.by == Step.By.CALL) {
      vcpu.elementChanged = true;
      vcpu.elementPhysmap += (entry - old) * Scene.weight(view.slot, gfn, 0);
    }
  }

  private static boolean mayChange(Step step, DomainView view, long old) {
    boolean dropsStatusFrame = step.operation == GnttabOp.SET_VERSION && view.statusIndex(Physmap.mfn(old)) >= 0;
    return step.operation == GnttabOp.MAP_GRANT_REF || step.isUnmap() || dropsStatusFrame;
  }

  /** A handle was ended by this step (I35). */
  void retired(DomainView view) {
    Step step = scene.step();
    long gfn = step.hostAddress >>> MachineMemory.PAGE_SHIFT;
    if (step.isUnmap()) {
      report.tests(I35);
    }
    if (step.isUnmap() && view.domain.physmap().entry(gfn) != Physmap.HOLE) {
      report.violated(I35, Place.gfn(view.id(), gfn), "an unmap with that address has left the entry 0x%x", view.domain.physmap().entry(gfn));
    }
  }

  /** I36 for an element that has just been decided. */
  void elementEnds(VcpuView vcpu, Rule rule) {
    Step step = scene.step();
    boolean failed = step.isCall(GnttabOp.MAP_GRANT_REF) && rule.facts().kind() == Rule.Kind.STATUS && rule.result() != 0;
    if (failed) {
      report.tests(I36);
    }
    if (failed && step.actor != null && (vcpu.elementPhysmap != 0 || vcpu.elementRise != 0)) {
      report.violated(I36, Place.domain(step.actor.id()), "a map that ended by %s has changed the physmap", rule.id());
    }
  }

  /** I37, after every step; the copy of the highest frame follows. */
  void highest(DomainView view) {
    long now = view.domain.physmap().maxMapped();
    if (now != view.maxMapped) {
      report.tests(I37);
      if (now < view.maxMapped) {
        report.violated(I37, Place.domain(view.id()), "the highest guest frame fell from 0x%x to 0x%x", view.maxMapped, now);
      }
      if (scene.step().vcpu != null && scene.step().actor == view) {
        scene.step().vcpu.elementRise += now - view.maxMapped;
      }
      view.maxMapped = now;
    }
  }

  /** A guest has stored into a page that is not its own (I33). */
  void storedInto(DomainView view, long mfn) {
    report.tests(I33);
    if (view.writableEntries(mfn) == 0 && !hasWritableEntry(view, mfn)) {
      report.violated(I33, Place.frame(view.id(), mfn), "a store of domain %d has reached it, and no entry lets it", view.id());
    }
  }

  private static boolean hasWritableEntry(DomainView view, long mfn) {
    Physmap physmap = view.domain.physmap();
    for (long gfn = physmap.next(0); gfn >= 0; gfn = physmap.next(gfn + 1)) {
      if (Physmap.mfn(physmap.entry(gfn)) == mfn && Physmap.type(physmap.entry(gfn)).writable()) {
        return true;
      }
    }
    return false;
  }

  // States.

  /** What holds of a guest frame after every step. */
  void everyStep(DomainView view, long gfn) {
    long entry = view.domain.physmap().entry(gfn);
    if (entry == Physmap.HOLE) {
      return;
    }
    EntryType type = Physmap.type(entry);
    long mfn = Physmap.mfn(entry);
    if (type.isGrant() || type.isForeign()) {
      report.tests(I33);
    }
    if (!mayBe(type, type.writable(), type.executable())) {
      report.violated(I33, Place.gfn(view.id(), gfn), "the entry is of type %s", type);
    }
    MachineMemory memory = scene.state().memory;
    boolean lent = type.isRam() && memory.isXenHeap(mfn) && memory.owner(mfn) == view.incarnation;
    if (lent) {
      report.tests(I38);
    }
    if (lent && memory.storedGfn(mfn) != gfn && !mayLieTwice(view, mfn)) {
      report.violated(I38, Place.gfn(view.id(), gfn), "frame 0x%x is there and says that it is at 0x%x", mfn, memory.storedGfn(mfn));
    }
    if (type == EntryType.GRANT_MAP_RW) {
      writers(view, mfn);
    }
  }

  /** The rights that an entry type gives (I33). */
  static boolean mayBe(EntryType type, boolean writable, boolean executable) {
    boolean readonly = type == EntryType.GRANT_MAP_RO || type == EntryType.MAP_FOREIGN_RO || type == EntryType.RAM_RO;
    return !(readonly && writable) && !((type.isGrant() || type.isForeign()) && executable);
  }

  /** Before V20 shared_info is added at another place without leaving the first. */
  private static boolean mayLieTwice(DomainView view, long mfn) {
    return mfn == view.domain.sharedInfo() && !view.domain.world().semantics().has(Difference.ADDED_FRAME_STAYS);
  }

  /** I38 from the frame's side. It goes on to name the place where an entry of the same frame took its own's, see {@link FrameCounts#staleGfn}. */
  void frame(long mfn) {
    MachineMemory memory = scene.state().memory;
    DomainView owner = memory.isXenHeap(mfn) ? scene.state().incarnation(memory.owner(mfn)) : null;
    if (owner != null && scene.state().frames.ram(mfn) > 1 && !mayLieTwice(owner, mfn)) {
      report.violated(I38, Place.frame(memory.owner(mfn), mfn), "its owner has it at %d guest frames", scene.state().frames.ram(mfn));
    }
    long gfn = owner == null ? -1 : memory.storedGfn(mfn);
    if (owner != null && gfn >= 0 && owner.domain.life() == Life.ALIVE && scene.state().frames.staleGfn(mfn) != gfn) {
      long entry = owner.domain.physmap().entry(gfn);
      if (entry == Physmap.HOLE || Physmap.mfn(entry) != mfn) {
        report.violated(I38, Place.frame(owner.id(), mfn), "it says that it is at guest frame 0x%x, where the entry is 0x%x", gfn, entry);
      }
    }
  }

  /** I34: a writable grant entry needs a writable handle, or a call in flight on its way to or from one. */
  void writers(DomainView view, long mfn) {
    if (!view.physmapCounts() || view.writableEntries(mfn) == 0 || view.writableHandles(mfn) > 0) {
      return;
    }
    wantedHolder = view.id();
    wantedFrame = mfn;
    found = false;
    scene.state().forEachPin(writerFinder);
    if (!found) {
      report.violated(I34, Place.frame(view.id(), mfn), "domain %d can write it and has no writable handle of it", view.id());
    }
  }

  private void findWriter(int granter, int ref, boolean readonly, int holder) {
    DomainView view = scene.state().incarnation(granter);
    found |= view != null && !readonly && holder == wantedHolder && view.table.active().mfn(ref) == wantedFrame;
  }

  /** What holds of a live handle between calls. */
  void quiescent(DomainView view, int handle) {
    Maptrack maptrack = view.table.maptrack();
    if (!maptrack.isLive(handle) || !view.physmapCounts()) {
      return;
    }
    DomainView granter = scene.state().find(maptrack.domid(handle));
    if (granter == null) {
      return;
    }
    int ref = maptrack.ref(handle);
    report.tests(I40);
    if (granter.table.active().pin(ref) == 0) {
      report.violated(I40, Place.handle(view.id(), handle), "it maps entry %d of domain %d, which has no pins", ref, granter.id());
    }
    long gfn = view.addresses.gfn(handle);
    if (gfn != Addresses.NONE) {
      correspond(view, handle, gfn, granter, ref);
    }
  }

  private void correspond(DomainView view, int handle, long gfn, DomainView granter, int ref) {
    long entry = view.domain.physmap().entry(gfn);
    EntryType type = entry == Physmap.HOLE ? EntryType.HOLE : Physmap.type(entry);
    report.tests(I31);
    if (!type.isGrant()) {
      report.violated(I31, Place.handle(view.id(), handle), "it was mapped at guest frame 0x%x, where the entry is of type %s", gfn, type);
      return;
    }
    boolean readonly = (view.table.maptrack().flags(handle) & MapFlags.READONLY) != 0;
    report.tests(I32);
    if (readonly) {
      report.tests(I34);
    }
    long pinned = granter.table.active().mfn(ref);
    if (Physmap.mfn(entry) != pinned && granter.table.active().pin(ref) != 0 || readonly != (type == EntryType.GRANT_MAP_RO)) {
      report.violated(
          I32,
          Place.handle(view.id(), handle),
          "it has frame 0x%x%s, and guest frame 0x%x has frame 0x%x as %s",
          pinned,
          readonly ? " for reading" : "",
          gfn,
          Physmap.mfn(entry),
          type);
    }
  }

  /** What holds of a guest frame between calls: a grant entry has a handle. */
  void quiescentGfn(DomainView view, long gfn) {
    long entry = view.domain.physmap().entry(gfn);
    if (entry != Physmap.HOLE && Physmap.type(entry).isGrant() && view.physmapCounts()) {
      int handle = view.addresses.handleAt(gfn);
      if (handle == Addresses.NONE || !view.table.maptrack().isLive(handle)) {
        report.violated(I31, Place.gfn(view.id(), gfn), "frame 0x%x is mapped there by no live handle", Physmap.mfn(entry));
      }
    }
  }

  /** What holds of a whole physmap between calls. */
  void quiescent(DomainView view) {
    if (view.physmapCounts() && view.grantEntries != view.live) {
      report.violated(I31, Place.domain(view.id()), "%d entries of a grant type and %d live handles", view.grantEntries, view.live);
    }
  }
}
