package org.xenarium.emulator.domain;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.fault.FaultPoint;
import org.xenarium.emulator.fault.Faults;
import org.xenarium.emulator.memory.FrameOwners;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Generator;
import org.xenarium.emulator.trace.LifeEvent;
import org.xenarium.emulator.trace.Trace;

/** Everything that a routine can reach: memory, the domain list, the semantics, the generator, and who is watching. */
public final class World implements FrameOwners {
  private final Semantics semantics;
  private final long reach;
  private final Host host;
  private final MachineMemory memory;
  private final Generator generator;
  private final Faults faults;

  private final DomainList domains;

  private WorldPart[] parts = {};
  private Trace trace = Trace.NONE;
  private Alarm alarm = Alarm.NONE;
  private StepWatcher stepWatcher = StepWatcher.NONE;

  /** The trace if it wants to know of every load, store and hypercall; else null. */
  private @Nullable Trace closeTrace;

  private long now;

  /**
   * A world without domains.
   *
   * @param firstMfn first machine frame of the host's memory
   * @param frames how many machine frames there are
   * @param reach guest frames that a physmap can hold (V35)
   * @param seed of the machine's generator
   */
  public World(Semantics semantics, long firstMfn, long frames, long reach, long seed) {
    this.semantics = semantics;
    this.reach = reach;
    host = new Host();
    memory = new MachineMemory(firstMfn, frames, this);
    generator = new Generator(seed);
    faults = new Faults();
    domains = new DomainList();
  }

  private World(World other, Host host) {
    semantics = other.semantics;
    reach = other.reach;
    this.host = host;
    memory = other.memory.copy(this);
    generator = other.generator.copy();
    faults = other.faults.copy();
    now = other.now;
    domains = other.domains.copy(this);
    parts = new WorldPart[other.parts.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = other.parts[i].copy();
    }
  }

  /** An independent world in the same state that nobody watches. */
  public World copy(Host copiedHost) {
    return new World(this, copiedHost);
  }

  public void digest(Digest digest) {
    memory.digest(digest);
    generator.digest(digest);
    faults.digest(digest);
    digest.add(now);
    domains.digest(digest);
    for (WorldPart part : parts) {
      part.digest(digest);
    }
  }

  public void freeze() {
    memory.freeze();
    domains.freeze();
  }

  public Semantics semantics() {
    return semantics;
  }

  /** How many guest frames a physmap spans (V35). */
  public long reach() {
    return reach;
  }

  public MachineMemory memory() {
    return memory;
  }

  public Host host() {
    return host;
  }

  public Generator generator() {
    return generator;
  }

  /** The failures that were ordered. */
  public Faults faults() {
    return faults;
  }

  /** Is what happens now in that domain to fail? */
  public boolean strikes(FaultPoint point, int domid, long key) {
    return faults.strike(point, domid, key, now);
  }

  /** Virtual nanoseconds since the machine was built. */
  public long now() {
    return now;
  }

  /** The machine's clock has moved on. */
  public void setNow(long nanos) {
    now = nanos;
  }

  public Trace trace() {
    return trace;
  }

  public void watch(Trace watcher) {
    trace = watcher;
    closeTrace = watcher.watchesClosely() ? watcher : null;
  }

  /** Is every load, store and end of a hypercall to be told? */
  boolean isWatchedClosely() {
    return closeTrace != null;
  }

  /** Keeps something for the machine as a whole. */
  public void attach(WorldPart part) {
    parts = Arrays.copyOf(parts, parts.length + 1);
    parts[parts.length - 1] = part;
  }

  /** What is kept here for the machine as a whole. */
  public <T extends WorldPart> T part(Class<T> type) {
    for (WorldPart part : parts) {
      if (type.isInstance(part)) {
        return type.cast(part);
      }
    }
    throw new IllegalStateException("nobody keeps a " + type.getSimpleName() + " for the machine");
  }

  public Alarm alarm() {
    return alarm;
  }

  /** From now on things can happen at later times. */
  public void setAlarm(Alarm clock) {
    alarm = clock;
  }

  /** The domain that hears of the others: domain 0 if it is a control domain; or null. */
  public @Nullable Domain hardwareDomain() {
    Domain first = domain(0);
    return first != null && first.privileged() ? first : null;
  }

  /** Something happened to a domain: for the trace and, where {@code virq} says so, for the toolstack. */
  void tell(Domain domain, LifeEvent event, int detail) {
    trace.life(domain.id(), event, detail);
    Domain listener = event.isDomainException() ? hardwareDomain() : null;
    if (listener != null) {
      DomainParts.virq(listener.parts(), Virq.DOM_EXC);
    }
  }

  /** Who is told of every step; {@link StepWatcher#NONE} for nobody. */
  public StepWatcher stepWatcher() {
    return stepWatcher;
  }

  /** Somebody more is told of every step, after those who are told already. */
  public void watchSteps(StepWatcher watcher) {
    stepWatcher = StepWatchers.with(stepWatcher, watcher);
  }

  /** True when a watcher of that kind is told of steps. */
  public boolean isWatchedBy(Class<? extends StepWatcher> kind) {
    return StepWatchers.list(stepWatcher).stream().anyMatch(kind::isInstance);
  }

  /** Somebody is told of steps no more. */
  public void unwatchSteps(StepWatcher watcher) {
    stepWatcher = StepWatchers.without(stepWatcher, watcher);
  }

  /** All listed domains, by ascending id. As long as this is the same list, nobody has come to it or left it. */
  public List<Domain> domains() {
    return domains.listed();
  }

  /** The listed domain with that id, zombies included; reserved ids are never found. */
  public @Nullable Domain domain(int id) {
    return domains.find(id);
  }

  /** The domain of that {@link Domain#incarnation}, listed or still held by an operation in flight; null when it is gone. */
  public @Nullable Domain incarnation(int incarnation) {
    return domains.findIncarnation(incarnation);
  }

  /** As {@link #domain}, where DOMID_SELF stands for the caller. */
  public @Nullable Domain domainOrSelf(int id, Domain caller) {
    return id == DomId.SELF ? caller : domain(id);
  }

  /** What keeps such a domain from being added, in Xen's order, or null. */
  public @Nullable ToolstackRule refusal(DomainConfig config) {
    if (config.id() < 0 || config.id() >= DomId.FIRST_RESERVED) {
      return ToolstackRule.CREATE_01;
    }
    if (domain(config.id()) != null) {
      return ToolstackRule.CREATE_02;
    }
    if (config.vcpus() < 1 || config.vcpus() > DomainConfig.MAX_VCPUS) {
      return ToolstackRule.CREATE_03;
    }
    boolean readsOnes = config.option(HoleAccess.class).orElse(HoleAccess.ABORT) == HoleAccess.READ_ONES;
    return readsOnes && !semantics.has(Difference.UNMAPPED_READS_ONES) ? ToolstackRule.CREATE_06 : null;
  }

  /** Adds a domain that nothing refuses, without RAM; the modules' parts follow by {@link Domain#attach}. */
  public Domain addDomain(DomainConfig config) {
    ToolstackRule refusal = refusal(config);
    if (refusal != null) {
      throw new IllegalArgumentException("domain " + config.id() + " cannot be created: " + refusal.facts().when());
    }
    Domain domain = new Domain(this, config, domains.freeIncarnation(config.id()), reach);
    domains.add(domain);
    return domain;
  }

  /** Takes a domain back that could not be completed, with all it was lent: as if it had never been added. */
  public void takeBack(Domain domain) {
    domains.remove(domain);
    memory.reclaim(domain.incarnation());
  }

  @Override
  public void frameFreed(int owner, boolean xenHeap) {
    Domain domain = incarnation(owner);
    if (domain != null) {
      domain.frameFreed(xenHeap);
      if (domain.isGone()) {
        unlist(domain);
      }
    }
  }

  @Override
  public void frameReserved(int owner, long mfn) {
    Domain domain = incarnation(owner);
    if (domain != null) {
      domain.frameReserved(mfn);
    }
  }

  @Override
  public boolean scrubs(int owner) {
    Domain domain = incarnation(owner);
    return domain != null && domain.life() != Life.ALIVE;
  }

  /** An operation has ended: of unlisted domains that nobody else holds, what Xen kept for them goes back. */
  public void operationEnded() {
    for (Domain unused = domains.takeUnused(); unused != null; unused = domains.takeUnused()) {
      memory.reclaim(unused.incarnation());
    }
  }

  /** Takes a fully torn down domain out of the list unless a page of it is still referenced: then it is a zombie. */
  void bury(Domain domain) {
    domain.run().setLife(Life.DEAD);
    if (domain.isGone()) {
      unlist(domain);
    } else {
      tell(domain, LifeEvent.ZOMBIE, 0);
    }
  }

  /** Nobody finds the domain any more and its id is free; who has found it before can go on with it. */
  private void unlist(Domain domain) {
    domains.remove(domain);
    tell(domain, LifeEvent.GONE, 0);
    if (!domains.keepIfUsed(domain)) {
      memory.reclaim(domain.incarnation());
    }
  }
}
