package org.xenarium.emulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.DomainDeath;
import org.xenarium.emulator.domain.Host;
import org.xenarium.emulator.domain.Lock;
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
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.time.EventQueue;
import org.xenarium.emulator.versionop.HvmOp;
import org.xenarium.emulator.versionop.VersionOp;

/**
 * A machine that runs Xen: build it, let its vCPUs take steps, copy it, compare it. All state hangs off this value; two machines share
 * nothing that either can change.
 *
 * <p>There are three ways to make it go on. {@link #run} takes events in their order of time. {@link #step(Vcpu)} takes one indivisible step
 * of a vCPU of the caller's choice, which is how interleavings are explored. {@link #call} executes one hypercall back to back.
 */
public final class Machine {
  private final World world;
  private final List<Module> modules;
  private final HypercallTable hypercalls;
  private final CostModel costs;
  private final EventQueue events;

  private Machine(Builder builder) {
    world = new World(builder.semantics, builder.firstMfn, builder.frames, builder.reach, builder.seed);
    modules = List.copyOf(builder.modules);
    hypercalls = new HypercallTable();
    costs = builder.costs;
    events = new EventQueue();
    MapSpaces spaces = new MapSpaces();
    Module.Registry registry = registry(hypercalls, spaces);
    registry.hypercall(MemoryAbi.HYPERCALL, new MemoryOp(spaces));
    registry.hypercall(EventChannelOp.HYPERCALL, new EventChannelOp());
    registry.hypercall(VersionOp.HYPERCALL, new VersionOp());
    registry.hypercall(HvmOp.HYPERCALL, new HvmOp());
    registry.hypercall(Multicall.HYPERCALL, Multicall.handler(hypercalls));
    modules.forEach(module -> module.register(registry));
  }

  private static Module.Registry registry(HypercallTable hypercalls, MapSpaces spaces) {
    return new Module.Registry() {
      @Override
      public void hypercall(int number, HypercallHandler handler) {
        hypercalls.register(number, handler);
      }

      @Override
      public void mapSpace(int space, MapSpace frames) {
        spaces.register(space, frames);
      }
    };
  }

  private Machine(Machine other, Host host) {
    world = other.world.copy(host);
    modules = other.modules;
    hypercalls = other.hypercalls;
    costs = other.costs;
    events = other.events.copy();
  }

  public static Builder builder() {
    return new Builder();
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
    events.digest(digest);
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

  public Domain createDomain(DomainConfig config) {
    Domain domain = world.addDomain(config);
    modules.forEach(module -> domain.attach(module.create(domain, config)));
    domain.attach(EventChannelOp.create(domain));
    return domain;
  }

  /**
   * Destroys a domain, as the toolstack would, all steps back to back. Pausing it comes first: its hypercalls in flight run on to their end or
   * to their next preemption.
   */
  public void destroyDomain(int id) {
    Domain domain = domain(id);
    for (int i = 0; i < domain.vcpuCount(); i++) {
      while (domain.vcpu(i).call() != null && domain.vcpu(i).runnable()) {
        stepOrLetOthers(domain.vcpu(i));
      }
    }
    for (int i = 0; i < domain.vcpuCount(); i++) {
      events.remove(actor(domain.vcpu(i)));
    }
    new DomainDeath(domain).run();
  }

  /** One step of a vCPU in a hypercall, or, while a lock keeps it waiting, one of each hypercall of the others. */
  private void stepOrLetOthers(Vcpu vcpu) {
    if (enabled(vcpu)) {
      step(vcpu);
      return;
    }
    for (Domain domain : List.copyOf(world.domains())) {
      for (int i = 0; i < domain.vcpuCount(); i++) {
        if (domain.vcpu(i).call() != null && enabled(domain.vcpu(i))) {
          step(domain.vcpu(i));
        }
      }
    }
  }

  /** Virtual nanoseconds since the machine was built. */
  public long now() {
    return events.now();
  }

  /** Gives a vCPU guest code to run, from now on. */
  public void start(Vcpu vcpu, Routine guest) {
    if (vcpu.guest() != null) {
      throw new IllegalStateException("vCPU " + vcpu.id() + " of domain " + vcpu.domain().id() + " runs guest code already");
    }
    vcpu.setGuest(guest);
    events.remove(actor(vcpu));
    schedule(vcpu, 0);
  }

  /** Takes events in their order until none is left, or until all that are left wait for each other. */
  public void run() {
    run(Long.MAX_VALUE);
  }

  /** As {@link #run()}, but only up to {@code until} nanoseconds of virtual time, which is what the clock then says. */
  public void run(long until) {
    boolean goesOn = true;
    while (goesOn && !events.isEmpty() && events.nextTime() <= until) {
      long actor = events.take();
      Domain domain = world.domain((int) (actor >>> 32));
      goesOn = domain == null || runOne(domain.vcpu((int) actor));
    }
    if (until != Long.MAX_VALUE) {
      events.advance(until);
    }
  }

  /** False when the vCPU had to wait and so has everybody else. */
  private boolean runOne(Vcpu vcpu) {
    if (!vcpu.runnable()) {
      return true;
    }
    long cost = costs.nanos(vcpu);
    boolean enabled = enabled(vcpu);
    if (enabled) {
      step(vcpu);
    }
    schedule(vcpu, cost + vcpu.takeSleep());
    return enabled || isAnyEnabled();
  }

  /** Can anybody go on who has an event to come? */
  private boolean isAnyEnabled() {
    for (int i = 0; i < events.size(); i++) {
      Domain domain = world.domain((int) (events.actor(i) >>> 32));
      if (domain != null && enabled(domain.vcpu((int) events.actor(i)))) {
        return true;
      }
    }
    return false;
  }

  private void schedule(Vcpu vcpu, long delay) {
    if (vcpu.runnable()) {
      events.schedule(delay, actor(vcpu));
    }
  }

  private static long actor(Vcpu vcpu) {
    return ((long) vcpu.domain().id() << 32) | vcpu.id();
  }

  /** True when the vCPU has a next step and neither a lock nor its guest code keeps it waiting. */
  public boolean enabled(Vcpu vcpu) {
    if (!vcpu.runnable()) {
      return false;
    }
    Routine call = vcpu.call();
    if (call == null) {
      Routine guest = vcpu.guest();
      return vcpu.atHypercall() || guest == null || !guest.isWaiting(vcpu);
    }
    long needs = call.needs(vcpu);
    long alsoNeeds = call.alsoNeeds(vcpu);
    if (needs == Lock.NONE && alsoNeeds == Lock.NONE) {
      return true;
    }
    for (Domain domain : world.domains()) {
      for (int i = 0; i < domain.vcpuCount(); i++) {
        Routine other = domain.vcpu(i).call();
        long held = domain.vcpu(i) == vcpu || other == null ? Lock.NONE : other.holds(domain.vcpu(i));
        if (Lock.conflict(needs, held) || Lock.conflict(alsoNeeds, held)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Takes one indivisible step of that vCPU: of the hypercall it is in, else the HVC it is at, else of its guest code.
   *
   * @return false when there was nothing to do
   */
  public boolean step(Vcpu vcpu) {
    if (!vcpu.runnable()) {
      return false;
    }
    Routine call = vcpu.call();
    Routine guest = vcpu.guest();
    if (call != null) {
      if (!call.step(vcpu)) {
        finish(vcpu);
      }
    } else if (vcpu.atHypercall()) {
      vcpu.setCall(hypercalls.start(vcpu));
      if (vcpu.call() == null) {
        finish(vcpu);
      }
    } else if (guest != null && !guest.step(vcpu)) {
      vcpu.setGuest(null);
    }
    return true;
  }

  private void finish(Vcpu vcpu) {
    vcpu.setCall(null);
    world.operationEnded();
    if (!vcpu.atHypercall()) {
      vcpu.endHypercall();
    }
  }

  /** Executes one hypercall of an idle vCPU, continuations included, and returns x0. */
  public long call(Vcpu vcpu, int number, long x0, long x1, long x2) {
    vcpu.issue(number, x0, x1, x2);
    return finishCall(vcpu);
  }

  /** Executes the hypercall that the vCPU has issued or is in, to its end, and returns x0. The vCPU must be able to go on. */
  public long finishCall(Vcpu vcpu) {
    if (!vcpu.runnable()) {
      throw new IllegalStateException("vCPU " + vcpu.id() + " of domain " + vcpu.domain().id() + " cannot issue hypercalls any more");
    }
    while (vcpu.atHypercall() || vcpu.call() != null) {
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
    return vcpu.x(0);
  }

  /** What a machine is built from. Everything has a default but the modules. */
  public static final class Builder {
    private final List<Module> modules = new ArrayList<>();
    private Semantics semantics = Semantics.baseline(SecurityPolicy.SILO);
    private CostModel costs = CostModel.DEFAULT;
    private long firstMfn = 0x40000;
    private long frames = 0x40000;
    private long reach = 1L << 28;
    private long seed;

    private Builder() {}

    public Builder semantics(Semantics value) {
      semantics = value;
      return this;
    }

    /** Which machine frames exist: {@code count} from {@code first} on. Default 1 GiB from 0x40000000. */
    public Builder memory(long first, long count) {
      firstMfn = first;
      frames = count;
      return this;
    }

    /** How many guest frames a physmap spans (V35). Default 2^28, a 40-bit address space. */
    public Builder reach(long guestFrames) {
      reach = guestFrames;
      return this;
    }

    /** Of the machine's only random generator. Default 0. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder costs(CostModel value) {
      costs = value;
      return this;
    }

    /** Plugs a module in. */
    public Builder module(Module module) {
      modules.add(module);
      return this;
    }

    public Machine build() {
      return new Machine(this);
    }
  }
}
