package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I53;
import static org.xenarium.gnttab.invariant.Invariant.I54;
import static org.xenarium.gnttab.invariant.Invariant.I55;
import static org.xenarium.gnttab.invariant.Invariant.I56;
import static org.xenarium.gnttab.invariant.Invariant.I57;

import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.table.GrantTable;

/** I53 to I57: the size and version of a table, and its entries as a whole (spec §11.7). */
final class TableInvariants {
  private static final int NONE = -1;

  private final Scene scene;
  private final Report report;

  // What a swap has changed so far: up to two entries, and what went less what came.
  private int first = NONE;
  private int second = NONE;
  private boolean third;
  private long balance;

  TableInvariants(Scene scene) {
    this.scene = scene;
    report = scene.report();
  }

  /** Before V9 a table has version 0 until it is first used. */
  private static boolean isVersion1(DomainView view) {
    boolean unused = view.table.version() == 0 && !view.domain.world().semantics().has(Difference.INITIAL_VERSION_1);
    return unused || view.table.version() == 1;
  }

  /** What holds of a table at any time. */
  void everyStep(DomainView view) {
    GrantTable table = view.table;
    boolean fits = table.frameCount() >= 1 && table.frameCount() <= table.maxFrames();
    report.tests(I53);
    if (!fits || table.frameCount() < view.frames.length) {
      report.violated(I53, Place.domain(view.id()), "%d frames, %d before, at most %d", table.frameCount(), view.frames.length, table.maxFrames());
    }
    if (table.maxVersion() == 1) {
      report.tests(I54);
    }
    if (table.maxVersion() == 1 && (!isVersion1(view) || table.statusFrameCount() != 0)) {
      report.violated(I54, Place.domain(view.id()), "version %d and %d status frames", table.version(), table.statusFrameCount());
    }
  }

  /** The table has more frames than before: those are zero, the old ones the same (I55). */
  void grown(DomainView view) {
    GrantTable table = view.table;
    report.tests(I55);
    for (int i = 0; i < view.frames.length && i < table.frameCount(); i++) {
      if (table.frame(i) != view.frames[i]) {
        report.violated(I55, Place.domain(view.id()), "shared frame %d was 0x%x and is 0x%x", i, view.frames[i], table.frame(i));
      }
    }
    for (int i = view.frames.length; i < table.frameCount(); i++) {
      if (!isZero(view, table.frame(i))) {
        report.violated(I55, Place.domain(view.id()), "the new shared frame %d is not zero", i);
      }
    }
  }

  private static boolean isZero(DomainView view, long mfn) {
    MachineMemory memory = view.domain.world().memory();
    SparseBytes content = memory.content();
    for (int offset = 0; offset < MachineMemory.PAGE_SIZE; offset += Long.BYTES) {
      if (content.getLong(memory.address(mfn) + offset) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The hypervisor has changed an entry in a step in which the table grew (I55). */
  void changedWhileGrowing(DomainView view, int ref) {
    report.violated(I55, Place.entry(view.id(), ref), "%s changed it while the table grew", scene.step().call());
  }

  /** A word of an entry was changed by swap: one of few kinds, such as the first one with the header, the frame behind it or the status. */
  void swapped(DomainView view, int ref, long old, long now, int kind) {
    report.tests(I56);
    if (view.table.active().pin(ref) != 0) {
      report.violated(I56, Place.entry(view.id(), ref), "it was swapped with pins 0x%08x", view.table.active().pin(ref));
    }
    balance += Scene.weight(0, old, kind) - Scene.weight(0, now, kind);
    if (first == NONE || first == ref) {
      first = ref;
    } else if (second == NONE || second == ref) {
      second = ref;
    } else {
      third = true;
    }
  }

  /** I56 for what the step has changed. */
  void stepEnds(DomainView view, GuestDiscipline discipline) {
    if (first == NONE) {
      return;
    }
    if (second != NONE) {
      discipline.swapped(view, first, second);
    }
    if (second == NONE || third || balance != 0) {
      report.violated(I56, Place.entry(view.id(), first), "swap did not exchange it with %s", second == NONE ? "another" : "entry " + second);
    }
    first = NONE;
    second = NONE;
    third = false;
    balance = 0;
  }

  /** set_version has written something that is no answer (I57); before V9 it can be what gives a table its version. */
  void versionWrote(DomainView view) {
    if (view.version != 0 && view.table.maxVersion() == 1 && scene.step().isCall(GnttabOp.SET_VERSION)) {
      report.violated(I57, Place.domain(view.id()), "set_version has changed the machine");
    }
  }
}
