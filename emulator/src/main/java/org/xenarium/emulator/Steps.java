package org.xenarium.emulator;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainDeath;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.hypercall.HypercallTable;
import org.xenarium.emulator.hypercall.Multicall;

/** The next indivisible step of a vCPU or of a domain's destruction: whether it can be taken, and taking it. Keeps nothing of its own. */
final class Steps {
  private final World world;
  private final HypercallTable hypercalls;

  Steps(World world, HypercallTable hypercalls) {
    this.world = world;
    this.hypercalls = hypercalls;
  }

  boolean enabled(Vcpu vcpu) {
    if (!vcpu.runnable()) {
      return false;
    }
    Routine call = vcpu.call();
    if (call == null) {
      Routine code = vcpu.code();
      boolean waits = vcpu.upcalls().isBlocked() || (!vcpu.atHypercall() && code != null && code.isWaiting(vcpu));
      return !waits || vcpu.upcalls().isDue();
    }
    return isFree(call.needs(vcpu), vcpu);
  }

  boolean deathEnabled(Domain domain) {
    DomainDeath death = domain.death();
    return death != null && !death.isWaiting(domain) && isFree(death.needs(domain), null);
  }

  /** True when no operation in flight, other than that of {@code but}, holds the lock. */
  private boolean isFree(long lock, @Nullable Vcpu but) {
    if (lock == Lock.NONE) {
      return true;
    }
    for (Domain domain : world.domains()) {
      for (int i = 0; i < domain.vcpuCount(); i++) {
        Vcpu other = domain.vcpu(i);
        if (other != but && other.call() != null && Lock.conflict(lock, other.call().holds(other))) {
          return false;
        }
      }
    }
    return true;
  }

  boolean step(Vcpu vcpu) {
    if (!vcpu.runnable()) {
      return false;
    }
    StepWatcher watcher = world.stepWatcher();
    watcher.before(vcpu);
    take(vcpu);
    watcher.after(vcpu);
    return true;
  }

  private void take(Vcpu vcpu) {
    Routine call = vcpu.call();
    if (call != null) {
      if (!call.step(vcpu)) {
        finish(vcpu);
      }
    } else if (vcpu.upcalls().isDue()) {
      vcpu.takeUpcall();
    } else if (vcpu.atHypercall()) {
      vcpu.setCall(hypercalls.start(vcpu));
      if (vcpu.call() == null) {
        finish(vcpu);
      }
    } else {
      vcpu.stepCode();
    }
  }

  private void finish(Vcpu vcpu) {
    vcpu.setCall(null);
    world.operationEnded();
    if (!vcpu.atHypercall()) {
      vcpu.endHypercall();
    }
  }

  /** The hypercall that the vCPU has issued or is in, to its end, with its continuations and the upcalls that come between them. */
  void finishCall(Vcpu vcpu) {
    if (!vcpu.runnable()) {
      throw new IllegalStateException("vCPU " + vcpu.id() + " of domain " + vcpu.domain().id() + " cannot issue hypercalls any more");
    }
    boolean watched = world.stepWatcher() != StepWatcher.NONE;
    long x0 = vcpu.x(0);
    long x1 = vcpu.x(1);
    while (vcpu.call() != null || (vcpu.runnable() && (vcpu.atHypercall() || vcpu.upcalls().running() != null))) {
      boolean inHypercall = vcpu.call() != null || (vcpu.atHypercall() && !vcpu.upcalls().isDue());
      if (inHypercall && vcpu.call() == null) {
        x0 = vcpu.x(0);
        x1 = vcpu.x(1);
      }
      if (watched || !inHypercall) {
        step(vcpu);
      } else {
        takeAll(vcpu);
      }
      if (inHypercall && isBackWhereItBegan(vcpu, x0, x1)) {
        vcpu.hang(x1);
      }
    }
  }

  /** The call has left the hypervisor without having done anything, and will do so for ever: nobody else goes on meanwhile. */
  private static boolean isBackWhereItBegan(Vcpu vcpu, long x0, long x1) {
    boolean left = vcpu.call() == null && vcpu.atHypercall() && vcpu.number() != Multicall.HYPERCALL;
    return left && vcpu.x(0) == x0 && vcpu.x(1) == x1;
  }

  /** All steps up to the end of the call or its next preemption, back to back. */
  private void takeAll(Vcpu vcpu) {
    Routine call = vcpu.call();
    if (call == null) {
      call = hypercalls.start(vcpu);
      vcpu.setCall(call);
    }
    if (call != null) {
      while (call.step(vcpu)) {}
    }
    finish(vcpu);
  }

  /** All steps of a destruction that has begun. Whoever keeps one of them waiting goes on meanwhile: first the domain's own hypercalls. */
  void finishDeath(Domain domain) {
    for (DomainDeath death = domain.death(); death != null; death = domain.death()) {
      if (deathEnabled(domain)) {
        death.step(domain);
      } else if (!letOneGoOn(domain) && !letAllGoOn()) {
        throw new IllegalStateException("the destruction of domain " + domain.id() + " waits for calls that cannot go on");
      }
    }
  }

  private boolean letOneGoOn(Domain domain) {
    for (int i = 0; i < domain.vcpuCount(); i++) {
      if (domain.vcpu(i).call() != null) {
        return enabled(domain.vcpu(i)) && step(domain.vcpu(i));
      }
    }
    return false;
  }

  private boolean letAllGoOn() {
    boolean any = false;
    for (Domain domain : List.copyOf(world.domains())) {
      for (int i = 0; i < domain.vcpuCount(); i++) {
        any |= domain.vcpu(i).call() != null && enabled(domain.vcpu(i)) && step(domain.vcpu(i));
      }
    }
    return any;
  }
}
