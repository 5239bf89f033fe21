package org.xenarium.emulator.physmap;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Journal;
import org.xenarium.emulator.state.Mirror;
import org.xenarium.emulator.state.SparseBytes;

/**
 * A domain's physmap, or p2m: which machine frame, with which type, stands at each guest frame number (spec §6.1, rules P1 to P7).
 *
 * <p>Entries travel as packed numbers, {@code mfn << 8 | type code}; 0 is a hole.
 */
public final class Physmap {
  /** No entry. */
  public static final long HOLE = 0;

  /** A pool of page tables that is never exhausted. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final int ENTRY_SHIFT = 3;
  private static final int TYPE_BITS = 8;
  private static final int TYPE_MASK = (1 << TYPE_BITS) - 1;

  private final int owner;
  private final long reach;
  private final SparseBytes entries;
  private final MachineMemory memory;

  /** Null where the pool is not limited: then nobody can tell which tables there are. */
  private final @Nullable PageTables tables;

  private long maxMapped;
  private boolean closed;

  /** An empty physmap whose tables cost nothing; see below. */
  public Physmap(int owner, long reach, MachineMemory memory) {
    this(owner, reach, UNLIMITED, memory);
  }

  /**
   * An empty physmap.
   *
   * @param owner whose it is
   * @param reach the number of guest frames that the root table spans (V35)
   * @param pool pages for the tables below the root, or {@link #UNLIMITED}
   */
  public Physmap(int owner, long reach, long pool, MachineMemory memory) {
    this(owner, reach, new SparseBytes(), memory, pool == UNLIMITED ? null : new PageTables(reach, pool), 0, false);
  }

  private Physmap(
      int owner, long reach, SparseBytes entries, MachineMemory memory, @Nullable PageTables tables, long maxMapped, boolean closed) {
    this.owner = owner;
    this.reach = reach;
    this.entries = entries;
    this.memory = memory;
    this.tables = tables;
    this.maxMapped = maxMapped;
    this.closed = closed;
  }

  public Physmap copy(MachineMemory copiedMemory) {
    return new Physmap(owner, reach, entries.copy(), copiedMemory, tables == null ? null : tables.copy(), maxMapped, closed);
  }

  public void digest(Digest digest) {
    digest.add(entries.digest()).add(maxMapped).add(closed);
    if (tables != null) {
      tables.digest(digest);
    }
  }

  public void freeze() {
    entries.seal();
    if (tables != null) {
      tables.freeze();
    }
  }

  /** Pages of the pool that no table uses yet, or {@link #UNLIMITED}. */
  public long poolLeft() {
    return tables == null ? UNLIMITED : tables.left();
  }

  /** From now on writes to entries are noted under that number; a null journal ends it. */
  public void record(@Nullable Journal journal, int as) {
    entries.record(journal, as);
  }

  /** The entries as they are, to be compared with those of later on; {@link #gfnOf} tells whose they are. */
  public Mirror mirror() {
    return new Mirror(entries);
  }

  /** As {@link #mirror()}, of the tables that cost pages; null where the pool is not limited. */
  public @Nullable Mirror mirrorOfTables() {
    return tables == null ? null : tables.mirror();
  }

  /** The guest frame whose entry begins at {@code at} of the store of entries, as a journal or a mirror gives it. */
  public static long gfnOf(long at) {
    return at >>> ENTRY_SHIFT;
  }

  /** The packed entry at {@code gfn}; {@link #HOLE} also beyond the reach. */
  public long entry(long gfn) {
    return Long.compareUnsigned(gfn, reach) < 0 ? entries.getLong(gfn << ENTRY_SHIFT) : HOLE;
  }

  public static EntryType type(long entry) {
    return EntryType.of((int) entry & TYPE_MASK);
  }

  public static long mfn(long entry) {
    return entry >>> TYPE_BITS;
  }

  /** Highest guest frame that was ever mapped; never falls (P5, I37). */
  public long maxMapped() {
    return maxMapped;
  }

  public long reach() {
    return reach;
  }

  /**
   * Replaces whatever is at {@code gfn} (P1): an old foreign entry drops its page reference, an old Xen-heap RAM entry is forgotten by its
   * frame, anything else is lost without a word. An entry of the same frame is replaced without either: Xen takes it for a change of the type
   * (measured on 4.17.7), so the reference of a foreign page that is mapped again at its place is never dropped.
   * Dying comes before reach.
   */
  public Change set(long gfn, long mfn, EntryType type) {
    Change ready = prepare(gfn, PageTables.PAGES);
    if (ready == Change.DONE) {
      put(gfn, mfn, type);
    }
    return ready;
  }

  /**
   * As {@link #set} for {@code count} pages in a row, in the largest blocks that the alignment of both sides and the rest of the count allow
   * (P7). Ends at the first that fails; those before it stay.
   */
  public Change setAll(long gfn, long mfn, long count, EntryType type) {
    for (long done = 0; done < count; ) {
      int level = PageTables.levelFor(gfn + done | mfn + done | count - done);
      Change ready = prepare(gfn + done, level);
      if (ready != Change.DONE) {
        return ready;
      }
      if (tables != null && level < PageTables.PAGES) {
        tables.setBlock(gfn + done, level);
      }
      for (long end = done + PageTables.pages(level); done < end; done++) {
        put(gfn + done, mfn + done, type);
      }
    }
    return Change.DONE;
  }

  private Change prepare(long gfn, int level) {
    if (closed) {
      return Change.DYING;
    }
    if (Long.compareUnsigned(gfn, reach) >= 0) {
      return Change.OUT_OF_REACH;
    }
    return tables == null ? Change.DONE : tables.prepare(gfn, level);
  }

  private void put(long gfn, long mfn, EntryType type) {
    long at = gfn << ENTRY_SHIFT;
    long old = entries.getLong(at);
    entries.setLong(at, mfn << TYPE_BITS | type.code());
    maxMapped = Math.max(maxMapped, gfn);
    if (old != HOLE && mfn(old) != mfn) {
      forget(old);
    }
    if (type.isRam() && memory.isXenHeap(mfn)) {
      memory.setStoredGfn(mfn, gfn);
    }
  }

  /**
   * Makes {@code gfn} a hole unless it holds another RAM-class frame than {@code mfn} (P3), which is found before dying and reach. A hole stays
   * a hole.
   */
  public Change remove(long gfn, long mfn) {
    long old = entry(gfn);
    if (old != HOLE && type(old).anyRam() && mfn(old) != mfn) {
      return Change.OTHER_FRAME;
    }
    if (closed) {
      return Change.DYING;
    }
    if (Long.compareUnsigned(gfn, reach) >= 0) {
      return Change.OUT_OF_REACH;
    }
    // Only RAM lies in blocks.
    Change ready = tables == null || !type(old).isRam() ? Change.DONE : tables.prepare(gfn, PageTables.PAGES);
    if (ready == Change.DONE) {
      clear(gfn, old);
    }
    return ready;
  }

  /** No insertion and no removal from now on, apart from the tear-down itself: the domain is dying (spec §5.4). */
  public void close() {
    closed = true;
  }

  /** Tear-down: removes the first entry at or after {@code gfn} and returns the gfn behind it, or -1 when there was none. */
  public long tearDown(long gfn) {
    long found = next(gfn);
    if (found < 0) {
      return -1;
    }
    clear(found, entries.getLong(found << ENTRY_SHIFT));
    return found + 1;
  }

  /** The first guest frame at or after {@code gfn} that is not a hole, or -1. */
  public long next(long gfn) {
    long at = entries.next(gfn << ENTRY_SHIFT, 1 << ENTRY_SHIFT, -1);
    return at < 0 ? -1 : at >>> ENTRY_SHIFT;
  }

  private void clear(long gfn, long old) {
    if (old != HOLE) {
      entries.setLong(gfn << ENTRY_SHIFT, HOLE);
      forget(old);
    }
  }

  private void forget(long old) {
    EntryType type = type(old);
    if (type.isForeign()) {
      memory.put(mfn(old));
    } else if (type.isRam() && memory.isXenHeap(mfn(old)) && memory.owner(mfn(old)) == owner) {
      memory.setStoredGfn(mfn(old), Mfn.NONE);
    }
  }

  /**
   * Looks up the frame at {@code gfn} and takes a reference on it (P4): RAM-class entries of frames that the domain owns, or of another
   * domain's where the entry is a foreign one. Returns the mfn or {@link Mfn#NONE}.
   */
  public long lookupAndGet(long gfn) {
    long entry = entry(gfn);
    if (entry == HOLE || !type(entry).anyRam()) {
      return Mfn.NONE;
    }
    long mfn = mfn(entry);
    int expected = type(entry).isForeign() ? memory.owner(mfn) : owner;
    return expected >= 0 && memory.get(mfn, expected) ? mfn : Mfn.NONE;
  }

  /**
   * As {@link #lookupAndGet}, for frames that may be granted on or copied by number: RAM-class, not foreign, owned by the domain (spec
   * §3.3.3).
   */
  public long lookupOwnedAndGet(long gfn) {
    long entry = entry(gfn);
    if (entry == HOLE) {
      return Mfn.NONE;
    }
    EntryType type = type(entry);
    long mfn = mfn(entry);
    return type.anyRam() && !type.isForeign() && memory.get(mfn, owner) ? mfn : Mfn.NONE;
  }
}
