package org.xenarium.gnttab.driver;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;

/** What holds of a guest with a driver whenever none of its calls is under way: G1, G6, G7, G8, G11 and G12. */
final class GuestState {
  private GuestState() {}

  /** All that is violated; empty when all is well, and for guests that have no driver or have none any more. */
  static List<GuestViolation> check(Domain domain, GuestTests tests) {
    List<GuestViolation> violations = new ArrayList<>(0);
    if (isWatched(domain)) {
      GrantDriver driver = GrantDriver.of(domain);
      g1FreeList(domain, driver, violations, tests);
      g6PageAccount(domain, driver, ramPages(domain), violations, tests);
      g7NoReuseUnderGrant(domain, driver, violations, tests);
      g8Interrupts(domain, violations, tests);
      g11VirtualAddresses(domain, driver, violations, tests);
      g12NobodyWaitsForNothing(domain, driver, violations, tests);
    }
    return violations;
  }

  /** True for a living guest with a driver. */
  static boolean isWatched(Domain domain) {
    return domain.has(GrantDriver.class) && domain.life() == Life.ALIVE && domain.part(GrantDriver.class).config().enabled();
  }

  private static void add(List<GuestViolation> violations, GuestInvariant invariant, Domain domain, String message) {
    violations.add(new GuestViolation(invariant, domain.id(), message));
  }

  /** G1: the list of free references is acyclic and without reserved ones, those not in it are handed out, the semaphore counts it. */
  static void g1FreeList(Domain domain, GrantDriver driver, List<GuestViolation> violations, GuestTests tests) {
    tests.tests(GuestInvariant.G1);
    int[] next = driver.list().elements(driver.entryCount());
    boolean[] free = new boolean[next.length];
    int count = 0;
    int ref = driver.list().head();
    for (; ref != 0 && isFirstVisit(ref, free); ref = next[ref]) {
      free[ref] = true;
      count++;
    }
    if (ref != 0) {
      boolean again = ref >= FreeList.RESERVED && ref < free.length;
      add(violations, GuestInvariant.G1, domain,
          again ? "the list of free references comes back to " + ref + " (freed twice)" : ref + " is in the list of free references");
      return;
    }
    if (!driver.has(DriverDifference.GROWING) && driver.semaphore().count() != count) {
      add(violations, GuestInvariant.G1, domain, count + " references are free and the semaphore counts " + driver.semaphore().count());
    }
    boolean marks = !driver.has(DriverDifference.UNCHECKED_FREE);
    for (int other = FreeList.RESERVED; marks && other < next.length; other++) {
      if (free[other] == FreeList.isUsedMark(next[other])) {
        add(violations, GuestInvariant.G1, domain, "reference " + other + " is neither free nor handed out");
      }
    }
  }

  private static boolean isFirstVisit(int ref, boolean[] free) {
    return ref >= FreeList.RESERVED && ref < free.length && !free[ref];
  }

  /** G6: every page that the domain owns is at a guest frame, or was put aside by get_pages. */
  static void g6PageAccount(Domain domain, GrantDriver driver, long ramPages, List<GuestViolation> violations, GuestTests tests) {
    tests.tests(GuestInvariant.G6);
    long found = ramPages + putAside(domain, driver);
    if (found != domain.totPages()) {
      String why = " (mapped over, or a cycle of get_pages and put_pages without direct map)";
      add(violations, GuestInvariant.G6, domain, "owns " + domain.totPages() + " pages and can reach " + found + why);
    }
  }

  /** Pages of the domain's own that are at its guest frames. */
  static long ramPages(Domain domain) {
    Physmap physmap = domain.physmap();
    MachineMemory memory = domain.world().memory();
    long found = 0;
    for (long gfn = physmap.next(0); gfn >= 0; gfn = physmap.next(gfn + 1)) {
      long entry = physmap.entry(gfn);
      long mfn = Physmap.mfn(entry);
      found += Physmap.type(entry).isRam() && memory.owner(mfn) == domain.incarnation() && !memory.isXenHeap(mfn) ? 1 : 0;
    }
    return found;
  }

  private static long putAside(Domain domain, GrantDriver driver) {
    long found = 0;
    for (int page = 0; page < driver.heap().pages(); page++) {
      long entry = domain.physmap().entry((driver.heap().base() >>> MachineMemory.PAGE_SHIFT) + page);
      boolean aside = entry == Physmap.HOLE || Physmap.type(entry).isGrant();
      found += aside && driver.heap().isAllocated(page) ? 1 : 0;
    }
    return found;
  }

  /** G7: no other domain can reach a free page of the heap. */
  static void g7NoReuseUnderGrant(Domain domain, GrantDriver driver, List<GuestViolation> violations, GuestTests tests) {
    ActiveEntries active = GrantTable.of(domain).active();
    if (active.nextPinned(0) < 0) {
      return;
    }
    tests.tests(GuestInvariant.G7);
    for (int page = 0; page < driver.heap().pages(); page++) {
      long entry = domain.physmap().entry((driver.heap().base() >>> MachineMemory.PAGE_SHIFT) + page);
      if (entry != Physmap.HOLE && !driver.heap().isAllocated(page)) {
        g7Page(domain, page, Physmap.mfn(entry), violations);
      }
    }
  }

  private static void g7Page(Domain domain, int page, long mfn, List<GuestViolation> violations) {
    ActiveEntries active = GrantTable.of(domain).active();
    for (long ref = active.nextPinned(0); ref >= 0; ref = active.nextPinned(ref + 1)) {
      if (active.mfn((int) ref) == mfn) {
        String whose = " is free while domain " + active.domid((int) ref) + " has it by reference " + ref;
        add(violations, GuestInvariant.G7, domain, "heap page " + page + whose + " (k_free before end_access)");
      }
    }
  }

  /** G8: no interrupt mask is left behind. */
  static void g8Interrupts(Domain domain, List<GuestViolation> violations, GuestTests tests) {
    tests.tests(GuestInvariant.G8);
    for (int i = 0; i < domain.vcpuCount(); i++) {
      if (domain.vcpu(i).interruptMasks() != 0) {
        add(violations, GuestInvariant.G8, domain, "vCPU " + i + " has interrupts masked");
      }
    }
  }

  /** G11: in an extended region a page has a virtual address exactly if a grant is mapped there. */
  static void g11VirtualAddresses(Domain domain, GrantDriver driver, List<GuestViolation> violations, GuestTests tests) {
    if (!driver.config().usesRegions()) {
      return;
    }
    RegionPages regions = driver.regions();
    for (Region region : driver.config().regions()) {
      long first = region.base() >>> MachineMemory.PAGE_SHIFT;
      long end = first + region.pages();
      for (long gfn = domain.physmap().next(first); gfn >= 0 && gfn < end; gfn = domain.physmap().next(gfn + 1)) {
        boolean mapped = Physmap.type(domain.physmap().entry(gfn)).isGrant();
        tests.testsIf(mapped, GuestInvariant.G11);
        if (mapped && !regions.isVisible(gfn << MachineMemory.PAGE_SHIFT)) {
          add(violations, GuestInvariant.G11, domain, "guest frame 0x" + Long.toHexString(gfn) + " is mapped and has no virtual address");
        }
      }
      for (long gfn = regions.nextVisible(first); gfn >= 0 && gfn < end; gfn = regions.nextVisible(gfn + 1)) {
        long entry = domain.physmap().entry(gfn);
        tests.tests(GuestInvariant.G11);
        if (entry == Physmap.HOLE || !Physmap.type(entry).isGrant()) {
          add(violations, GuestInvariant.G11, domain, "guest frame 0x" + Long.toHexString(gfn) + " has a virtual address and no grant is mapped");
        }
      }
    }
  }

  /** G12: nobody waits while a reference is free. */
  static void g12NobodyWaitsForNothing(Domain domain, GrantDriver driver, List<GuestViolation> violations, GuestTests tests) {
    tests.testsIf(driver.semaphore().waiting() > 0, GuestInvariant.G12);
    if (driver.semaphore().waiting() > 0 && driver.list().head() != 0) {
      add(violations, GuestInvariant.G12, domain, "somebody waits although reference " + driver.list().head() + " is free");
    }
  }
}
