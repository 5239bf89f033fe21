package org.xenarium.gnttab.invariant;

import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Journal;
import org.xenarium.gnttab.abi.GnttabOp;

/** Sorts writes into the frames of a grant table: which entries they change, and whether the hypervisor or a guest has written them. */
final class SharedWrites {
  private static final int V1_SHIFT = 3;
  private static final int V2_SHIFT = 4;
  private static final int FLAGS = 0xffff;

  // Kinds of words of an entry.
  private static final int HEADER = 0;
  private static final int FRAME = 1;
  private static final int STATUS = 2;

  private final Scene scene;
  private final FlagsWord flags;
  private final TableInvariants tables;
  private final GuestDiscipline discipline;

  SharedWrites(Scene scene, FlagsWord flags, TableInvariants tables, GuestDiscipline discipline) {
    this.scene = scene;
    this.flags = flags;
    this.tables = tables;
    this.discipline = discipline;
  }

  /** Bytes of a frame of entries were written. */
  void entries(DomainView view, int frame, int offset, int length, Journal.How how) {
    if (view.version != view.table.version()) {
      return;
    }
    boolean v1 = view.version == 1;
    for (int word = offset & -Long.BYTES; word < offset + length; word += Long.BYTES) {
      long at = SharedCopy.entryByte(frame, word);
      long old = view.shared.word(at);
      long now = view.domain.world().memory().content().getLong(view.domain.world().memory().address(view.frames[frame]) + word);
      if (old != now) {
        view.shared.setWord(at, now);
        int ref = (int) (at >>> (v1 ? V1_SHIFT : V2_SHIFT));
        scene.touchEntry(view, ref);
        boolean holdsHeader = v1 || (word & Long.BYTES) == 0;
        changed(view, ref, old, now, holdsHeader, how);
      }
    }
  }

  private void changed(DomainView view, int ref, long old, long now, boolean holdsHeader, Journal.How how) {
    Step step = scene.step();
    if (!isHypervisors(how)) {
      if (holdsHeader) {
        discipline.wroteEntry(view, ref, (int) old, (int) now);
      }
    } else if (step.isCall(GnttabOp.SWAP_GRANT_REF)) {
      tables.swapped(view, ref, old, now, holdsHeader ? HEADER : FRAME);
    } else if (!step.isCall(GnttabOp.SET_VERSION)) {
      if (view.table.frameCount() > view.frames.length) {
        tables.changedWhileGrowing(view, ref);
      }
      flags.hypervisorWrote(view, ref, old, now, false);
      if (holdsHeader && view.version == 1) {
        flags.statusBits(view, ref, (int) old & FLAGS, (int) now & FLAGS);
      }
    }
  }

  /** Bytes of a status frame were written. */
  void statuses(DomainView view, int frame, int offset, int length, Journal.How how) {
    if (view.version != view.table.version()) {
      return;
    }
    MachineMemory memory = view.domain.world().memory();
    for (int at = offset & -Short.BYTES; at < offset + length; at += Short.BYTES) {
      long copy = SharedCopy.statusByte(frame, at);
      int old = view.shared.status(copy);
      int now = memory.content().getShort(memory.address(view.statusFrames[frame]) + at);
      if (old != now) {
        view.shared.setStatus(copy, now);
        int ref = (frame << MachineMemory.PAGE_SHIFT | at) >>> 1;
        scene.touchEntry(view, ref);
        changedStatus(view, ref, old, now, how);
      }
    }
  }

  private void changedStatus(DomainView view, int ref, int old, int now, Journal.How how) {
    Step step = scene.step();
    if (!isHypervisors(how)) {
      discipline.wroteStatus(view, ref, old, now);
    } else if (step.isCall(GnttabOp.SWAP_GRANT_REF)) {
      tables.swapped(view, ref, old, now, STATUS);
    } else if (!step.isCall(GnttabOp.SET_VERSION)) {
      flags.hypervisorWrote(view, ref, old, now, true);
      flags.statusBits(view, ref, old, now);
    }
  }

  /** What guests store, what calls copy for them and the answers that they want in their tables are guests' doings. */
  private boolean isHypervisors(Journal.How how) {
    boolean hypervisor = scene.step().by == Step.By.CALL || scene.step().by == Step.By.DEATH;
    return hypervisor && (how == Journal.How.SET || how == Journal.How.FILL);
  }
}
