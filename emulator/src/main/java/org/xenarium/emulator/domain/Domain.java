package org.xenarium.emulator.domain;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Change;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.ExtendedRegions;
import org.xenarium.emulator.physmap.HypervisorNode;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.state.Digest;

/**
 * A domain: privilege, physmap, vCPUs, and what modules keep for it (spec §0). The pages that it owns are in {@link PageOwner}, and whether
 * it runs is {@link RunState}'s.
 */
public final class Domain extends PageOwner {
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
  private final MemoryConfig memoryConfig;
  private final HypervisorNode node;
  private final HoleAccess holes;

  /** Of memory configuration and node. */
  private final long configDigest;

  private final Physmap physmap;
  private final Vcpu[] vcpus;
  private final RunState run;
  private DomainPart[] parts;

  /** The frame behind shared_info, lent by Xen. */
  private long sharedInfo;

  Domain(World world, DomainConfig config, int incarnation, long reach) {
    super(config.maxPages());
    this.world = world;
    id = config.id();
    this.incarnation = incarnation;
    privileged = config.privileged();
    hardware = config.hardware();
    target = config.target();
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
    run = new RunState(this);
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
    return pages == MemoryConfig.DEFAULT_POOL ? MemoryConfig.defaultPool(config.vcpus(), config.maxPages()) : pages;
  }

  private Domain(Domain other, World world) {
    super(other);
    this.world = world;
    id = other.id;
    incarnation = other.incarnation;
    privileged = other.privileged;
    hardware = other.hardware;
    target = other.target;
    memoryConfig = other.memoryConfig;
    node = other.node;
    holes = other.holes;
    configDigest = other.configDigest;
    physmap = other.physmap.copy(world.memory());
    vcpus = new Vcpu[other.vcpus.length];
    run = other.run.copy(this);
    sharedInfo = other.sharedInfo;
    for (int i = 0; i < vcpus.length; i++) {
      vcpus[i] = other.vcpus[i].copy(this);
    }
    parts = DomainParts.copy(other.parts, this);
  }

  Domain copy(World copied) {
    return new Domain(this, copied);
  }

  void digest(Digest digest) {
    digest.add(incarnation).add(privileged).add(hardware).add(target).add(configDigest).add(holes);
    digest.add(sharedInfo);
    run.digest(digest);
    digestPages(digest);
    physmap.digest(digest);
    for (Vcpu vcpu : vcpus) {
      vcpu.digest(digest);
    }
    DomainParts.digest(parts, digest);
  }

  void freeze() {
    physmap.freeze();
    DomainParts.freeze(parts);
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public int id() {
    return id;
  }

  /**
   * Names this domain and no other that is still around: its id and, above the low {@value #ID_BITS} bits, a number that is 0 unless an earlier
   * domain of that id is unlisted and still held by an operation in flight. Whatever lasts longer than a step names domains like this.
   */
  @Override
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
  @Override
  public MemoryConfig memoryConfig() {
    return memoryConfig;
  }

  /** What the domain's device tree tells it: the window for its grant table and its extended regions. */
  public HypervisorNode hypervisorNode() {
    return node;
  }

  @Override
  public Life life() {
    return run.life();
  }

  /** May its vCPUs begin anything? A hypercall in flight goes on in any case, to its end or to its next preemption point. */
  public boolean mayRun() {
    return run.mayRun();
  }

  /** Keeps the vCPUs from running until it is unpaused as often as it was paused. */
  public void pause() {
    run.pause();
  }

  /** Takes one {@link #pause} back; there must be one. */
  public void unpause() {
    run.unpause();
  }

  public boolean isPaused() {
    return run.isPaused();
  }

  /**
   * Ends the running of all vCPUs, for a reason of {@code SHUTDOWN_*} ({@link Shutdown}). The domain stays alive and listed, and keeps all it
   * has, until it is destroyed. Of several reasons the first one counts.
   */
  public void shutDown(int reason) {
    run.shutDown(reason);
  }

  /** A later shutdown, for whatever reason, will be said to be for this one; the first one noted counts. */
  public void noteShutdownReason(int reason) {
    run.noteShutdownReason(reason);
  }

  /** The hypervisor cannot let the domain go on: it is shut down as crashed. */
  public void crash() {
    run.shutDown(Shutdown.CRASH);
  }

  /** Why the domain was shut down, or {@link #RUNNING}. */
  public int shutdownReason() {
    return run.shutdownReason();
  }

  /** The destruction in flight. */
  public @Nullable DomainDeath death() {
    return run.death();
  }

  /** Begins the destruction unless it has begun; its steps are {@link DomainDeath}'s. */
  public void beginDeath() {
    run.beginDeath();
  }

  RunState run() {
    return run;
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
    T part = DomainParts.find(parts, type);
    if (part == null) {
      throw new IllegalStateException("no module keeps a " + type.getSimpleName() + " for domain " + id);
    }
    return part;
  }

  /** True when a part of that class is kept here. */
  public boolean has(Class<? extends DomainPart> type) {
    return DomainParts.find(parts, type) != null;
  }

  /** Gives a module's part its place, behind those of the modules before. */
  public void attach(DomainPart part) {
    parts = DomainParts.with(parts, part);
  }

  DomainPart[] parts() {
    return parts;
  }

  /** May this domain act on {@code target}? (spec §6.0, "privileged for target") */
  public boolean mayActOn(Domain target) {
    return this == target || isDeviceModelOf(target) || privileged;
  }

  /** Machine frame of the domain's shared_info page, or -1 when the host had no memory for it. */
  public long sharedInfo() {
    return sharedInfo;
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

  /** Dead, and without a page that others still hold: nothing keeps the domain in the list. */
  boolean isGone() {
    return run.life() == Life.DEAD && ownsNothing();
  }

  /** The machine address behind a guest-physical one that is mapped. */
  public long machineAddress(long address) {
    return (Physmap.mfn(physmap.entry(address >>> MachineMemory.PAGE_SHIFT)) << MachineMemory.PAGE_SHIFT)
        | (address & (MachineMemory.PAGE_SIZE - 1));
  }
}
