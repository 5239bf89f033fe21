package org.xenarium.gnttab.driver;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;

/**
 * What holds of a guest with a driver whenever none of its calls is under way: G1, G6, G7, G8, G11 and G12. A guest can break some of them by
 * its own indiscipline, which the messages say.
 */
public final class GuestInvariants {
  private GuestInvariants() {}

  /** All that is violated, each message beginning with the invariant's number; empty when all is well. */
  public static ImmutableList<String> check(World world) {
    List<String> violations = new ArrayList<>();
    for (Domain domain : world.domains()) {
      if (domain.has(GrantDriver.class) && domain.life() == Life.ALIVE && domain.part(GrantDriver.class).config().enabled()) {
        GrantDriver driver = GrantDriver.of(domain);
        g1FreeList(domain, driver, violations);
        g6PageAccount(domain, driver, violations);
        g7NoReuseUnderGrant(domain, driver, violations);
        g8Interrupts(domain, violations);
        g11VirtualAddresses(domain, driver, violations);
        g12NobodyWaitsForNothing(domain, driver, violations);
      }
    }
    return ImmutableList.copyOf(violations);
  }

  /** G1: the list of free references is acyclic and without reserved ones, those not in it are handed out, the semaphore counts it. */
  static void g1FreeList(Domain domain, GrantDriver driver, List<String> violations) {
    BitSet free = new BitSet();
    int ref = driver.list().head();
    for (; ref != 0 && !free.get(Math.max(ref, 0)); ref = driver.list().after(ref)) {
      if (ref < FreeList.RESERVED || ref >= driver.entryCount()) {
        violations.add("G1 domain " + domain.id() + ": " + ref + " is in the list of free references");
        return;
      }
      free.set(ref);
    }
    if (ref != 0) {
      violations.add("G1 domain " + domain.id() + ": the list of free references comes back to " + ref + " (freed twice)");
      return;
    }
    boolean counts = !driver.has(DriverDifference.GROWING);
    if (counts && driver.semaphore().count() != free.cardinality()) {
      String count = " references are free and the semaphore counts " + driver.semaphore().count();
      violations.add("G1 domain " + domain.id() + ": " + free.cardinality() + count);
    }
    boolean marks = !driver.has(DriverDifference.UNCHECKED_FREE);
    for (int other = FreeList.RESERVED; marks && other < driver.entryCount(); other++) {
      if (free.get(other) == driver.isUsed(other)) {
        violations.add("G1 domain " + domain.id() + ": reference " + other + " is neither free nor handed out");
      }
    }
  }

  /** G6: every page that the domain owns is at a guest frame, or was put aside by get_pages. */
  static void g6PageAccount(Domain domain, GrantDriver driver, List<String> violations) {
    Physmap physmap = domain.physmap();
    long found = 0;
    for (long gfn = physmap.next(0); gfn >= 0; gfn = physmap.next(gfn + 1)) {
      long mfn = Physmap.mfn(physmap.entry(gfn));
      MachineMemory memory = domain.world().memory();
      boolean own = memory.isValid(mfn) && memory.owner(mfn) == domain.id() && !memory.isXenHeap(mfn);
      found += own && Physmap.type(physmap.entry(gfn)).isRam() ? 1 : 0;
    }
    for (int page = 0; page < driver.heap().pages(); page++) {
      long entry = physmap.entry((driver.heap().base() >>> MachineMemory.PAGE_SHIFT) + page);
      boolean aside = entry == Physmap.HOLE || Physmap.type(entry).isGrant();
      found += aside && driver.heap().isAllocated(page) ? 1 : 0;
    }
    if (found != domain.totPages()) {
      String why = " (mapped over, or a cycle of get_pages and put_pages without direct map)";
      violations.add("G6 domain " + domain.id() + ": owns " + domain.totPages() + " pages and can reach " + found + why);
    }
  }

  /** G7: no other domain can reach a free page of the heap. */
  static void g7NoReuseUnderGrant(Domain domain, GrantDriver driver, List<String> violations) {
    ActiveEntries active = GrantTable.of(domain).active();
    for (long ref = active.nextPinned(0); ref >= 0; ref = active.nextPinned(ref + 1)) {
      for (int page = 0; page < driver.heap().pages(); page++) {
        long gfn = (driver.heap().base() >>> MachineMemory.PAGE_SHIFT) + page;
        long entry = domain.physmap().entry(gfn);
        boolean reached = entry != Physmap.HOLE && Physmap.mfn(entry) == active.mfn((int) ref);
        if (reached && !driver.heap().isAllocated(page)) {
          String whose = " is free while domain " + active.domid((int) ref) + " has it by reference " + ref;
          violations.add("G7 domain " + domain.id() + ": heap page " + page + whose + " (k_free before end_access)");
        }
      }
    }
  }

  /** G8: no interrupt mask is left behind. */
  static void g8Interrupts(Domain domain, List<String> violations) {
    for (int i = 0; i < domain.vcpuCount(); i++) {
      if (domain.vcpu(i).interruptMasks() != 0) {
        violations.add("G8 domain " + domain.id() + ": vCPU " + i + " has interrupts masked");
      }
    }
  }

  /** G11: in an extended region a page has a virtual address exactly if a grant is mapped there. */
  static void g11VirtualAddresses(Domain domain, GrantDriver driver, List<String> violations) {
    if (!driver.config().usesRegions()) {
      return;
    }
    for (Region region : driver.config().regions()) {
      for (long page = 0; page < region.pages(); page++) {
        long address = region.base() + (page << MachineMemory.PAGE_SHIFT);
        long entry = domain.physmap().entry(address >>> MachineMemory.PAGE_SHIFT);
        boolean mapped = entry != Physmap.HOLE && Physmap.type(entry).isGrant();
        if (mapped != driver.regions().isVisible(address)) {
          String what = mapped ? " is mapped and has no virtual address" : " has a virtual address and nothing is mapped";
          violations.add("G11 domain " + domain.id() + ": page " + page + " of the region at " + region.base() + what);
        }
      }
    }
  }

  /** G12: nobody waits while a reference is free. */
  static void g12NobodyWaitsForNothing(Domain domain, GrantDriver driver, List<String> violations) {
    if (driver.semaphore().waiting() > 0 && driver.list().head() != 0) {
      violations.add("G12 domain " + domain.id() + ": somebody waits although reference " + driver.list().head() + " is free");
    }
  }
}
