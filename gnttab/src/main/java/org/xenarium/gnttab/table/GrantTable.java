package org.xenarium.gnttab.table;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Journal;
import org.xenarium.gnttab.abi.MapFlags;

/** A domain's grant table: frames of shared entries, the active entries behind them, and the maptrack of what the domain has mapped. */
public final class GrantTable implements DomainPart {
  /** Marks an index of add_to_physmap that names a status frame. */
  private static final long STATUS_INDEX = 1L << 31;

  private final Domain domain;
  private final GrantLimits limits;
  private final ActiveEntries active;
  private final Maptrack maptrack;

  /** Machine frames of the shared entries; never changed in place, so copies share it. */
  private long[] frames;

  /** Machine frames of the status words, which only version 2 has. */
  private long[] statusFrames = {};

  /** 0 until the table is first used, in releases without V9. */
  private int version;

  /** Claims through transitive entries of this table that have left its lock. */
  private int passingOn;

  /** A new domain's table: version 1 (V9), one zeroed frame that is nowhere mapped, no handles. Null when the host has no memory for it. */
  public static @Nullable GrantTable create(Domain domain, GrantLimits limits) {
    GrantTable table = new GrantTable(domain, limits);
    return table.grow(1) ? table : null;
  }

  private GrantTable(Domain domain, GrantLimits limits) {
    this.domain = domain;
    this.limits = limits;
    version = domain.world().semantics().has(Difference.INITIAL_VERSION_1) ? 1 : 0;
    active = new ActiveEntries();
    maptrack = new Maptrack(limits.maxMaptrackFrames(), domain.vcpuCount());
    frames = new long[0];
  }

  private GrantTable(GrantTable other, Domain copied) {
    domain = copied;
    limits = other.limits;
    active = other.active.copy();
    maptrack = other.maptrack.copy();
    frames = other.frames;
    statusFrames = other.statusFrames;
    version = other.version;
    passingOn = other.passingOn;
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
    digest.add(active.digest()).add(version).add(passingOn).add(frames.length).add(statusFrames.length);
    for (long frame : frames) {
      digest.add(frame);
    }
    for (long frame : statusFrames) {
      digest.add(frame);
    }
    maptrack.digest(digest);
  }

  @Override
  public void freeze() {
    active.freeze();
    maptrack.freeze();
  }

  /** From now on writes to active entries and to maptrack entries are noted under these numbers; a null journal ends it. */
  public void record(@Nullable Journal journal, int asActive, int asMaptrack) {
    active.record(journal, asActive);
    maptrack.record(journal, asMaptrack);
  }

  public ActiveEntries active() {
    return active;
  }

  public Maptrack maptrack() {
    return maptrack;
  }

  /** Version of the shared entries; 0 in a table without entries (V9). */
  public int version() {
    return version;
  }

  /** Highest version that the domain may ask for. */
  public int maxVersion() {
    return limits.maxVersion();
  }

  public int statusFrameCount() {
    return statusFrames.length;
  }

  /** Machine frame of the status frame with that index. */
  public long statusFrame(int index) {
    return statusFrames[index];
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
    return frames.length * SharedEntries.perFrame(version);
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
    if (version == 2 && !growStatus(statusFramesFor(wanted))) {
      return false;
    }
    frames = LentFrames.extended(domain, frames, wanted);
    return frames.length >= wanted;
  }

  /** The table is about to be used: from now on it has a version and entries (V9). */
  public void establish() {
    if (version == 0) {
      version = 1;
    }
  }

  private boolean growStatus(int wanted) {
    statusFrames = LentFrames.extended(domain, statusFrames, wanted);
    return statusFrames.length >= wanted;
  }

  /** Status frames that belong to so many frames of version 2 entries. */
  private static int statusFramesFor(int count) {
    int perStatusFrame = SharedEntries.STATUS_PER_FRAME / SharedEntries.perFrame(2);
    return (count + perStatusFrame - 1) / perStatusFrame;
  }

  /** The shared frame with that index for mapping it somewhere: the table grows as far as it may. {@link Mfn#NONE} beyond that. */
  public long frameForMapping(long index) {
    establish();
    if (version == 2 && (index & STATUS_INDEX) != 0) {
      return statusFrameForMapping(index & (STATUS_INDEX - 1));
    }
    long wanted = index & 0xffff_ffffL;
    if (wanted >= limits.maxFrames() || !grow((int) wanted + 1)) {
      return Mfn.NONE;
    }
    return frames[(int) wanted];
  }

  /** Status frames come into being with the frames of entries that they belong to, so those grow. */
  private long statusFrameForMapping(long index) {
    long wanted = (index + 1) * (SharedEntries.STATUS_PER_FRAME / SharedEntries.perFrame(2));
    if (index >= statusFrames.length && (wanted > limits.maxFrames() || !grow((int) wanted))) {
      return Mfn.NONE;
    }
    return statusFrames[(int) index];
  }

  /**
   * The machine frames {@code first} to {@code first + count - 1} of a resource of this table, which grows as far as it may: shared frames
   * have id 0, status frames of version 2 id 1 (spec §6.9). Empty when there are no such frames.
   */
  public long[] acquire(int id, long first, int count) {
    boolean exists = count > 0 && first >= 0 && first + count > first && first + count <= limits.maxFrames();
    if (exists && id == 0 && grow((int) first + count)) {
      return Arrays.copyOfRange(frames, (int) first, (int) first + count);
    }
    if (exists && id == 1 && version == 2 && statusFrameForMapping(first + count - 1) != Mfn.NONE) {
      return Arrays.copyOfRange(statusFrames, (int) first, (int) first + count);
    }
    return new long[0];
  }

  /** True when an entry that is not reserved is pinned. */
  public boolean isBusy() {
    return active.nextPinned(ReservedEntries.COUNT) >= 0;
  }

  /** A claim through a transitive entry leaves the table's lock. */
  public void beginPassingOn() {
    passingOn++;
  }

  /** A claim through a transitive entry has the table's lock again. */
  public void endPassingOn() {
    passingOn--;
  }

  /** True while a copy uses a reserved sub-page entry, or is on its way through a transitive one (V32). */
  public boolean hasCopiesOfParts() {
    return ReservedEntries.anyIsPart(active) || isPassingOn();
  }

  /** True while a copy is on its way through a transitive entry of this table, without its lock. */
  public boolean isPassingOn() {
    return passingOn > 0;
  }

  /** True when a reserved entry cannot be expressed in version 1: it is transitive, or its frame needs more than 32 bits. */
  public boolean hasEntryBeyondVersion1() {
    return !ReservedEntries.fitVersion1(domain, this);
  }

  /**
   * Becomes a table of version 2 (spec §4): the reserved entries stay, their status bits move to status words, all others are zeroed.
   *
   * @return false when the host has no memory for the status frames
   */
  public boolean switchToVersion2() {
    if (!growStatus(statusFramesFor(frames.length))) {
      return false;
    }
    ReservedEntries kept = ReservedEntries.ofVersion1(domain, this);
    LentFrames.zero(domain, frames);
    version = 2;
    kept.writeAsVersion2(domain, this);
    return true;
  }

  /**
   * Becomes a table of version 1 (spec §4). The status frames leave the physmap and go back to the host.
   *
   * @return 0, or the negative errno of what went wrong halfway
   */
  public int switchToVersion1() {
    ReservedEntries kept = ReservedEntries.ofVersion2(domain, this);
    int errno = LentFrames.drop(domain, statusFrames);
    if (errno != 0) {
      return errno;
    }
    statusFrames = new long[0];
    LentFrames.zero(domain, frames);
    version = 1;
    kept.writeAsVersion1(domain, this);
    return 0;
  }

  /** Takes a pin away and clears the flag bits that it justified. */
  public void unpin(int ref, boolean readonly) {
    SharedEntries.reduce(domain, this, ref, active.decrement(ref, readonly), readonly);
  }

  /** The lock of the entry that a handle maps; none when the handle is not live. */
  public long lockOf(int handle) {
    return maptrack.isLive(handle) ? Lock.entry(granter(handle).incarnation(), maptrack.ref(handle)) : Lock.NONE;
  }

  @Override
  public long releaseNeeds() {
    return lockOf(maptrack.lastLive());
  }

  /** Releases one mapping of the dying domain, from the highest handle down; frames of the maptrack go as they become empty (spec §5.2). */
  @Override
  public boolean release() {
    int handle = maptrack.lastLive();
    maptrack.dropFramesAbove(handle);
    if (handle != Maptrack.NONE) {
      release(handle);
    }
    return handle != Maptrack.NONE;
  }

  private void release(int handle) {
    GrantTable table = of(granter(handle));
    int ref = maptrack.ref(handle);
    long mfn = table.active.mfn(ref);
    table.unpin(ref, (maptrack.flags(handle) & MapFlags.READONLY) != 0);
    maptrack.retire(handle);
    domain.world().memory().put(mfn);
  }

  private Domain granter(int handle) {
    Domain granter = domain.world().domain(maptrack.domid(handle));
    if (granter == null) {
      throw new IllegalStateException("live handle " + handle + " names a domain that is gone");
    }
    return granter;
  }
}
