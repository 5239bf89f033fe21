package org.xenarium.gnttab.table;

import java.util.Arrays;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.MapFlags;

/** A domain's grant table: frames of shared entries, the active entries behind them, and the maptrack of what the domain has mapped. */
public final class GrantTable implements DomainPart {
  private final Domain domain;
  private final GrantLimits limits;
  private final ActiveEntries active;
  private final Maptrack maptrack;

  /** Machine frames of the shared entries; never changed in place, so copies share it. */
  private long[] frames;

  /** One behind the handle to be looked at next when the domain dies; -1 before. */
  private int releasing = -1;

  /** A new domain's table: version 1, one zeroed frame that is nowhere mapped, no handles. */
  public GrantTable(Domain domain, GrantLimits limits) {
    this.domain = domain;
    this.limits = limits;
    active = new ActiveEntries();
    maptrack = new Maptrack(limits.maxMaptrackFrames(), domain.vcpuCount());
    frames = new long[0];
    if (!grow(1)) {
      throw new IllegalStateException("the host has no memory for the grant table of domain " + domain.id());
    }
  }

  private GrantTable(GrantTable other, Domain copied) {
    domain = copied;
    limits = other.limits;
    active = other.active.copy();
    maptrack = other.maptrack.copy();
    frames = other.frames;
    releasing = other.releasing;
  }

  /** The grant table of a domain. */
  public static GrantTable of(Domain domain) {
    return domain.part(GrantTable.class);
  }

  @Override
  public DomainPart copy(Domain copied) {
    return new GrantTable(this, copied);
  }

  @Override
  public void digest(Digest digest) {
    digest.add(active.digest()).add(releasing).add(frames.length);
    for (long frame : frames) {
      digest.add(frame);
    }
    maptrack.digest(digest);
  }

  @Override
  public void freeze() {
    active.freeze();
    maptrack.freeze();
  }

  public ActiveEntries active() {
    return active;
  }

  public Maptrack maptrack() {
    return maptrack;
  }

  /** Version of the shared entries. */
  public int version() {
    return 1;
  }

  public int frameCount() {
    return frames.length;
  }

  public int maxFrames() {
    return limits.maxFrames();
  }

  /** Machine frame of the shared frame with that index. */
  public long frame(int index) {
    return frames[index];
  }

  /** True when the unsigned reference names an entry of the table. */
  public boolean contains(int ref) {
    return Integer.compareUnsigned(ref, entryCount()) < 0;
  }

  public int entryCount() {
    return frames.length * SharedEntries.PER_FRAME;
  }

  /**
   * Makes the table have at least {@code wanted} frames, new ones zeroed. It never shrinks.
   *
   * @return false when the host has no memory for them; {@code wanted} must not exceed {@link #maxFrames}
   */
  public boolean grow(int wanted) {
    if (wanted <= frames.length) {
      return true;
    }
    long[] grown = Arrays.copyOf(frames, wanted);
    for (int i = frames.length; i < wanted; i++) {
      grown[i] = domain.allocateXenHeap();
      if (grown[i] == Mfn.NONE) {
        giveBack(grown, frames.length, i);
        return false;
      }
    }
    frames = grown;
    return true;
  }

  private void giveBack(long[] grown, int from, int to) {
    for (int i = from; i < to; i++) {
      domain.returnXenHeap(grown[i]);
    }
  }

  /** The shared frame with that index for mapping it somewhere: the table grows as far as it may. {@link Mfn#NONE} beyond that. */
  public long frameForMapping(long index) {
    long wanted = index & 0xffff_ffffL;
    if (wanted >= limits.maxFrames() || !grow((int) wanted + 1)) {
      return Mfn.NONE;
    }
    return frames[(int) wanted];
  }

  /**
   * The machine frames {@code first} to {@code first + count - 1} of a resource of this table, which grows as far as it may: shared frames
   * have id 0 (spec §6.9). Empty when there are no such frames.
   */
  public long[] acquire(int id, long first, int count) {
    if (id != 0 || count <= 0 || first + count > limits.maxFrames() || !grow((int) first + count)) {
      return new long[0];
    }
    return Arrays.copyOfRange(frames, (int) first, (int) first + count);
  }

  /** Takes a pin away and clears the flag bits that it justified. */
  public void unpin(int ref, boolean readonly) {
    SharedEntries.reduce(domain, this, ref, active.decrement(ref, readonly), readonly);
  }

  /** Releases one mapping of the dying domain, from the highest handle down (spec §5.2). */
  @Override
  public boolean release() {
    if (releasing < 0) {
      releasing = maptrack.limit();
    }
    while (releasing > 0) {
      int handle = --releasing;
      if (maptrack.flags(handle) != 0) {
        release(handle);
        return true;
      }
    }
    maptrack.clear();
    return false;
  }

  private void release(int handle) {
    Domain granter = domain.world().domain(maptrack.domid(handle));
    if (granter == null) {
      throw new IllegalStateException("live handle " + handle + " names a domain that is gone");
    }
    GrantTable table = of(granter);
    int ref = maptrack.ref(handle);
    long mfn = table.active.mfn(ref);
    table.unpin(ref, (maptrack.flags(handle) & MapFlags.READONLY) != 0);
    maptrack.retire(handle);
    domain.world().memory().put(mfn);
  }
}
