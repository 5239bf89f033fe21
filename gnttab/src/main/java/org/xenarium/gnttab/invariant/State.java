package org.xenarium.gnttab.invariant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantTable;

/** Everything that a watch knows of a machine: its domains and frames as they were after the last step, and what they add up to. */
final class State {
  final Machine machine;
  final MachineMemory memory;
  final FrameCounts frames;
  long free;
  long lent;

  /** Views by their slots, which the journal's numbers are made from. */
  private @Nullable DomainView[] slots = new DomainView[4];

  /** Views of the listed domains, in the order of the list. */
  private DomainView[] listed = {};

  /** vCPUs in a hypercall when those were last looked for, in the order of the list, and which of their calls are grant calls. */
  private Vcpu[] busy = new Vcpu[4];

  private @Nullable GrantCall[] grants = new GrantCall[4];
  private int busyCount;

  /** The list when it was last gone through; null before that. */
  private @Nullable List<Domain> list;

  State(Machine machine) {
    this.machine = machine;
    memory = machine.world().memory();
    frames = new FrameCounts(memory.firstMfn());
    free = memory.frameCount();
  }

  /** The same knowledge about a copy of the machine. */
  State(State other, Machine copied) {
    machine = copied;
    memory = copied.world().memory();
    frames = other.frames.copy();
    free = other.free;
    lent = other.lent;
    slots = new DomainView[other.slots.length];
    listed = new DomainView[other.listed.length];
    for (int i = 0; i < listed.length; i++) {
      DomainView view = other.listed[i];
      listed[i] = new DomainView(view, copied.domain(view.id()));
      slots[view.slot] = listed[i];
    }
    findCalls();
  }

  /** How many listed domains are known. */
  int count() {
    return listed.length;
  }

  /** The {@code i}-th listed domain. */
  DomainView view(int i) {
    return listed[i];
  }

  /** The domain of that slot, or null. */
  @Nullable DomainView inSlot(int slot) {
    return slot < slots.length ? slots[slot] : null;
  }

  /** True when the domains that are known may not be those that are listed. */
  boolean isOutdated() {
    return machine.world().domains() != list;
  }

  /** The domains that are known are those that are listed. */
  void isUpToDate() {
    list = machine.world().domains();
  }

  void add(DomainView view) {
    slots[view.slot] = view;
    relist();
  }

  /** A domain has left the list, and its table with it: what calls in flight still have pinned there counts no longer. */
  void drop(DomainView view) {
    slots[view.slot] = null;
    forgetPins(view.table.active());
    for (DomainView other : listed) {
      for (VcpuView vcpu : other.vcpus) {
        vcpu.outlived = true;
      }
    }
    relist();
  }

  private void forgetPins(ActiveEntries active) {
    for (long ref = active.nextPinned(0); ref >= 0; ref = active.nextPinned(ref + 1)) {
      int pins = Counters.total(active.pin((int) ref));
      frames.pins(active.mfn((int) ref), -pins);
      for (DomainView view : listed) {
        view.pinsForIt -= view.id() == active.domid((int) ref) ? pins : 0;
      }
    }
  }

  /** Puts the views of listed domains into the order of the list. */
  private void relist() {
    List<DomainView> known = new ArrayList<>();
    for (Domain domain : machine.world().domains()) {
      for (DomainView view : slots) {
        if (view != null && view.domain == domain) {
          known.add(view);
        }
      }
    }
    for (DomainView view : slots) {
      if (view != null && !known.contains(view)) {
        known.add(view);
      }
    }
    listed = known.toArray(DomainView[]::new);
    findCalls();
  }

  /**
   * A vCPU has taken a step: nobody else can have begun, changed or ended a call.
   *
   * @param grant the grant call that it is in now
   */
  void follow(Vcpu vcpu, @Nullable GrantCall grant) {
    boolean inCall = vcpu.call() != null;
    for (int i = 0; i < busyCount; i++) {
      if (busy[i] == vcpu && inCall) {
        grants[i] = grant;
        return;
      }
    }
    if (inCall || busyCount > 0) {
      findCalls();
    }
  }

  /** Looks for calls in flight. To be done when others than one vCPU that took a step may have begun or ended some. */
  void findCalls() {
    busyCount = 0;
    for (DomainView view : listed) {
      for (int i = 0; i < view.vcpus.length; i++) {
        Vcpu vcpu = view.domain.vcpu(i);
        if (vcpu.call() != null) {
          addCall(vcpu);
        }
      }
    }
  }

  private void addCall(Vcpu vcpu) {
    if (busyCount == busy.length) {
      busy = Arrays.copyOf(busy, 2 * busyCount);
      grants = Arrays.copyOf(grants, 2 * busyCount);
    }
    busy[busyCount] = vcpu;
    grants[busyCount++] = callOf(vcpu);
  }

  /** How many vCPUs are in a hypercall. */
  int busyCount() {
    return busyCount;
  }

  /** The {@code i}-th vCPU that is in a hypercall. */
  Vcpu busy(int i) {
    return busy[i];
  }

  int freeSlot() {
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] == null) {
        return i;
      }
    }
    slots = Arrays.copyOf(slots, 2 * slots.length);
    return slots.length / 2;
  }

  /** The listed domain with that id, or null. */
  @Nullable DomainView find(int domid) {
    for (DomainView view : listed) {
      if (view.domain.id() == domid) {
        return view;
      }
    }
    return null;
  }

  /** The listed domain of that incarnation, or null. */
  @Nullable DomainView incarnation(int incarnation) {
    for (DomainView view : listed) {
      if (view.incarnation == incarnation) {
        return view;
      }
    }
    return null;
  }

  /** The grant call that a vCPU is in, or null; a multicall is in the call of its entry. */
  static @Nullable GrantCall callOf(Vcpu vcpu) {
    Routine call = vcpu.call();
    return call != null && call.innermost() instanceof GrantCall grant ? grant : null;
  }

  /** How many pins on that frame belong to calls in flight: a map holds no reference yet when it has just pinned a page again (spec §3.3.1). */
  int pinsInFlight(long mfn) {
    int[] found = {0};
    forEachPin((owner, ref, readonly, holder) -> {
      Domain granter = machine.world().incarnation(owner);
      found[0] += granter != null && GrantTable.of(granter).active().mfn(ref) == mfn ? 1 : 0;
    });
    return found[0];
  }

  /** How many pins calls in flight hold in the name of that domain. */
  int pinsInFlightFor(int domid) {
    int[] found = {0};
    forEachPin((owner, ref, readonly, holder) -> found[0] += holder == domid ? 1 : 0);
    return found[0];
  }

  /** Visits the pins that calls in flight hold. */
  void forEachPin(GrantCall.PinVisitor visitor) {
    for (int i = 0; i < busyCount; i++) {
      GrantCall call = grants[i];
      if (call != null) {
        call.forEachPin(busy[i], visitor);
      }
    }
  }

  /** How many calls of a domain have a handle in their hands that is neither live nor free. */
  int handlesInHand(Domain domain) {
    int count = 0;
    for (int i = 0; i < busyCount; i++) {
      GrantCall call = grants[i];
      count += call != null && busy[i].domain() == domain && call.handleInHand() >= 0 ? 1 : 0;
    }
    return count;
  }

  /** True when a call of the domain has that handle in its hands. */
  boolean isInHand(Domain domain, int handle) {
    for (int i = 0; i < busyCount; i++) {
      GrantCall call = grants[i];
      if (call != null && busy[i].domain() == domain && call.handleInHand() == handle) {
        return true;
      }
    }
    return false;
  }

  /** True while no hypercall is being executed. */
  boolean isQuiescent() {
    return busyCount == 0;
  }
}
