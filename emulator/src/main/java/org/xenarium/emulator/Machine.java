package org.xenarium.emulator;

import java.util.List;
import org.xenarium.emulator.domain.Creation;
import org.xenarium.emulator.domain.ToolstackRule;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Host;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.evtchn.EventChannelOp;
import org.xenarium.emulator.hypercall.HypercallHandler;
import org.xenarium.emulator.hypercall.HypercallTable;
import org.xenarium.emulator.hypercall.Multicall;
import org.xenarium.emulator.memoryop.MapSpace;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.memoryop.MemoryOp;
import org.xenarium.emulator.memoryop.MapSpaces;
import org.xenarium.emulator.memoryop.Resource;
import org.xenarium.emulator.schedop.SchedOp;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.versionop.HvmOp;
import org.xenarium.emulator.versionop.VersionOp;

/**
 * A machine that runs Xen: build it, let its vCPUs take steps, copy it, compare it. All state hangs off this value; two machines share
 * nothing that either can change.
 *
 * <p>There are three ways to make it go on. {@link #run} takes events in their order of time. {@link #step(Vcpu)} and {@link #stepDeath} take
 * one indivisible step of the caller's choice, which is how interleavings are explored. {@link #call} executes one hypercall back to back.
 */
public final class Machine {
  private final World world;
  private final Toolstack toolstack;
  private final HypercallTable hypercalls;
  private final Steps steps;
  private final EventLoop loop;

  Machine(MachineBuilder builder) {
    world = new World(builder.semantics, builder.firstMfn, builder.frames, builder.reach, builder.seed);
    toolstack = new Toolstack(world, List.copyOf(builder.modules));
    hypercalls = new HypercallTable();
    steps = new Steps(world, hypercalls);
    loop = new EventLoop(world, steps, builder.costs);
    MapSpaces spaces = new MapSpaces();
    Module.Registry registry = registry(builder.semantics, hypercalls, spaces);
    registry.hypercall(MemoryAbi.HYPERCALL, new MemoryOp(spaces));
    registry.hypercall(EventChannelOp.HYPERCALL, new EventChannelOp());
    registry.hypercall(SchedOp.HYPERCALL, new SchedOp());
    registry.hypercall(VersionOp.HYPERCALL, new VersionOp());
    registry.hypercall(HvmOp.HYPERCALL, new HvmOp());
    registry.hypercall(Multicall.HYPERCALL, Multicall.handler(hypercalls));
    builder.modules.forEach(module -> module.register(registry));
  }

  private static Module.Registry registry(Semantics semantics, HypercallTable hypercalls, MapSpaces spaces) {
    return new Module.Registry() {
      @Override
      public Semantics semantics() {
        return semantics;
      }

      @Override
      public void hypercall(int number, HypercallHandler handler) {
        hypercalls.register(number, handler);
      }

      @Override
      public void mapSpace(int space, MapSpace frames) {
        spaces.register(space, frames);
      }

      @Override
      public void resource(int type, Resource resource) {
        spaces.register(type, resource);
      }
    };
  }

  private Machine(Machine other, Host host) {
    world = other.world.copy(host);
    toolstack = other.toolstack.of(world);
    hypercalls = other.hypercalls;
    steps = new Steps(world, hypercalls);
    loop = other.loop.copy(world, steps);
  }

  public static MachineBuilder builder() {
    return new MachineBuilder();
  }

  /** An independent machine in the same state, for use in the same thread. Nobody watches it. */
  public Machine copy() {
    return copy(world.host());
  }

  /** An independent machine in the same state. Machines of different threads must not share a host. */
  public Machine copy(Host host) {
    return new Machine(this, host);
  }

  /** Makes this machine safe to copy from several threads, until it takes a step. */
  public void freeze() {
    world.freeze();
  }

  /** A fingerprint of the whole state, equal in every process for equal states. */
  public long digest() {
    Digest digest = new Digest();
    world.digest(digest);
    loop.digest(digest);
    return digest.value();
  }

  public World world() {
    return world;
  }

  /** The listed domain with that id. */
  public Domain domain(int id) {
    Domain domain = world.domain(id);
    if (domain == null) {
      throw new IllegalArgumentException("there is no domain " + id);
    }
    return domain;
  }

  // The toolstack's side: domains come and go.

  /** Creates a domain without RAM, as the toolstack asks for it. A refusal leaves nothing behind. */
  public Creation create(DomainConfig config) {
    return toolstack.create(config);
  }

  /** As {@link #create}, for a domain that cannot be refused. */
  public Domain createDomain(DomainConfig config) {
    return create(config).orThrow();
  }

  /** Keeps the domain's vCPUs from running, once more; hypercalls in flight go on to their end or to their next preemption. */
  public void pause(int id) {
    domain(id).pause();
  }

  /** Takes one {@link #pause} back. With the last one the vCPUs go on. */
  public void unpause(int id) {
    domain(id).unpause();
  }

  /**
   * Resets a paused domain as far as Xen on Arm can: its event channels are closed, its grants stay as they are, and because the rest cannot be
   * done the domain crashes.
   */
  public ToolstackRule softReset(int id) {
    return toolstack.softReset(domain(id));
  }

  /**
   * Begins to destroy a domain, as the toolstack would: its vCPUs run no more, and as soon as its hypercalls in flight have ended or were
   * preempted the first step can be taken. A dying domain goes on dying, a dead one stays dead.
   */
  public void beginDestroy(int id) {
    domain(id).beginDeath();
  }

  /** Has the destruction of that domain a next step, and does neither a lock nor a hypercall in flight keep it waiting? */
  public boolean canStepDeath(int id) {
    return steps.deathEnabled(domain(id));
  }

  /**
   * Takes one indivisible step of a destruction that has begun (spec §5.1, §8.2).
   *
   * @return false when that was the last one: the domain has disappeared or is a zombie
   */
  public boolean stepDeath(int id) {
    if (!canStepDeath(id)) {
      throw new IllegalStateException("the destruction of domain " + id + " has no step that can be taken");
    }
    return loop.stepDeath(domain(id));
  }

  /** Destroys a domain, all steps back to back. Hypercalls in flight that keep one of them waiting go on meanwhile. */
  public void destroyDomain(int id) {
    Domain domain = domain(id);
    domain.beginDeath();
    steps.finishDeath(domain);
    loop.forget(domain);
  }

  /** Lets the toolstack destroy a domain that many virtual nanoseconds from now; the steps are events like all others. */
  public void scheduleDestroy(int id, long nanos) {
    loop.scheduleDeath(domain(id), nanos);
  }

  // Time and steps.

  /** Virtual nanoseconds since the machine was built. */
  public long now() {
    return loop.now();
  }

  /** Gives a vCPU guest code to run, from now on. */
  public void start(Vcpu vcpu, Routine guest) {
    if (vcpu.guest() != null) {
      throw new IllegalStateException("vCPU " + vcpu.id() + " of domain " + vcpu.domain().id() + " runs guest code already");
    }
    vcpu.setGuest(guest);
    loop.start(vcpu);
  }

  /** Takes events in their order until none is left, or until all that are left wait for each other. */
  public void run() {
    run(Long.MAX_VALUE);
  }

  /** As {@link #run()}, but only up to {@code until} nanoseconds of virtual time, which is what the clock then says. */
  public void run(long until) {
    loop.run(until);
  }

  /** True when the vCPU has a next step and neither a lock nor its guest code nor its domain keeps it waiting. */
  public boolean enabled(Vcpu vcpu) {
    return steps.enabled(vcpu);
  }

  /**
   * Takes one indivisible step of that vCPU: of the hypercall it is in, else the HVC it is at, else of its guest code. Who steps by hand has an
   * order instead of a clock: a sleep that the guest asks for in such a step is over at once, and the clock moves on by it.
   *
   * @return false when there was nothing to do
   */
  public boolean step(Vcpu vcpu) {
    boolean stepped = steps.step(vcpu);
    loop.pass(vcpu.takeSleep());
    return stepped;
  }

  /** Is the event-channel interrupt of that vCPU on its way? */
  public boolean isInterruptOnItsWay(Vcpu vcpu) {
    return loop.isOnItsWay(vcpu);
  }

  /** Lets the interrupt that is on its way arrive now: the step of whoever chooses the order instead of having a clock. */
  public void deliverInterrupt(Vcpu vcpu) {
    if (!loop.isOnItsWay(vcpu)) {
      throw new IllegalStateException("no interrupt is on its way to vCPU " + vcpu.id() + " of domain " + vcpu.domain().id());
    }
    loop.arrive(vcpu);
  }

  /** Executes one hypercall of an idle vCPU, continuations included, and returns x0. */
  public long call(Vcpu vcpu, int number, long x0, long x1, long x2) {
    vcpu.issue(number, x0, x1, x2);
    return finishCall(vcpu);
  }

  /**
   * Executes the hypercall that the vCPU has issued or is in, to its end, and returns x0. The vCPU must be able to go on. A call that begins
   * again without having done anything would do so for ever, as nobody else acts meanwhile: then the vCPU is stuck.
   */
  public long finishCall(Vcpu vcpu) {
    steps.finishCall(vcpu);
    return vcpu.x(0);
  }
}
