package org.xenarium.gnttab.invariant;

import java.util.Arrays;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;

/** A domain as a watch knows it: how it was after the last step, and what that adds up to. */
final class DomainView {
  private static final int WORD = 3;

  final Domain domain;
  final int incarnation;
  final GrantTable table;

  /** Where the watch keeps this view. */
  final int slot;

  // How things were after the last step.
  final SparseBytes active;
  final SparseBytes maptrack;
  final SparseBytes physmap;
  final SharedCopy shared;
  Life life;
  long totPages;
  long maxMapped;
  int limit;
  int version;
  long[] frames = {};
  long[] statusFrames = {};
  final int[] heads;
  final int[] tails;

  // What it adds up to.
  /** Per reference of this domain's table: live read-only handles, live writable ones, of whichever mapper. */
  final SparseBytes maps;

  /** Per machine frame: writable grant entries in this physmap, live writable handles of this domain. */
  final SparseBytes rights;

  /** Where each handle was mapped, as the guest said then. */
  final Addresses addresses;

  /** References whose invariants [W] are void. */
  final SparseBytes spoilt;

  /** Something was written to the maptrack since that was last looked at as a whole. */
  boolean handlesChanged = true;

  int live;
  int free;
  int grantEntries;
  long ownedRam;
  long heldFrames;

  /** Live handles of whichever domain that name this one. */
  int handlesNamingIt;

  /** Counters that are held for this domain. */
  int pinsForIt;

  /** The invariants [D] of this domain as a mapper are void. */
  boolean undisciplined;

  final VcpuView[] vcpus;

  DomainView(Domain domain, int slot) {
    this.domain = domain;
    incarnation = domain.incarnation();
    this.slot = slot;
    table = GrantTable.of(domain);
    active = new SparseBytes();
    maptrack = new SparseBytes();
    physmap = new SparseBytes();
    shared = new SharedCopy();
    maps = new SparseBytes();
    rights = new SparseBytes();
    addresses = new Addresses();
    spoilt = new SparseBytes();
    life = domain.life();
    heads = new int[domain.vcpuCount()];
    tails = new int[domain.vcpuCount()];
    Arrays.fill(heads, Maptrack.NONE);
    Arrays.fill(tails, Maptrack.NONE);
    vcpus = new VcpuView[domain.vcpuCount()];
    Arrays.setAll(vcpus, i -> new VcpuView());
  }

  /** The same knowledge about the copy of the domain. */
  DomainView(DomainView other, Domain copied) {
    domain = copied;
    incarnation = copied.incarnation();
    slot = other.slot;
    table = GrantTable.of(copied);
    active = other.active.copy();
    maptrack = other.maptrack.copy();
    physmap = other.physmap.copy();
    shared = other.shared.copy();
    maps = other.maps.copy();
    rights = other.rights.copy();
    addresses = other.addresses.copy();
    spoilt = other.spoilt.copy();
    life = other.life;
    totPages = other.totPages;
    maxMapped = other.maxMapped;
    limit = other.limit;
    version = other.version;
    frames = other.frames;
    statusFrames = other.statusFrames;
    heads = other.heads.clone();
    tails = other.tails.clone();
    handlesChanged = other.handlesChanged;
    live = other.live;
    free = other.free;
    grantEntries = other.grantEntries;
    ownedRam = other.ownedRam;
    heldFrames = other.heldFrames;
    handlesNamingIt = other.handlesNamingIt;
    pinsForIt = other.pinsForIt;
    undisciplined = other.undisciplined;
    vcpus = new VcpuView[other.vcpus.length];
    Arrays.setAll(vcpus, i -> other.vcpus[i].copy());
  }

  int id() {
    return domain.id();
  }

  /** True when the numbers of the domain that are in no journal are those that are known. */
  boolean isUnchanged() {
    return domain.life() == life
        && domain.totPages() == totPages
        && domain.physmap().maxMapped() == maxMapped
        && !isResized()
        && !isMaptrackChanged();
  }

  /** True when the table has another version or size than is known. */
  boolean isResized() {
    return table.version() != version || table.frameCount() != frames.length || table.statusFrameCount() != statusFrames.length;
  }

  /** True when the maptrack has another size than is known, or its free lists begin or end elsewhere. */
  boolean isMaptrackChanged() {
    boolean changed = table.maptrack().limit() != limit;
    for (int i = 0; i < heads.length; i++) {
      changed |= table.maptrack().head(i) != heads[i] || table.maptrack().tail(i) != tails[i];
    }
    return changed;
  }

  /** True while entries of this physmap count for what is in use: the domain is alive and has kept the rules that [D] is about. */
  boolean physmapCounts() {
    return life == Life.ALIVE && !undisciplined;
  }

  // Active entries: pin word and domid, then the frame.

  long pinWord(int ref) {
    return active.getLong(entry(ref));
  }

  long pinnedFrame(int ref) {
    return active.getLong(entry(ref) + Long.BYTES);
  }

  void setActive(int ref, long word, long mfn) {
    active.setLong(entry(ref), word);
    active.setLong(entry(ref) + Long.BYTES, mfn);
  }

  private static long entry(int ref) {
    return (ref & 0xffff_ffffL) << (WORD + 1);
  }

  // Live handles of each entry.

  int maps(int ref, boolean readonly) {
    return maps.getInt(mapsAt(ref, readonly));
  }

  /** The first reference at or after {@code ref} that has live handles, or -1. */
  int nextMapped(int ref) {
    long at = maps.next(mapsAt(ref, true), Long.BYTES, -1);
    return at < 0 ? -1 : (int) (at >>> WORD);
  }

  void map(int ref, boolean readonly, int by) {
    long at = mapsAt(ref, readonly);
    maps.setInt(at, maps.getInt(at) + by);
  }

  private static long mapsAt(int ref, boolean readonly) {
    return ((ref & 0xffff_ffffL) << WORD) + (readonly ? 0 : Integer.BYTES);
  }

  // Writable ways to frames.

  int writableEntries(long mfn) {
    return rights.getInt(mfn << WORD);
  }

  void writableEntry(long mfn, int by) {
    rights.setInt(mfn << WORD, writableEntries(mfn) + by);
  }

  int writableHandles(long mfn) {
    return rights.getInt((mfn << WORD) + Integer.BYTES);
  }

  void writableHandle(long mfn, int by) {
    rights.setInt((mfn << WORD) + Integer.BYTES, writableHandles(mfn) + by);
  }

  boolean isSpoilt(int ref) {
    return spoilt.getByte(ref & 0xffff_ffffL) != 0;
  }

  void spoil(int ref) {
    spoilt.setByte(ref & 0xffff_ffffL, 1);
  }

  /** The index of a frame of shared entries, or -1. */
  int frameIndex(long mfn) {
    return index(frames, mfn);
  }

  /** The index of a status frame, or -1. */
  int statusIndex(long mfn) {
    return index(statusFrames, mfn);
  }

  private static int index(long[] list, long mfn) {
    for (int i = 0; i < list.length; i++) {
      if (list[i] == mfn) {
        return i;
      }
    }
    return -1;
  }
}
