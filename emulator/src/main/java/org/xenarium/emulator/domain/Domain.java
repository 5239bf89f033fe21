package org.xenarium.emulator.domain;

import java.util.Arrays;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.Digest;

/** A domain: privilege, limits, accounts, life, physmap, vCPUs, and what modules keep for it (spec §0). */
public final class Domain {
  private final World world;
  private final int id;
  private final boolean privileged;
  private final long maxPages;
  private final Physmap physmap;
  private final Vcpu[] vcpus;
  private DomainPart[] parts;
  private Life life = Life.ALIVE;
  private long totPages;
  private long xenHeapPages;

  /** The frame behind shared_info, lent by Xen. */
  private long sharedInfo;

  Domain(World world, DomainConfig config, long reach) {
    this.world = world;
    id = config.id();
    privileged = config.privileged();
    maxPages = config.maxPages();
    physmap = new Physmap(id, reach, world.memory());
    vcpus = new Vcpu[config.vcpus()];
    parts = new DomainPart[0];
    for (int i = 0; i < vcpus.length; i++) {
      vcpus[i] = new Vcpu(this, i);
    }
    sharedInfo = allocateXenHeap();
  }

  private Domain(Domain other, World world) {
    this.world = world;
    id = other.id;
    privileged = other.privileged;
    maxPages = other.maxPages;
    physmap = other.physmap.copy(world.memory());
    vcpus = new Vcpu[other.vcpus.length];
    parts = new DomainPart[other.parts.length];
    life = other.life;
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
    digest.add(id).add(privileged).add(life).add(maxPages).add(totPages).add(xenHeapPages).add(sharedInfo);
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

  /** True for a control domain. */
  public boolean privileged() {
    return privileged;
  }

  public Life life() {
    return life;
  }

  void setLife(Life life) {
    this.life = life;
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
    return this == target || privileged;
  }

  /** A new RAM page of this domain, not yet mapped, or -1 when the host has none left. The limit is the caller's business. */
  public long allocateRam() {
    long mfn = world.memory().allocate(id);
    if (mfn >= 0) {
      totPages++;
      world.trace().allocated(id, mfn);
    }
    return mfn;
  }

  /** A zeroed page lent by Xen, or -1. While the domain dies such a page has no reference, and none can be taken. */
  public long allocateXenHeap() {
    if (life != Life.ALIVE) {
      return world.memory().lendUnreferenced(id);
    }
    long mfn = world.memory().allocateXenHeap(id);
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
    world.memory().allocateAt(mfn, id);
    totPages++;
  }

  /** Builds RAM at a known place: {@code count} frames, contiguous on both sides, read-write. */
  public void ownRam(long gfn, long mfn, long count) {
    for (long i = 0; i < count; i++) {
      ownRam(mfn + i);
      physmap.set(gfn + i, mfn + i, EntryType.RAM_RW);
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

  boolean isGone() {
    return life == Life.DEAD && totPages == 0 && xenHeapPages == 0 && !world.isInUse(this);
  }

  /** The machine address behind a guest-physical one that is mapped. */
  public long machineAddress(long address) {
    return (Physmap.mfn(physmap.entry(address >>> MachineMemory.PAGE_SHIFT)) << MachineMemory.PAGE_SHIFT)
        | (address & (MachineMemory.PAGE_SIZE - 1));
  }
}
