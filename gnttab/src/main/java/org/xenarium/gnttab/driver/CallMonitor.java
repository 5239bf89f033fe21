package org.xenarium.gnttab.driver;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.SharedEntries;

/**
 * Invariants about single calls of one guest: G2, G3, G4, G5, G9 and G10, and of G1 what only the owners of references know. It remembers what
 * the calls told their caller, so it must hear of all of them, one after the other; other domains may do what they like meanwhile.
 *
 * <p>Say {@link #before} before each call, and what came of it afterwards. It is a trace, too, that must watch the machine.
 */
public final class CallMonitor implements Trace {
  private final Domain domain;
  private final TreeSet<Integer> owned = new TreeSet<>();
  private final TreeSet<Integer> handles = new TreeSet<>();
  private final List<String> violations = new ArrayList<>();
  private int hypercalls;
  private int hypercallsBefore;
  private long stateBefore;
  private TreeSet<Integer> liveBefore = new TreeSet<>();
  private @Nullable Rule said;

  /** For a guest that has neither a grant nor a mapping yet. */
  public CallMonitor(Domain domain) {
    this.domain = domain;
  }

  @Override
  public void decided(int domid, int vcpu, long element, Rule rule) {
    hypercalls += domid == domain.id() ? 1 : 0;
  }

  @Override
  public void guest(int domid, int vcpu, Rule rule, long value) {
    said = domid == domain.id() ? rule : said;
  }

  /** A call begins. */
  public void before() {
    hypercallsBefore = hypercalls;
    stateBefore = state();
    liveBefore = live();
    said = null;
  }

  /** What is violated so far, each message beginning with the invariant's number. */
  public ImmutableList<String> violations() {
    return ImmutableList.copyOf(violations);
  }

  private long state() {
    Digest digest = new Digest();
    domain.part(GrantDriver.class).digest(digest);
    domain.physmap().digest(digest);
    return digest.value();
  }

  private TreeSet<Integer> live() {
    Maptrack maptrack = GrantTable.of(domain).maptrack();
    TreeSet<Integer> live = new TreeSet<>();
    for (int handle = 0; handle < maptrack.limit(); handle++) {
      if (maptrack.isLive(handle)) {
        live.add(handle);
      }
    }
    return live;
  }

  private void demand(boolean holds, String message) {
    if (!holds) {
      violations.add(message);
    }
  }

  /** gnttab_grant_access or gnttab_alloc_and_grant returned a reference. */
  public void afterGrant(int ref) {
    demand(owned.add(ref), "G2 reference " + ref + " was handed out, whose owner was not told of its release");
    g1EveryReferenceHasItsPlace();
  }

  /** gnttab_end_access returned. */
  public void afterEnd(int ref, long result) {
    GrantDriver driver = GrantDriver.of(domain);
    GrantTable table = GrantTable.of(domain);
    boolean reported = result == (driver.has(DriverDifference.RELEASE_IS_1) ? 1 : 0);
    boolean open = (SharedEntries.header(domain, table, ref) & 0xffff) != 0 || table.active().pin(ref) != 0;
    demand(reported != open, "G3 end_access says " + (reported ? "released" : "busy") + " of reference " + ref + ", which is not so");
    if (reported) {
      owned.remove(ref);
    }
    g1EveryReferenceHasItsPlace();
  }

  private void g1EveryReferenceHasItsPlace() {
    GrantDriver driver = GrantDriver.of(domain);
    int places = driver.freeCount() + owned.size();
    String message = "G1 of " + (driver.entryCount() - FreeList.RESERVED) + " references, " + places + " are free or have an owner";
    demand(places == driver.entryCount() - FreeList.RESERVED, message);
  }

  /** gnttab_map_refs returned, with whatever value. */
  public void afterMap(long array, int count) {
    if (said == DriverRule.MAPREF_02 || said == DriverRule.MAPREF_03) {
      g10NoHypercall();
      return;
    }
    TreeSet<Integer> made = live();
    made.removeAll(liveBefore);
    TreeSet<Integer> told = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      long element = array + (long) i * MapLayout.SIZE;
      if ((short) load(element + MapLayout.STATUS, 2) == GntStatus.OKAY) {
        told.add((int) load(element + MapLayout.HANDLE, 4));
      }
    }
    demand(made.equals(told), "G4 map_refs made the handles " + made + " and told of " + told);
    handles.addAll(told);
    g5NoOrphan();
  }

  /** gnttab_unmap_refs returned, with whatever value. */
  public void afterUnmap(long array, int count) {
    if (said == DriverRule.UNMAPREF_02) {
      g10NoHypercall();
      return;
    }
    for (int i = 0; i < count; i++) {
      long element = array + (long) i * UnmapLayout.SIZE;
      if ((short) load(element + UnmapLayout.STATUS, 2) == GntStatus.OKAY) {
        handles.remove((int) load(element + UnmapLayout.HANDLE, 4));
      }
    }
    g5NoOrphan();
  }

  private long load(long address, int size) {
    return domain.vcpu(0).load(address, size);
  }

  private void g5NoOrphan() {
    demand(handles.equals(live()), "G5 the handles " + live() + " are live, and their owner knows of " + handles);
  }

  private void g10NoHypercall() {
    demand(hypercalls == hypercallsBefore, "G10 a call that was refused in advance made a hypercall");
    afterFailure();
  }

  /** A call returned a failure, other than of a hypercall for a batch. */
  public void afterFailure() {
    demand(state() == stateBefore, "G9 a call failed and left a change behind: " + (said == null ? "" : said.id()));
  }
}
