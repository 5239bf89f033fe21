package org.xenarium.emulator.domain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.memory.FrameOwners;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Generator;
import org.xenarium.emulator.trace.Trace;

/** Everything that a routine can reach: memory, the domain list, the semantics, the generator, and who is watching. */
public final class World implements FrameOwners {
  private final Semantics semantics;
  private final long reach;
  private final Host host;
  private final MachineMemory memory;
  private final Generator generator;

  /** The domain list, ordered by id; zombies are in it. */
  private final List<Domain> domains;

  private Trace trace = Trace.NONE;

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
    domains = new ArrayList<>();
  }

  private World(World other, Host host) {
    semantics = other.semantics;
    reach = other.reach;
    this.host = host;
    memory = other.memory.copy(this);
    generator = other.generator.copy();
    domains = new ArrayList<>(other.domains.size());
    for (int i = 0; i < other.domains.size(); i++) {
      domains.add(other.domains.get(i).copy(this));
    }
  }

  /** An independent world in the same state that nobody watches. */
  public World copy(Host copiedHost) {
    return new World(this, copiedHost);
  }

  public void digest(Digest digest) {
    memory.digest(digest);
    generator.digest(digest);
    digest.add(domains.size());
    for (Domain domain : domains) {
      domain.digest(digest);
    }
  }

  public void freeze() {
    memory.freeze();
    domains.forEach(Domain::freeze);
  }

  public Semantics semantics() {
    return semantics;
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

  public Trace trace() {
    return trace;
  }

  public void watch(Trace watcher) {
    trace = watcher;
  }

  /** All listed domains, by ascending id. */
  public List<Domain> domains() {
    return domains;
  }

  /** The listed domain with that id, zombies included; reserved ids are never found. */
  public @Nullable Domain domain(int id) {
    for (int i = 0; i < domains.size(); i++) {
      if (domains.get(i).id() == id) {
        return domains.get(i);
      }
    }
    return null;
  }

  /** As {@link #domain}, where DOMID_SELF stands for the caller. */
  public @Nullable Domain domainOrSelf(int id, Domain caller) {
    return id == DomId.SELF ? caller : domain(id);
  }

  /** Adds a domain without RAM; the modules' parts follow by {@link Domain#attach}. */
  public Domain addDomain(DomainConfig config) {
    if (domain(config.id()) != null) {
      throw new IllegalArgumentException("domain " + config.id() + " exists already");
    }
    Domain domain = new Domain(this, config, reach);
    int at = 0;
    while (at < domains.size() && domains.get(at).id() < config.id()) {
      at++;
    }
    domains.add(at, domain);
    return domain;
  }

  @Override
  public void frameFreed(int owner, boolean xenHeap) {
    Domain domain = domain(owner);
    if (domain != null && domain.frameFreed(xenHeap)) {
      remove(domain);
    }
  }

  @Override
  public boolean scrubs(int owner) {
    Domain domain = domain(owner);
    return domain != null && domain.life() != Life.ALIVE;
  }

  /** True while an operation in flight holds on to the domain. */
  boolean isInUse(Domain domain) {
    for (Domain other : domains) {
      for (int i = 0; i < other.vcpuCount(); i++) {
        Routine call = other.vcpu(i).call();
        if (call != null && call.refersTo(domain.id())) {
          return true;
        }
      }
    }
    return false;
  }

  /** An operation has ended: a dead domain that only it held on to disappears. */
  public void operationEnded() {
    for (int i = domains.size() - 1; i >= 0; i--) {
      if (domains.get(i).life() == Life.DEAD && domains.get(i).isGone()) {
        remove(domains.get(i));
      }
    }
  }

  /** Takes a fully torn down domain out of the list unless a page of it is still referenced. */
  void bury(Domain domain) {
    domain.setLife(Life.DEAD);
    if (domain.isGone()) {
      remove(domain);
    }
  }

  private void remove(Domain domain) {
    domains.remove(domain);
    memory.reclaim(domain.id());
  }
}
