package org.xenarium.emulator.domain;

import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.LifeEvent;

/**
 * The destruction of a domain, in flight: one indivisible step at a time, in the order of spec §5.1, with everything that others do in
 * between. It belongs to its domain's state.
 */
public final class DomainDeath {
  /** What the next step does. */
  public enum Phase {
    /** Waits for the domain's hypercalls in flight; then the domain is dying. */
    STOP,
    /** One mapping or one port given back. */
    RELEASE,
    /** The allocation reference of one page that Xen lent. */
    XEN_HEAP_PAGES,
    /** The allocation reference of one page of RAM. */
    RAM_PAGES,
    /** One physmap entry. */
    PHYSMAP,
    /** The domain is dead: it leaves the list, or stays in it as a zombie. */
    BURY,
    DONE
  }

  private Phase next = Phase.STOP;
  private long position;

  DomainDeath() {}

  DomainDeath copy() {
    DomainDeath copy = new DomainDeath();
    copy.next = next;
    copy.position = position;
    return copy;
  }

  void digest(Digest digest) {
    digest.add(next).add(position);
  }

  public Phase phase() {
    return next;
  }

  /** True while the first step has to wait for a hypercall of the domain to end or to be preempted. */
  public boolean isWaiting(Domain domain) {
    return next == Phase.STOP && domain.isInHypercall();
  }

  /** The lock that the next step needs: releasing a mapping touches the granter's entry. */
  public long needs(Domain domain) {
    return next == Phase.RELEASE ? DomainParts.releaseNeeds(domain.parts()) : Lock.NONE;
  }

  /** Performs one step; false when that was the last one. */
  public boolean step(Domain domain) {
    StepWatcher watcher = domain.world().stepWatcher();
    watcher.beforeDeath(domain);
    next = perform(domain);
    watcher.afterDeath(domain);
    return next != Phase.DONE;
  }

  private Phase perform(Domain domain) {
    return switch (next) {
      case STOP -> stop(domain);
      case RELEASE -> DomainParts.release(domain.parts()) ? Phase.RELEASE : Phase.XEN_HEAP_PAGES;
      case XEN_HEAP_PAGES -> dropPage(domain, true, Phase.RAM_PAGES);
      case RAM_PAGES -> dropPage(domain, false, Phase.PHYSMAP);
      case PHYSMAP -> tearDown(domain);
      case BURY -> bury(domain);
      case DONE -> Phase.DONE;
    };
  }

  private static Phase stop(Domain domain) {
    domain.run().setLife(Life.DYING);
    domain.physmap().close();
    domain.world().trace().life(domain.id(), LifeEvent.DYING, 0);
    return Phase.RELEASE;
  }

  /** Drops one allocation reference, or finds that no page of the kind has one any more. */
  private Phase dropPage(Domain domain, boolean xenHeap, Phase then) {
    MachineMemory memory = domain.world().memory();
    long mfn = memory.nextOwned(domain.incarnation(), Math.max(position, memory.firstMfn()));
    while (mfn != Mfn.NONE && (memory.isXenHeap(mfn) != xenHeap || !memory.isAllocated(mfn))) {
      mfn = memory.nextOwned(domain.incarnation(), mfn + 1);
    }
    if (mfn == Mfn.NONE) {
      position = 0;
      return then;
    }
    position = mfn + 1;
    memory.putAllocation(mfn);
    return next;
  }

  private Phase tearDown(Domain domain) {
    position = domain.physmap().tearDown(position);
    if (position >= 0) {
      return Phase.PHYSMAP;
    }
    position = 0;
    return Phase.BURY;
  }

  private static Phase bury(Domain domain) {
    domain.run().endDeath();
    domain.world().bury(domain);
    return Phase.DONE;
  }
}
