package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I42;
import static org.xenarium.gnttab.invariant.Invariant.I43;
import static org.xenarium.gnttab.invariant.Invariant.I44;
import static org.xenarium.gnttab.invariant.Invariant.I45;
import static org.xenarium.gnttab.invariant.Invariant.I46;
import static org.xenarium.gnttab.invariant.Invariant.I47;
import static org.xenarium.gnttab.invariant.Invariant.I48;
import static org.xenarium.gnttab.invariant.Invariant.I49;
import static org.xenarium.gnttab.invariant.Invariant.I52;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.abi.GnttabOp;

/** I42 to I49 and I52: frames, their references and their owners (spec §11.6). Contents are {@link Contents}'. */
final class Pages {
  private final Scene scene;
  private final Report report;
  private final State state;

  Pages(Scene scene) {
    this.scene = scene;
    report = scene.report();
    state = scene.state();
  }

  // Transitions.

  /** The record of a frame has changed: I48, and I44's converse for pages in use. */
  void changed(long mfn, long old, long now) {
    int before = FrameCounts.owner(old);
    int after = FrameCounts.owner(now);
    if (before != after) {
      report.tests(I48);
    }
    if (before >= 0 && after >= 0 && before != after) {
      report.violated(I48, Place.frame(after, mfn), "it went from domain %d to domain %d without being free", before, after);
    }
  }

  /** RAM has left a guest frame of its owner's in a call: I49 and I52. */
  void unmapped(DomainView view, long gfn, long mfn) {
    Step step = scene.step();
    MachineMemory memory = state.memory;
    boolean kept = memory.owner(mfn) == view.incarnation;
    if (step.isMemoryCall(MemoryAbi.DECREASE_RESERVATION) && state.frames.handles(mfn) > 0) {
      boolean hole = view.domain.physmap().entry(gfn) == Physmap.HOLE;
      report.tests(I49);
      if (!hole || !kept || step.wroteInto(mfn)) {
        report.violated(I49, Place.frame(view.id(), mfn), "it was given back while it was mapped elsewhere, and %s", hole ? "has not stayed" : "the guest frame is no hole");
      }
    }
    report.tests(I52);
    boolean distrusted = step.isUnmap() && view.undisciplined;
    boolean lost = kept && !distrusted && memory.isAllocated(mfn) && !memory.isXenHeap(mfn) && state.frames.ram(mfn) == 0;
    if (lost && !mayLose(step, view)) {
      report.violated(I52, Place.frame(view.id(), mfn), "%s took it out of the physmap and left it allocated", step.call());
    }
  }

  /** A direct-mapped domain keeps what it gives back (spec §6.2). */
  private static boolean mayLose(Step step, DomainView view) {
    return step.isCall(GnttabOp.MAP_GRANT_REF)
        || step.by == Step.By.CALL
            && step.memoryOperation != Step.NONE
            && (step.memoryOperation != MemoryAbi.DECREASE_RESERVATION || view.domain.memoryConfig().directMapped());
  }

  /** I47: a domain has more pages than before. */
  void grown(DomainView view) {
    Domain domain = view.domain;
    if (scene.step().by == Step.By.CALL) {
      report.tests(I47);
    }
    if (scene.step().by == Step.By.CALL && domain.totPages() > domain.maxPages()) {
      report.violated(I47, Place.domain(view.id()), "%s gave it page %d of at most %d", scene.step().call(), domain.totPages(), domain.maxPages());
    }
  }

  // States.

  /** What holds of a frame after every step. */
  void everyStep(long mfn) {
    MachineMemory memory = state.memory;
    boolean unused = memory.references(mfn) == 0;
    boolean free = memory.owner(mfn) < 0;
    report.tests(I43);
    if (unused != free && !memory.isXenHeap(mfn)) {
      report.violated(I43, Place.frame(memory.owner(mfn), mfn), "%d references, owner %d", memory.references(mfn), memory.owner(mfn));
    }
    int pins = free ? state.frames.pins(mfn) : 0;
    if (free) {
      report.tests(I44);
    }
    if (free && (state.frames.entries(mfn) > 0 || (pins > 0 && pins > state.pinsInFlight(mfn)))) {
      report.violated(I44, Place.frame(-1, mfn), "it is free, with %d physmap entries and %d pins", state.frames.entries(mfn), pins);
    }
  }

  /** What holds of a frame between calls. */
  void quiescent(long mfn) {
    MachineMemory memory = state.memory;
    int allocation = memory.isAllocated(mfn) ? 1 : 0;
    int handles = state.frames.handles(mfn);
    int foreign = state.frames.foreign(mfn);
    int leaked = state.frames.leaked(mfn);
    if (handles > 0) {
      report.tests(I42);
    }
    if (memory.references(mfn) != allocation + handles + foreign + leaked) {
      report.violated(
          I42,
          Place.frame(memory.owner(mfn), mfn),
          "%d references: %d for being allocated, %d live handles, %d foreign entries, %d for ever",
          memory.references(mfn),
          allocation,
          handles,
          foreign,
          leaked);
    }
  }

  /** I46. */
  void everyStep(DomainView view) {
    report.tests(I46);
    if (view.domain.totPages() != view.ownedRam) {
      report.violated(I46, Place.domain(view.id()), "it counts %d pages and owns %d", view.domain.totPages(), view.ownedRam);
    }
  }

  /** I45. */
  void conserved() {
    report.tests(I45);
    long counted = 0;
    for (int i = 0; i < state.count(); i++) {
      counted += state.view(i).domain.totPages();
    }
    if (state.free + state.lent + counted != state.memory.frameCount()) {
      report.violated(
          I45,
          Place.MACHINE,
          "of %d frames %d are free, %d lent by Xen and %d counted by domains",
          state.memory.frameCount(),
          state.free,
          state.lent,
          counted);
    }
  }
}
