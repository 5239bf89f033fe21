package org.xenarium.gnttab.invariant;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.table.GrantCall;

/** Everything that a watch knows of a machine: its domains and frames as they were after the last step, and what they add up to. */
final class State {
  final Machine machine;
  final MachineMemory memory;
  final FrameCounts frames;
  long free;
  long lent;
  private @Nullable DomainView[] views = new DomainView[4];

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
    views = new DomainView[other.views.length];
    for (int i = 0; i < views.length; i++) {
      DomainView view = other.views[i];
      views[i] = view == null ? null : new DomainView(view, copied.domain(view.id()));
    }
  }

  /** As many slots as there ever were domains at a time, perhaps more. */
  int slots() {
    return views.length;
  }

  @Nullable DomainView view(int slot) {
    return views[slot];
  }

  void put(DomainView view) {
    views[view.slot] = view;
  }

  void drop(DomainView view) {
    views[view.slot] = null;
  }

  int freeSlot() {
    for (int i = 0; i < views.length; i++) {
      if (views[i] == null) {
        return i;
      }
    }
    views = Arrays.copyOf(views, 2 * views.length);
    return views.length / 2;
  }

  /** The listed domain with that id, or null. */
  @Nullable DomainView find(int domid) {
    for (DomainView view : views) {
      if (view != null && view.id() == domid) {
        return view;
      }
    }
    return null;
  }

  /** The listed domain of that incarnation, or null. */
  @Nullable DomainView incarnation(int incarnation) {
    for (DomainView view : views) {
      if (view != null && view.incarnation == incarnation) {
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

  /** Visits the pins that calls in flight hold. */
  void forEachPin(GrantCall.PinVisitor visitor) {
    for (DomainView view : views) {
      if (view != null) {
        for (int i = 0; i < view.vcpus.length; i++) {
          GrantCall call = callOf(view.domain.vcpu(i));
          if (call != null) {
            call.forEachPin(view.domain.vcpu(i), visitor);
          }
        }
      }
    }
  }

  /** How many calls of a domain have a handle in their hands that is neither live nor free. */
  static int handlesInHand(Domain domain) {
    int count = 0;
    for (int i = 0; i < domain.vcpuCount(); i++) {
      GrantCall call = callOf(domain.vcpu(i));
      count += call != null && call.handleInHand() >= 0 ? 1 : 0;
    }
    return count;
  }

  /** True when a call of the domain has that handle in its hands. */
  static boolean isInHand(Domain domain, int handle) {
    for (int i = 0; i < domain.vcpuCount(); i++) {
      GrantCall call = callOf(domain.vcpu(i));
      if (call != null && call.handleInHand() == handle) {
        return true;
      }
    }
    return false;
  }

  /** True while no hypercall is being executed. */
  boolean isQuiescent() {
    for (DomainView view : views) {
      if (view != null && isBusy(view.domain)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBusy(Domain domain) {
    for (int i = 0; i < domain.vcpuCount(); i++) {
      Routine call = domain.vcpu(i).call();
      if (call != null) {
        return true;
      }
    }
    return false;
  }
}
