package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I1;
import static org.xenarium.gnttab.invariant.Invariant.I10;
import static org.xenarium.gnttab.invariant.Invariant.I2;
import static org.xenarium.gnttab.invariant.Invariant.I3;
import static org.xenarium.gnttab.invariant.Invariant.I4;
import static org.xenarium.gnttab.invariant.Invariant.I5;
import static org.xenarium.gnttab.invariant.Invariant.I6;
import static org.xenarium.gnttab.invariant.Invariant.I69;
import static org.xenarium.gnttab.invariant.Invariant.I7;
import static org.xenarium.gnttab.invariant.Invariant.I8;
import static org.xenarium.gnttab.invariant.Invariant.I9;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.Pins;

/** I1 to I10 and I69: pins and those who hold them (spec §11.2). */
final class Counters {
  private final Scene scene;
  private final Report report;
  private final GrantCall.PinVisitor counter = this::count;

  // While the pins in flight of one entry are counted.
  private int wanted;
  private int wantedRef;
  private int holder;
  private int reads;
  private int writes;

  Counters(Scene scene) {
    this.scene = scene;
    report = scene.report();
  }

  /** How many counts a pin word holds. */
  static int total(int pin) {
    return (pin & 0xff) + (pin >>> 8 & 0xff) + (pin >>> 16 & 0xff) + (pin >>> 24);
  }

  // Transitions.

  /** The pin word, the domain or the frame of an entry is another than before the step. */
  void changed(DomainView view, int ref, int oldPin, int oldDomid, long oldMfn) {
    ActiveEntries active = view.table.active();
    int pin = active.pin(ref);
    if (oldPin != 0 && pin != 0) {
      report.tests(I6);
    }
    if (oldPin != 0 && pin != 0 && (active.domid(ref) != oldDomid || active.mfn(ref) != oldMfn)) {
      Place place = Place.entry(view.id(), ref);
      report.violated(I6, place, "frame 0x%x for domain %d became frame 0x%x for domain %d", oldMfn, oldDomid, active.mfn(ref), active.domid(ref));
    }
    if (pin != oldPin) {
      account(view, ref, oldPin, pin);
    }
  }

  private void account(DomainView view, int ref, int oldPin, int pin) {
    Step step = scene.step();
    step.changedEntries++;
    step.chained |= view.table.active().isPart(ref);
    VcpuView vcpu = step.vcpu;
    for (int kind = 0; kind < 4; kind++) {
      int by = (pin >>> 8 * kind & 0xff) - (oldPin >>> 8 * kind & 0xff);
      if (by != 0) {
        step.counterChanges += Math.abs(by);
        if (vcpu != null) {
          long weighed = by * Scene.weight(view.slot, ref & 0xffff_ffffL, kind);
          vcpu.callPins += weighed;
          vcpu.callTaken -= by;
          vcpu.elementPins += weighed;
          vcpu.elementAdded += by;
        }
      }
    }
  }

  /** I8, and that operations which pin nothing change no counter (I9). */
  void stepEnds() {
    Step step = scene.step();
    if (step.counterChanges == 0 || step.by == Step.By.OUTSIDE) {
      return;
    }
    report.tests(I8);
    boolean passesOn = step.isCall(GnttabOp.COPY) && step.counterChanges == 2 && step.changedEntries == 2;
    if (step.counterChanges != 1 && !passesOn) {
      report.violated(I8, Place.MACHINE, "%s changed counters of %d entries by %d", step.call(), step.changedEntries, step.counterChanges);
    }
    boolean pins = step.isCall(GnttabOp.MAP_GRANT_REF) || step.isUnmap() || step.isCall(GnttabOp.COPY) || step.by == Step.By.DEATH;
    if (!pins) {
      report.violated(I9, Place.MACHINE, "%s changed a counter", step.call());
    }
  }

  /** I9 for an element that has just been decided. */
  void elementEnds(VcpuView vcpu, Rule rule) {
    Step step = scene.step();
    if (vcpu.outlived || rule.facts().kind() != Rule.Kind.STATUS) {
      return;
    }
    if (rule.result() != 0) {
      report.tests(I9);
    }
    if (step.isUnmap()) {
      vcpu.callUnmaps += rule.result() == 0 && rule != GrantRule.UNMAP_09 ? 1 : 0;
    } else if (step.isCall(GnttabOp.MAP_GRANT_REF)) {
      boolean right = rule.result() == 0 ? vcpu.elementAdded == 1 : vcpu.elementPins == 0;
      if (!right) {
        report.violated(I9, actor(), "a map that ended by %s has changed counters by %d", rule.id(), vcpu.elementAdded);
      }
    } else if (step.isCall(GnttabOp.COPY) && rule.result() != 0 && vcpu.callPins != 0) {
      report.violated(I9, actor(), "a copy that ended by %s still holds %d pins", rule.id(), -vcpu.callTaken);
    }
  }

  /** I9 for a call that has ended, or left the hypervisor for a while. */
  void callEnds(VcpuView vcpu) {
    Step step = scene.step();
    if (vcpu.outlived) {
      return;
    }
    if (step.isUnmap() && vcpu.callTaken != vcpu.callUnmaps) {
      report.violated(I9, actor(), "%d unmaps ended in okay and %d pins were taken away", vcpu.callUnmaps, vcpu.callTaken);
    }
    if (step.isCall(GnttabOp.COPY) && vcpu.callPins != 0) {
      report.violated(I9, actor(), "a copy has left %d pins behind", -vcpu.callTaken);
    }
  }

  private Place actor() {
    DomainView actor = scene.step().actor;
    return actor == null ? Place.MACHINE : Place.domain(actor.id());
  }

  // States.

  /** What holds of an entry after every step. */
  void everyStep(DomainView view, int ref) {
    ActiveEntries active = view.table.active();
    int pin = active.pin(ref);
    if (pin == 0) {
      report.tests(I10);
    }
    if (pin == 0 && !active.isBlank(ref)) {
      report.violated(I10, Place.entry(view.id(), ref), "an entry without pins keeps domain %d, frame 0x%x", active.domid(ref), active.mfn(ref));
    }
    if (Pins.hostReads(pin) > Pins.LIMIT || Pins.hostWrites(pin) > Pins.LIMIT) {
      report.violated(I3, Place.entry(view.id(), ref), "%d read and %d write pins", Pins.hostReads(pin), Pins.hostWrites(pin));
    }
    if (pin >>> 16 != 0) {
      report.violated(I4, Place.entry(view.id(), ref), "the pin word is 0x%08x", pin);
    }
    if (pin != 0) {
      report.tests(I2);
      report.tests(I3);
      report.tests(I4);
      report.tests(I69);
    }
    inFlight(view, ref, pin == 0 ? -1 : active.domid(ref));
    int readonly = view.maps(ref, true);
    int writable = view.maps(ref, false);
    if (Pins.hostReads(pin) != readonly + reads || Pins.hostWrites(pin) != writable + writes) {
      report.violated(
          I2,
          Place.entry(view.id(), ref),
          "%d read pins for %d handles and %d in flight, %d write pins for %d handles and %d in flight",
          Pins.hostReads(pin),
          readonly,
          reads,
          Pins.hostWrites(pin),
          writable,
          writes);
    }
    if (pin != 0 && scene.listed(active.domid(ref)) == null && !isOutlived(active.domid(ref), pin)) {
      report.violated(I69, Place.entry(view.id(), ref), "it is pinned for domain %d, which is not listed", active.domid(ref));
    }
  }

  /** A copy in flight holds the pins in the name of a domain that passes the grant on, and has left the list since. */
  private boolean isOutlived(int domid, int pin) {
    return total(pin) == reads + writes && scene.state().machine.world().incarnation(domid) != null;
  }

  /** Counts the pins in flight of an entry; I5 for those who hold them. */
  private void inFlight(DomainView view, int ref, int domid) {
    wanted = view.incarnation;
    wantedRef = ref;
    holder = domid;
    reads = 0;
    writes = 0;
    scene.state().forEachPin(counter);
  }

  private void count(int granter, int ref, boolean readonly, int by) {
    if (granter == wanted && ref == wantedRef) {
      reads += readonly ? 1 : 0;
      writes += readonly ? 0 : 1;
      report.tests(I5);
      if (holder >= 0 && by != holder) {
        report.violated(I5, Place.entry(Domain.idOf(granter), ref), "a call of domain %d holds a pin of an entry that is pinned for domain %d", by, holder);
      }
    }
  }

  /** I5 for a live handle. */
  void handle(DomainView view, int handle) {
    Maptrack maptrack = view.table.maptrack();
    DomainView granter = scene.state().find(maptrack.domid(handle));
    int ref = maptrack.ref(handle);
    if (granter != null && granter.table.active().pin(ref) != 0 && granter.table.active().domid(ref) != view.id()) {
      int domid = granter.table.active().domid(ref);
      report.violated(I5, Place.handle(view.id(), handle), "entry %d of domain %d is pinned for domain %d", ref, granter.id(), domid);
    }
  }

  /** What holds of an entry between calls. */
  void quiescent(DomainView view, int ref) {
    ActiveEntries active = view.table.active();
    int pin = active.pin(ref);
    if (pin != 0) {
      report.tests(I1);
      report.tests(I7);
    }
    if (Pins.hostReads(pin) != view.maps(ref, true) || Pins.hostWrites(pin) != view.maps(ref, false)) {
      report.violated(
          I1,
          Place.entry(view.id(), ref),
          "%d read pins and %d handles, %d write pins and %d handles",
          Pins.hostReads(pin),
          view.maps(ref, true),
          Pins.hostWrites(pin),
          view.maps(ref, false));
    }
    if (pin != 0) {
      long mfn = active.mfn(ref);
      int owner = active.isPart(ref) ? active.sourceDomid(ref) : view.id();
      int found = scene.state().memory.owner(mfn);
      if (found < 0 || Domain.idOf(found) != owner) {
        report.violated(I7, Place.entry(view.id(), ref), "it pins frame 0x%x, which is no page of domain %d", mfn, owner);
      }
    }
  }

  /** What holds of a frame between calls: it has a reference for each pin. */
  void quiescentFrame(long mfn) {
    long references = scene.state().memory.references(mfn);
    int pins = scene.state().frames.pins(mfn);
    if (references < pins) {
      report.violated(I7, Place.frame(scene.state().memory.owner(mfn), mfn), "%d references and %d pins", references, pins);
    }
  }
}
