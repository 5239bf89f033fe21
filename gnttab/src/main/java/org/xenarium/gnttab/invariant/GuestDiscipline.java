package org.xenarium.gnttab.invariant;

import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.SharedEntries;

/** D1 to D6 (spec §11.0): looks at what guests do before the invariants are looked at, and makes void what they have spoilt. */
final class GuestDiscipline {
  private static final int STATUS_BITS = GrantFlags.READING | GrantFlags.WRITING;

  private final Scene scene;
  private final Report report;
  private final State state;
  private final FlagsWord flags;
  private final byte[] struct = new byte[UnmapLayout.SIZE];

  GuestDiscipline(Scene scene, FlagsWord flags) {
    this.scene = scene;
    report = scene.report();
    state = scene.state();
    this.flags = flags;
  }

  // D5: the granter's entries.

  /**
   * A guest has written the header of an entry: flags in the low half. In version 2 nobody uses the hypervisor's bits there, so writing them
   * breaks no rule; a return to version 1 brings them to light.
   */
  void wroteEntry(DomainView view, int ref, int old, int now) {
    boolean v1 = view.version == 1;
    int bits = v1 ? old & STATUS_BITS : SharedEntries.status(view.domain, view.table, ref) & STATUS_BITS;
    boolean withdraws = (old & GrantFlags.TYPE_MASK) != 0 && (now & GrantFlags.TYPE_MASK) != (old & GrantFlags.TYPE_MASK);
    if (!v1 && ((old ^ now) & STATUS_BITS) != 0) {
      view.spoil(ref);
    }
    if (v1 && ((old ^ now) & STATUS_BITS) != 0) {
      spoil(view, ref, "writes flags 0x%04x over 0x%04x", now & 0xffff, old & 0xffff);
    } else if (withdraws && bits != 0) {
      spoil(view, ref, "withdraws it, by flags 0x%04x, while 0x%02x says that it is in use", now & 0xffff, bits);
    } else if (withdraws && (now & GrantFlags.TYPE_MASK) == 0) {
      flags.withdrawn(view, ref);
    }
  }

  /** A guest has written a status word of version 2. */
  void wroteStatus(DomainView view, int ref, int old, int now) {
    if (((old ^ now) & STATUS_BITS) != 0) {
      spoil(view, ref, "writes status 0x%04x over 0x%04x", now, old);
    }
  }

  private void spoil(DomainView view, int ref, String what, Object... values) {
    view.spoil(ref);
    report.undisciplined(Discipline.D5, view.id(), Place.entry(view.id(), ref), true, what, values);
  }

  /**
   * Two entries were exchanged: what is void of one is now void of the other. The mark of an entry that a copy is passing through goes with it,
   * and the pin comes to the one that has taken its place (spec §3.5.4).
   */
  void swapped(DomainView view, int a, int b) {
    boolean passedOn = view.table.isPassingOn() && (isTransitive(view, a) || isTransitive(view, b));
    if (view.isSpoilt(a) || view.isSpoilt(b) || passedOn) {
      view.spoil(a);
      view.spoil(b);
    }
  }

  private static boolean isTransitive(DomainView view, int ref) {
    return (SharedEntries.header(view.domain, view.table, ref) & GrantFlags.TYPE_MASK) == GrantFlags.TRANSITIVE;
  }

  // D4: buffers.

  /** A call has written its answer into a page of its caller. */
  void buffer(DomainView actor, long mfn) {
    if (state.memory.isXenHeap(mfn)) {
      report.undisciplined(Discipline.D4, actor.id(), Place.frame(actor.id(), mfn), false, "has a buffer of %s in a page of Xen's", scene.step().call());
    }
  }

  // D1 to D3 and D6: physmaps.

  /** A guest frame has changed in a call. */
  void physmapChanged(DomainView view, long gfn, long old, long entry) {
    Step step = scene.step();
    DomainView actor = step.actor;
    if (step.by != Step.By.CALL || actor == null) {
      return;
    }
    int prior = view.addresses.handleAt(gfn);
    boolean inUse = prior != Addresses.NONE && (view.table.maptrack().isLive(prior) || isArriving(view, prior));
    boolean maps = step.isCall(GnttabOp.MAP_GRANT_REF) && actor == view && entry != Physmap.HOLE;
    boolean unmaps = step.isUnmap() && actor == view;
    if (inUse && !unmaps) {
      distrust(view);
      report.undisciplined(Discipline.D2, actor.id(), Place.gfn(view.id(), gfn), true, "changes by %s where its handle %d is mapped", step.call(), prior);
    }
    if (maps) {
      if (old != Physmap.HOLE) {
        report.undisciplined(Discipline.D3, actor.id(), Place.gfn(view.id(), gfn), false, "maps where there is %s", Physmap.type(old));
      }
      view.addresses.mapped(step.handleInHand, gfn);
    }
    if (actor == view && isInArray(gfn)) {
      report.undisciplined(Discipline.D4, actor.id(), Place.gfn(view.id(), gfn), false, "changes by %s the page of its arguments", step.call());
    }
    if (old != Physmap.HOLE && Physmap.type(old).isRam() && !unmaps) {
      moved(view, actor, gfn, Physmap.mfn(old));
    }
  }

  private boolean isArriving(DomainView view, int handle) {
    return handle != scene.step().handleInHand && state.isInHand(view.domain, handle);
  }

  private boolean isInArray(long gfn) {
    Step step = scene.step();
    int size = Contents.elementSize(step.operation);
    long last = step.elementAddress + Math.max(1, step.elementsLeft) * size - 1;
    return size > 0 && gfn >= step.elementAddress >>> MachineMemory.PAGE_SHIFT && gfn <= last >>> MachineMemory.PAGE_SHIFT;
  }

  /** D6: a page of the domain's has left its guest frame. */
  private void moved(DomainView view, DomainView actor, long gfn, long mfn) {
    if (state.memory.isXenHeap(mfn) || state.memory.owner(mfn) >= 0 && state.memory.owner(mfn) != view.incarnation) {
      return;
    }
    int ref = granting(view, gfn);
    if (ref >= 0 || state.frames.pins(mfn) > 0) {
      String use = ref >= 0 ? "granted by entry " + ref : "in use by others";
      report.undisciplined(Discipline.D6, actor.id(), Place.gfn(view.id(), gfn), false, "takes the page away by %s while it is %s", scene.step().call(), use);
    }
  }

  /** An entry that grants the page at that guest frame, or -1. */
  private static int granting(DomainView view, long gfn) {
    GrantTable table = view.table;
    for (int ref = nextGrant(view, 0); ref < table.entryCount(); ref = nextGrant(view, ref + 1)) {
      int type = SharedEntries.header(view.domain, table, ref) & GrantFlags.TYPE_MASK;
      if (type == GrantFlags.PERMIT_ACCESS && SharedEntries.frame(view.domain, table, ref) == gfn) {
        return ref;
      }
    }
    return -1;
  }

  private static int nextGrant(DomainView view, int ref) {
    return SharedEntries.nextWithFlags(view.domain, view.table, ref, GrantFlags.PERMIT_ACCESS);
  }

  /** D1: a handle was ended. Its address is forgotten. */
  void retired(DomainView view, int handle) {
    Step step = scene.step();
    long gfn = view.addresses.gfn(handle);
    long given = step.hostAddress >>> MachineMemory.PAGE_SHIFT;
    if (step.isUnmap() && gfn != Addresses.NONE && gfn != given) {
      distrust(view);
      report.undisciplined(
          Discipline.D1, view.id(), Place.handle(view.id(), handle), true, "unmaps with guest frame 0x%x what it mapped at 0x%x", given, gfn);
    }
    view.addresses.forget(handle);
  }

  /** An element was decided: D1 for unmaps without effect, D4 for buffers that could not be used. */
  void decided(DomainView actor, Rule rule) {
    Step step = scene.step();
    boolean noEffect = rule == GrantRule.UNMAP_08B || rule == GrantRule.UNMAP_08C || rule == GrantRule.UNMAP_09;
    if (noEffect && GuestBuffers.read(actor.domain, step.elementAddress, struct, 0, UnmapLayout.SIZE)) {
      int handle = Bytes.getInt(struct, UnmapLayout.HANDLE);
      long given = step.hostAddress >>> MachineMemory.PAGE_SHIFT;
      long gfn = actor.table.maptrack().isLive(handle) ? actor.addresses.gfn(handle) : Addresses.NONE;
      if (gfn != Addresses.NONE && gfn != given) {
        report.undisciplined(
            Discipline.D1, actor.id(), Place.handle(actor.id(), handle), false, "unmaps with guest frame 0x%x what it mapped at 0x%x", given, gfn);
      }
    }
    boolean unusable = rule.facts().kind() == Rule.Kind.STATUS ? rule.result() == GntStatus.BAD_VIRT_ADDR : rule.result() == -Errno.EFAULT;
    if (unusable && step.operation >= 0) {
      report.undisciplined(Discipline.D4, actor.id(), Place.domain(actor.id()), false, "has a buffer of %s that cannot be used", step.call());
    }
  }

  /** From now on nothing [D] is expected of that mapper. */
  private void distrust(DomainView view) {
    leaveOut(state, view);
    view.undisciplined = true;
  }

  /** The entries of that physmap do not count any more. */
  static void leaveOut(State state, DomainView view) {
    if (!view.physmapCounts()) {
      return;
    }
    Physmap physmap = view.domain.physmap();
    for (long gfn = physmap.next(0); gfn >= 0; gfn = physmap.next(gfn + 1)) {
      state.frames.entry(Physmap.mfn(physmap.entry(gfn)), -1);
    }
  }
}
