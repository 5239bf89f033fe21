package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.abi.GrantFlags.PERMIT_ACCESS;
import static org.xenarium.gnttab.abi.GrantFlags.READING;
import static org.xenarium.gnttab.abi.GrantFlags.READONLY;
import static org.xenarium.gnttab.abi.GrantFlags.SUB_PAGE;
import static org.xenarium.gnttab.abi.GrantFlags.TYPE_MASK;
import static org.xenarium.gnttab.abi.GrantFlags.WRITING;
import static org.xenarium.gnttab.invariant.Invariant.I11;
import static org.xenarium.gnttab.invariant.Invariant.I12;
import static org.xenarium.gnttab.invariant.Invariant.I13;
import static org.xenarium.gnttab.invariant.Invariant.I14;
import static org.xenarium.gnttab.invariant.Invariant.I15;
import static org.xenarium.gnttab.invariant.Invariant.I16;
import static org.xenarium.gnttab.invariant.Invariant.I17;
import static org.xenarium.gnttab.invariant.Invariant.I18;
import static org.xenarium.gnttab.invariant.Invariant.I19;
import static org.xenarium.gnttab.invariant.Invariant.I20;
import static org.xenarium.gnttab.invariant.Invariant.I41;
import static org.xenarium.gnttab.invariant.Invariant.I72;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.Pins;
import org.xenarium.gnttab.table.SharedEntries;

/** I11 to I20: the two bits that the hypervisor writes, and what it may pin (spec §11.3). With them I41 and I72, which are about pins too. */
final class FlagsWord {
  static final int STATUS_BITS = READING | WRITING;

  private final Scene scene;
  private final Report report;

  FlagsWord(Scene scene) {
    this.scene = scene;
    report = scene.report();
  }

  // States.

  /** What holds of an entry after every step. */
  void everyStep(DomainView view, int ref) {
    if (view.isSpoilt(ref) || !view.table.contains(ref)) {
      return;
    }
    int flags = SharedEntries.status(view.domain, view.table, ref);
    int pin = view.table.active().pin(ref);
    if ((flags & WRITING) != 0) {
      report.tests(I13);
    }
    if ((flags & STATUS_BITS) == WRITING) {
      report.violated(I13, Place.entry(view.id(), ref), "the flags are 0x%04x", flags);
    }
    if (pin != 0) {
      report.tests(I14);
    }
    boolean missing = pin != 0 && (flags & READING) == 0 || Pins.hostWrites(pin) > 0 && (flags & WRITING) == 0;
    if (missing && !isPassedOn(view, ref)) {
      report.violated(I14, Place.entry(view.id(), ref), "the flags are 0x%04x and the pins 0x%08x", flags, pin);
    }
  }

  /**
   * A copy through a transitive entry marks it, leaves its lock, and looks at the pins alone when it comes back (spec §3.5.4): the release of
   * another copy through the same entry can have cleared the mark meanwhile, and the guest, which sees no mark, can have withdrawn the entry.
   */
  private static boolean isPassedOn(DomainView view, int ref) {
    ActiveEntries active = view.table.active();
    return active.pin(ref) != 0 && active.isPart(ref) && active.sourceDomid(ref) != view.id();
  }

  /** What holds of an entry between calls. */
  void quiescent(DomainView view, int ref) {
    if (view.isSpoilt(ref) || !view.table.contains(ref)) {
      return;
    }
    int flags = SharedEntries.status(view.domain, view.table, ref);
    int pin = view.table.active().pin(ref);
    if (Pins.hostWrites(pin) > 0) {
      report.tests(I11);
    }
    if ((flags & WRITING) != 0 != Pins.hostWrites(pin) > 0) {
      report.violated(I11, Place.entry(view.id(), ref), "the flags are 0x%04x with %d write pins", flags, Pins.hostWrites(pin));
    }
    if (pin != 0) {
      report.tests(I12);
    }
    if ((flags & READING) != 0 != (pin != 0) && !isPassedOn(view, ref)) {
      report.violated(I12, Place.entry(view.id(), ref), "the flags are 0x%04x with pins 0x%08x", flags, pin);
    }
  }

  // Transitions.

  /** The hypervisor has changed the bytes of an entry that are not its status bits alone (I15, I20). */
  void hypervisorWrote(DomainView view, int ref, long oldWord, long word, boolean status) {
    long other = (oldWord ^ word) & ~STATUS_BITS;
    long cleared = oldWord & ~word & STATUS_BITS;
    report.tests(I15);
    if (cleared != 0) {
      report.tests(I20);
    }
    if (other != 0) {
      boolean flagsOnly = (status || (other & ~0xffffL) == 0) && cleared != 0;
      report.violated(
          flagsOnly ? I20 : I15,
          Place.entry(view.id(), ref),
          "%s changed 0x%x to 0x%x%s",
          scene.step().call(),
          oldWord,
          word,
          status ? " in the status word" : "");
    }
  }

  /** The hypervisor has set or cleared status bits (I16). */
  void statusBits(DomainView view, int ref, int oldFlags, int flags) {
    Step step = scene.step();
    boolean claims = step.isCall(GnttabOp.MAP_GRANT_REF) || step.isCall(GnttabOp.COPY);
    boolean locked = step.hasLocked(view.incarnation, ref);
    boolean sets = (flags & ~oldFlags & STATUS_BITS) != 0;
    boolean clears = (oldFlags & ~flags & STATUS_BITS) != 0;
    if (sets || clears) {
      report.tests(I16);
    }
    boolean maySet = claims && locked;
    boolean mayClear = (claims || step.isUnmap()) && locked || step.by == Step.By.DEATH;
    if (sets && !maySet || clears && !mayClear) {
      report.violated(I16, Place.entry(view.id(), ref), "%s changed the flags from 0x%04x to 0x%04x", step.call(), oldFlags, flags);
    }
  }

  /** A pin has come to an entry. */
  void pinned(DomainView view, int ref, int oldPin) {
    ActiveEntries active = view.table.active();
    int pin = active.pin(ref);
    if (oldPin == 0) {
      firstPin(view, ref);
    }
    if (Pins.hostWrites(oldPin) == 0 && Pins.hostWrites(pin) > 0) {
      report.tests(I18);
    }
    if (Pins.hostWrites(oldPin) == 0 && Pins.hostWrites(pin) > 0 && allHeaders(view, ref, READONLY, READONLY)) {
      report.violated(I18, Place.entry(view.id(), ref), "%s pins a read-only entry for writing", scene.step().call());
    }
    boolean enough = oldPin != 0 && (Pins.hostWrites(oldPin) > 0 || Pins.hostReads(pin) > Pins.hostReads(oldPin));
    if (enough && scene.step().isCall(GnttabOp.COPY) && view.domain.life() != Life.ALIVE && view.table.version() == 1) {
      report.violated(I72, Place.entry(view.id(), ref), "a copy pins an entry of a dying domain again");
    }
  }

  private void firstPin(DomainView view, int ref) {
    ActiveEntries active = view.table.active();
    int owner = active.isPart(ref) ? active.sourceDomid(ref) : view.id();
    int found = scene.state().memory.owner(active.mfn(ref));
    report.tests(I41);
    if (found < 0 || Domain.idOf(found) != owner) {
      report.violated(I41, Place.entry(view.id(), ref), "frame 0x%x is pinned and not a page of domain %d", active.mfn(ref), owner);
    }
    if (!view.isSpoilt(ref) && !isPassedOn(view, ref) && allHeaders(view, ref, TYPE_MASK, 0)) {
      report.violated(I19, Place.entry(view.id(), ref), "%s pins an entry that grants nothing", scene.step().call());
    }
    if (scene.step().isCall(GnttabOp.MAP_GRANT_REF)) {
      report.tests(I17);
      boolean writes = Pins.isWritePinned(active.pin(ref));
      int header = header(view, ref);
      int before = earlierHeader(view, ref);
      if (!permits(header, active.domid(ref), writes) && !permits(before, active.domid(ref), writes)) {
        report.violated(I17, Place.entry(view.id(), ref), "domain %d maps an entry with 0x%08x", active.domid(ref), before);
      }
    }
  }

  private static boolean permits(int header, int mapper, boolean writes) {
    return (header & (TYPE_MASK | SUB_PAGE)) == PERMIT_ACCESS && header >>> 16 == mapper && !(writes && (header & READONLY) != 0);
  }

  /** Did the entry look so at both moments at which the operation may have decided: before this step, and before the one before? */
  private boolean allHeaders(DomainView view, int ref, int mask, int value) {
    return (header(view, ref) & mask) == value && (earlierHeader(view, ref) & mask) == value;
  }

  /** The header before this step. */
  private int header(DomainView view, int ref) {
    Step step = scene.step();
    boolean locked = step.lock == Lock.entry(view.incarnation, ref);
    return locked ? step.header : SharedEntries.header(view.domain, view.table, ref);
  }

  /** The header before the vCPU's step before this one, if that was about the same entry. */
  private int earlierHeader(DomainView view, int ref) {
    VcpuView vcpu = scene.step().vcpu;
    return vcpu != null && vcpu.lastLock == Lock.entry(view.incarnation, ref) ? vcpu.lastHeader : header(view, ref);
  }

  /** A guest has withdrawn an entry while neither bit was set (I19). */
  void withdrawn(DomainView view, int ref) {
    int pin = view.table.active().pin(ref);
    if (view.isSpoilt(ref) || isPassedOn(view, ref)) {
      return;
    }
    report.tests(I19);
    if (pin != 0) {
      report.violated(I19, Place.entry(view.id(), ref), "it was withdrawn with its bits clear and has pins 0x%08x", pin);
    }
  }
}
