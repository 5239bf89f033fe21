package org.xenarium.emulator.domain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.Change;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.ExtendedRegions;
import org.xenarium.emulator.physmap.HypervisorNode;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.LifeEvent;

/** A domain: privilege, limits, accounts, life, physmap, vCPUs, and what modules keep for it (spec §0). */
public final class Domain {
  /** The low bits of an incarnation, which are the domain's id. */
  static final int ID_BITS = 16;

  /** The domain has not been shut down. */
  public static final int RUNNING = -1;

  private final World world;
  private final int id;
  private final int incarnation;
  private final boolean privileged;
  private final boolean hardware;
  private final int target;
  private final long maxPages;
  private final MemoryConfig memoryConfig;
  private final HypervisorNode node;
  private final HoleAccess holes;

  /** Of memory configuration and node. */
  private final long configDigest;

  private final Physmap physmap;
  private final Vcpu[] vcpus;
  private DomainPart[] parts;
  private Life life = Life.ALIVE;

  /** How often it was paused more than unpaused. */
  private int pauses;

  private int shutdown = RUNNING;

  /** What a later shutdown will be said to be for, or {@link #RUNNING}. */
  private int noted = RUNNING;
  private @Nullable DomainDeath death;
  private long totPages;
  private long xenHeapPages;

  /** The frame behind shared_info, lent by Xen. */
  private long sharedInfo;

  /** Static frames that this domain gave back, the longest waiting first; never changed in place. */
  private long[] reserve = {};

  Domain(World world, DomainConfig config, int incarnation, long reach) {
    this.world = world;
    id = config.id();
    this.incarnation = incarnation;
    privileged = config.privileged();
    hardware = config.hardware();
    target = config.target();
    maxPages = config.maxPages();
    memoryConfig = config.memory();
    node = memoryConfig.node().orElseGet(() -> HypervisorNode.ordinary(world.semantics().release(), ExtendedRegions.NONE));
    holes = config.option(HoleAccess.class).orElse(HoleAccess.ABORT);
    Digest digest = new Digest();
    memoryConfig.digest(digest);
    node.digest(digest);
    configDigest = digest.value();
    physmap = new Physmap(incarnation, reach, pool(config), world.memory());
    vcpus = new Vcpu[config.vcpus()];
    parts = new DomainPart[0];
    for (int i = 0; i < vcpus.length; i++) {
      vcpus[i] = new Vcpu(this, i);
    }
    sharedInfo = allocateXenHeap();
  }

  private long pool(DomainConfig config) {
    if (hardware || !world.semantics().has(Difference.P2M_POOL)) {
      return Physmap.UNLIMITED;
    }
    long pages = config.memory().poolPages();
    return pages == MemoryConfig.DEFAULT_POOL ? MemoryConfig.defaultPool(config.vcpus(), maxPages) : pages;
  }

  private Domain(Domain other, World world) {
    this.world = world;
    id = other.id;
    incarnation = other.incarnation;
    privileged = other.privileged;
    hardware = other.hardware;
    target = other.target;
    maxPages = other.maxPages;
    memoryConfig = other.memoryConfig;
    node = other.node;
    holes = other.holes;
    configDigest = other.configDigest;
    reserve = other.reserve;
    physmap = other.physmap.copy(world.memory());
    vcpus = new Vcpu[other.vcpus.length];
    parts = new DomainPart[other.parts.length];
    life = other.life;
    pauses = other.pauses;
    shutdown = other.shutdown;
    noted = other.noted;
    death = other.death == null ? null : other.death.copy();
    totPages = other.totPages;
    xenHeapPages = other.xenHeapPages;
    sharedInfo = other.sharedInfo;
    for (int i = 0; i < vcpus.length; i++) {
      vcpus[i] = other.vcpus[i].copy(this);
    }
    for (int i = 0; i < parts.length; i++) {
      parts[i] = other.parts[i].copy(this);
    }
  }

  Domain copy(World copied) {
    return new Domain(this, copied);
  }

  void digest(Digest digest) {
    digest.add(incarnation).add(privileged).add(hardware).add(target).add(configDigest).add(holes);
    digest.add(life).add(pauses).add(shutdown).add(noted).add(maxPages).add(totPages).add(xenHeapPages).add(sharedInfo);
    digest.add(death != null);
    if (death != null) {
      death.digest(digest);
    }
    digest.add(reserve.length);
    for (long mfn : reserve) {
      digest.add(mfn);
    }
    physmap.digest(digest);
    for (Vcpu vcpu : vcpus) {
      vcpu.digest(digest);
    }
    for (DomainPart part : parts) {
      part.digest(digest);
    }
  }

  void freeze() {
    physmap.freeze();
    for (DomainPart part : parts) {
      part.freeze();
    }
  }

  public World world() {
    return world;
  }

  public int id() {
    return id;
  }

  /**
   * Names this domain and no other that is still around: its id and, above the low {@value #ID_BITS} bits, a number that is 0 unless an earlier
   * domain of that id is unlisted and still held by an operation in flight. Whatever lasts longer than a step names domains like this.
   */
  public int incarnation() {
    return incarnation;
  }

  /** The id of the domain of that incarnation. */
  public static int idOf(int incarnation) {
    return incarnation & ((1 << ID_BITS) - 1);
  }

  /** True for a control domain. */
  public boolean privileged() {
    return privileged;
  }

  /** True for the hardware domain, to which the host's devices belong. */
  public boolean hardware() {
    return hardware;
  }

  /** Is this domain the device model of that one? */
  public boolean isDeviceModelOf(Domain other) {
    return target == other.id;
  }

  /** What is special about the domain's memory. */
  public MemoryConfig memoryConfig() {
    return memoryConfig;
  }

  /** What the domain's device tree tells it: the window for its grant table and its extended regions. */
  public HypervisorNode hypervisorNode() {
    return node;
  }

  public Life life() {
    return life;
  }

  void setLife(Life life) {
    this.life = life;
  }

  /** May its vCPUs begin anything? A hypercall in flight goes on in any case, to its end or to its next preemption point. */
  public boolean mayRun() {
    return pauses == 0 && isOn();
  }

  /** Not shut down, and nobody has begun to destroy it: if it does not run, it is because it is paused. */
  boolean isOn() {
    return life == Life.ALIVE && shutdown == RUNNING && death == null;
  }

  /** Keeps the vCPUs from running until it is unpaused as often as it was paused. */
  public void pause() {
    pauses++;
    world.trace().life(id, LifeEvent.PAUSED, 0);
  }

  /** Takes one {@link #pause} back; there must be one. */
  public void unpause() {
    if (pauses == 0) {
      throw new IllegalStateException("domain " + id + " is not paused");
    }
    pauses--;
    world.trace().life(id, LifeEvent.UNPAUSED, 0);
  }

  public boolean isPaused() {
    return pauses > 0;
  }

  /**
   * Ends the running of all vCPUs, for a reason of {@code SHUTDOWN_*} ({@link Shutdown}). The domain stays alive and listed, and keeps all it
   * has, until it is destroyed. Of several reasons the first one counts.
   */
  public void shutDown(int reason) {
    if (shutdown == RUNNING) {
      shutdown = noted == RUNNING ? reason : noted;
      noted = RUNNING;
      world.tell(this, LifeEvent.SHUT_DOWN, shutdown);
    }
  }

  /** A later shutdown, for whatever reason, will be said to be for this one; the first one noted counts. */
  public void noteShutdownReason(int reason) {
    if (shutdown == RUNNING && noted == RUNNING) {
      noted = reason;
    }
  }

  /** The hypervisor cannot let the domain go on: it is shut down as crashed. */
  public void crash() {
    shutDown(Shutdown.CRASH);
  }

  /** Why the domain was shut down, or {@link #RUNNING}. */
  public int shutdownReason() {
    return shutdown;
  }

  /** The destruction in flight. */
  public @Nullable DomainDeath death() {
    return death;
  }

  /** Begins the destruction unless it has begun; its steps are {@link DomainDeath}'s. */
  public void beginDeath() {
    if (death == null && life == Life.ALIVE) {
      death = new DomainDeath();
    }
  }

  void endDeath() {
    death = null;
  }

  /** A virtual interrupt for this domain; see {@link Virq}. */
  void virq(int virq) {
    for (DomainPart part : parts) {
      part.virq(virq);
    }
  }

  boolean isInHypercall() {
    for (Vcpu vcpu : vcpus) {
      if (vcpu.call() != null) {
        return true;
      }
    }
    return false;
  }

  /** What becomes of this domain's loads and stores to holes. */
  public HoleAccess holes() {
    return holes;
  }

  public Physmap physmap() {
    return physmap;
  }

  public int vcpuCount() {
    return vcpus.length;
  }

  public Vcpu vcpu(int number) {
    return vcpus[number];
  }

  /** What a module keeps here. */
  public <T extends DomainPart> T part(Class<T> type) {
    for (DomainPart part : parts) {
      if (type.isInstance(part)) {
        return type.cast(part);
      }
    }
    throw new IllegalStateException("no module keeps a " + type.getSimpleName() + " for domain " + id);
  }

  /** True when a part of that class is kept here. */
  public boolean has(Class<? extends DomainPart> type) {
    for (DomainPart part : parts) {
      if (type.isInstance(part)) {
        return true;
      }
    }
    return false;
  }

  /** Gives a module's part its place, behind those of the modules before. */
  public void attach(DomainPart part) {
    parts = Arrays.copyOf(parts, parts.length + 1);
    parts[parts.length - 1] = part;
  }

  /** One step of giving back what this dying domain holds of others; false when no part has anything left. */
  boolean release() {
    for (DomainPart part : parts) {
      if (part.release()) {
        return true;
      }
    }
    return false;
  }

  /** The lock that the next {@link #release} needs: that of the first part that has anything left. */
  long releaseNeeds() {
    for (DomainPart part : parts) {
      long lock = part.releaseNeeds();
      if (lock != Lock.NONE) {
        return lock;
      }
    }
    return Lock.NONE;
  }

  /** How many RAM pages the domain may own. */
  public long maxPages() {
    return maxPages;
  }

  /** RAM pages that the domain owns, mapped or not; pages lent by Xen do not count (I46). */
  public long totPages() {
    return totPages;
  }

  public long sharedInfo() {
    return sharedInfo;
  }

  /** May this domain act on {@code target}? (spec §6.0, "privileged for target") */
  public boolean mayActOn(Domain target) {
    return this == target || isDeviceModelOf(target) || privileged;
  }

  /** A new RAM page of this domain, not yet mapped, or -1 when the host has none left. The limit is the caller's business. */
  public long allocateRam() {
    long mfn = world.memory().allocate(incarnation);
    if (mfn >= 0) {
      totPages++;
      world.trace().allocated(id, mfn);
    }
    return mfn;
  }

  /**
   * As {@link #allocateRam()}, 2<sup>order</sup> pages in a row that begin at a multiple of their number and end below machine frame
   * {@code limit}. Returns the first.
   */
  public long allocateRam(int order, long limit) {
    long first = world.memory().allocate(incarnation, order, limit);
    for (long i = 0; first >= 0 && i < 1L << order; i++) {
      totPages++;
      world.trace().allocated(id, first + i);
    }
    return first;
  }

  /** The static page that this domain gave back longest ago, which it owns again, not yet mapped; or -1 when there is none. */
  public long allocateReserved() {
    if (reserve.length == 0) {
      return Mfn.NONE;
    }
    long mfn = reserve[0];
    reserve = Arrays.copyOfRange(reserve, 1, reserve.length);
    world.memory().giveStatic(mfn, incarnation);
    totPages++;
    world.trace().allocated(id, mfn);
    return mfn;
  }

  /** A zeroed page lent by Xen, or -1. While the domain dies such a page has no reference, and none can be taken. */
  public long allocateXenHeap() {
    if (life != Life.ALIVE) {
      return world.memory().lendUnreferenced(incarnation);
    }
    long mfn = world.memory().allocateXenHeap(incarnation);
    if (mfn >= 0) {
      xenHeapPages++;
    }
    return mfn;
  }

  /** Gives back a page of {@link #allocateXenHeap} that nobody has seen yet. */
  public void returnXenHeap(long mfn) {
    if (world.memory().references(mfn) != 0) {
      xenHeapPages--;
    }
    world.memory().takeBack(mfn);
  }

  /** Builds RAM at a known place: gives the machine frame to this domain, without mapping it. */
  public void ownRam(long mfn) {
    world.memory().allocateAt(mfn, incarnation);
    if (memoryConfig.staticMemory()) {
      world.memory().makeStatic(mfn);
    }
    totPages++;
  }

  /** Builds RAM at a known place: {@code count} frames, contiguous on both sides, read-write, in the largest blocks that fit. */
  public void ownRam(long gfn, long mfn, long count) {
    for (long i = 0; i < count; i++) {
      ownRam(mfn + i);
    }
    Change change = physmap.setAll(gfn, mfn, count, EntryType.RAM_RW);
    if (change != Change.DONE) {
      throw new IllegalArgumentException("RAM of domain " + id + " at guest frame 0x" + Long.toHexString(gfn) + " cannot be mapped: " + change);
    }
  }

  /** A frame of this domain has lost its last reference. Returns true when nothing is left that keeps the domain in the list. */
  boolean frameFreed(boolean xenHeap) {
    if (xenHeap) {
      xenHeapPages--;
    } else {
      totPages--;
    }
    return isGone();
  }

  /** A static frame of this domain is free. What a dying domain gives back, nobody gets. */
  void frameReserved(long mfn) {
    if (life == Life.ALIVE) {
      reserve = Arrays.copyOf(reserve, reserve.length + 1);
      reserve[reserve.length - 1] = mfn;
    }
  }

  boolean isGone() {
    return life == Life.DEAD && totPages == 0 && xenHeapPages == 0;
  }

  /** The machine address behind a guest-physical one that is mapped. */
  public long machineAddress(long address) {
    return (Physmap.mfn(physmap.entry(address >>> MachineMemory.PAGE_SHIFT)) << MachineMemory.PAGE_SHIFT)
        | (address & (MachineMemory.PAGE_SIZE - 1));
  }
}
