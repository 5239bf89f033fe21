package org.xenarium.gnttab.driver;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.SharedEntries;

/**
 * Invariants about single calls of one guest: G2, G3, G4, G5, G9 and G10, and of G1 what only the owners of references know. It remembers what
 * the calls told their caller. Say {@link #before} before a call, and what came of it afterwards.
 */
final class CallMonitor {
  private static final int NO_HANDLE = (1 << 24) - 1;

  private final Domain domain;
  private final DriverPast past;
  private final GuestTests tests;
  private final BitSet owned = new BitSet();

  /** References that have had an owner before. */
  private final BitSet known = new BitSet();
  private final BitSet handles = new BitSet();
  private final List<GuestViolation> violations = new ArrayList<>();
  private int hypercalls;
  private int hypercallsBefore;
  private BitSet liveBefore = new BitSet();
  private @Nullable Rule said;

  /** For a guest that has neither a grant nor a mapping yet. */
  CallMonitor(Domain domain, DriverPast past, GuestTests tests) {
    this.domain = domain;
    this.past = past;
    this.tests = tests;
  }

  /** A hypercall of the call under way decided something. */
  void decided() {
    hypercalls++;
  }

  /** The guest says by which rule it went. */
  void says(Rule rule) {
    said = rule;
  }

  /** A call begins. Live handles are known, however they came about: a guest may map without its driver between two calls. */
  void before(Routine call) {
    hypercallsBefore = hypercalls;
    past.look();
    if (call instanceof RefsCall) {
      liveBefore = live();
      handles.clear();
      handles.or(liveBefore);
    }
    said = null;
  }

  private BitSet live() {
    Maptrack maptrack = GrantTable.of(domain).maptrack();
    BitSet live = new BitSet();
    for (int handle = maptrack.nextLive(0); handle != Maptrack.NONE; handle = maptrack.nextLive(handle + 1)) {
      live.set(handle);
    }
    return live;
  }

  private void violated(GuestInvariant invariant, String message) {
    violations.add(new GuestViolation(invariant, domain.id(), message));
  }

  /** What is violated since this was last asked. */
  List<GuestViolation> takeViolations() {
    if (violations.isEmpty()) {
      return List.of();
    }
    List<GuestViolation> taken = List.copyOf(violations);
    violations.clear();
    return taken;
  }

  /** Whatever the guest has at the moment, it has rightly: references that are not free are handed out. */
  void adopt() {
    GrantDriver driver = GrantDriver.of(domain);
    owned.clear();
    owned.set(FreeList.RESERVED, Math.max(FreeList.RESERVED, driver.entryCount()));
    int ref = driver.list().head();
    for (int i = 0; ref != 0 && i < driver.entryCount(); i++, ref = driver.list().after(ref)) {
      owned.clear(ref);
    }
    known.or(owned);
  }

  /** A reference was handed out. */
  void granted(int ref) {
    tests.testsIf(ref < 0 || known.get(ref), GuestInvariant.G2);
    if (ref < 0 || owned.get(ref)) {
      violated(GuestInvariant.G2, "reference " + Integer.toUnsignedString(ref) + " was handed out, whose owner was not told of its release");
      return;
    }
    owned.set(ref);
    known.set(ref);
  }

  /** Whether that result of gnttab_end_access says that the grant has ended. */
  boolean isRelease(long result) {
    return result == (GrantDriver.of(domain).has(DriverDifference.RELEASE_IS_1) ? 1 : 0);
  }

  /** gnttab_end_access returned. */
  void ended(int ref, long result) {
    GrantTable table = GrantTable.of(domain);
    boolean reported = isRelease(result);
    if (!table.contains(ref) || (!reported && !owned.get(ref))) {
      return; // a call that is wrong in itself
    }
    boolean open = (SharedEntries.header(domain, table, ref) & 0xffff) != 0 || table.active().pin(ref) != 0;
    tests.tests(GuestInvariant.G3);
    if (reported == open) {
      violated(GuestInvariant.G3, "end_access says " + (reported ? "released" : "busy") + " of reference " + ref + ", which is not so");
    }
    if (reported) {
      owned.clear(ref);
    }
  }

  /** G1, of what only the owners of references know; while no call is under way. */
  void conserved() {
    GrantDriver driver = GrantDriver.of(domain);
    int places = driver.freeCount() + owned.cardinality();
    tests.tests(GuestInvariant.G1);
    if (places != driver.entryCount() - FreeList.RESERVED) {
      violated(GuestInvariant.G1, "of " + (driver.entryCount() - FreeList.RESERVED) + " references, " + places + " are free or have an owner");
    }
  }

  /** gnttab_map_refs returned, with whatever value. */
  void afterMap(long array, int count) {
    if (said == DriverRule.MAPREF_02 || said == DriverRule.MAPREF_03) {
      g10NoHypercall();
      return;
    }
    BitSet made = live();
    made.andNot(liveBefore);
    BitSet told = new BitSet();
    for (int i = 0; i < count; i++) {
      long element = array + (long) i * MapLayout.SIZE;
      if ((short) load(element + MapLayout.STATUS, 2) == GntStatus.OKAY) {
        told.set(handle(element + MapLayout.HANDLE));
      }
    }
    tests.testsIf(count > 0, GuestInvariant.G4);
    if (!made.equals(told)) {
      violated(GuestInvariant.G4, "map_refs made the handles " + made + " and told of " + told);
    }
    handles.or(told);
    g5NoOrphan();
  }

  /** gnttab_unmap_refs returned, with whatever value. */
  void afterUnmap(long array, int count) {
    if (said == DriverRule.UNMAPREF_02) {
      g10NoHypercall();
      return;
    }
    for (int i = 0; i < count; i++) {
      long element = array + (long) i * UnmapLayout.SIZE;
      if ((short) load(element + UnmapLayout.STATUS, 2) == GntStatus.OKAY) {
        handles.clear(handle(element + UnmapLayout.HANDLE));
      }
    }
    g5NoOrphan();
  }

  /** A handle as an element has it; of the numbers that no handle has, one is as good as another. */
  private int handle(long at) {
    return (int) load(at, 4) & NO_HANDLE;
  }

  /** Reads guest memory as nobody else would notice. */
  private long load(long address, int size) {
    MachineMemory memory = domain.world().memory();
    long value = 0;
    for (int i = 0; i < size; i++) {
      long entry = domain.physmap().entry(address + i >>> MachineMemory.PAGE_SHIFT);
      boolean exists = entry != Physmap.HOLE && memory.isValid(Physmap.mfn(entry));
      long at = exists ? memory.address(Physmap.mfn(entry)) + (address + i & (MachineMemory.PAGE_SIZE - 1)) : 0;
      value |= exists ? (memory.content().getByte(at) & 0xffL) << Byte.SIZE * i : 0;
    }
    return value;
  }

  private void g5NoOrphan() {
    BitSet live = live();
    tests.testsIf(!live.isEmpty(), GuestInvariant.G5);
    if (!handles.equals(live)) {
      violated(GuestInvariant.G5, "the handles " + live + " are live, and their owner knows of " + handles);
    }
  }

  private void g10NoHypercall() {
    tests.tests(GuestInvariant.G10);
    if (hypercalls != hypercallsBefore) {
      violated(GuestInvariant.G10, "a call that was refused in advance made a hypercall");
    }
    afterFailure();
  }

  /** A call returned a failure, other than of a hypercall for a batch. */
  void afterFailure() {
    tests.tests(GuestInvariant.G9);
    if (past.differs()) {
      violated(GuestInvariant.G9, "a call failed and left a change behind: " + (said == null ? "" : said.id()));
    }
  }
}
