package org.xenarium.gnttab.kit.invariant;

import static org.xenarium.gnttab.kit.invariant.View.demand;

import java.util.HashMap;
import java.util.Map;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.kit.invariant.View.Entry;
import org.xenarium.gnttab.kit.invariant.View.Mapping;

/** I38 and I42 to I46: pages, their references and their owners (spec §11.5, §11.6). */
final class Pages {
  private Pages() {}

  static void i42References(View view) {
    MachineMemory memory = view.memory();
    Map<Long, Integer> expected = new HashMap<>();
    for (Mapping mapping : view.mappings) {
      for (Entry entry : view.entries) {
        if (mapping.isOf(entry)) {
          expected.merge(entry.mfn(), 1, Integer::sum);
        }
      }
    }
    for (long mfn = memory.firstMfn(); memory.isValid(mfn); mfn++) {
      int mappings = expected.getOrDefault(mfn, 0);
      int allocation = memory.isAllocated(mfn) ? 1 : 0;
      demand(
          memory.references(mfn) == allocation + mappings,
          "I42",
          "frame 0x%x has %d references, %d for being allocated and %d live handles",
          mfn,
          memory.references(mfn),
          allocation,
          mappings);
    }
  }

  /** Frames that Xen lent stay with their domain without references: the baseline remark of spec §0. */
  static void i43Free(View view) {
    MachineMemory memory = view.memory();
    for (long mfn = memory.firstMfn(); memory.isValid(mfn); mfn++) {
      boolean unused = memory.references(mfn) == 0;
      demand(
          unused == (memory.owner(mfn) < 0) || memory.isXenHeap(mfn),
          "I43",
          "frame 0x%x has %d references and owner %d",
          mfn,
          memory.references(mfn),
          memory.owner(mfn));
    }
  }

  /** Needs well-behaved guests. */
  static void i44FreeIsNowhere(View view) {
    for (Domain domain : view.domains()) {
      for (long gfn = domain.physmap().next(0); gfn >= 0; gfn = domain.physmap().next(gfn + 1)) {
        long mfn = Physmap.mfn(domain.physmap().entry(gfn));
        demand(view.memory().owner(mfn) >= 0, "I44", "guest frame 0x%x of domain %d leads to the free frame 0x%x", gfn, domain.id(), mfn);
      }
    }
  }

  static void i45i46Conserved(View view) {
    MachineMemory memory = view.memory();
    Map<Integer, Long> owned = new HashMap<>();
    long free = 0;
    long lent = 0;
    for (long mfn = memory.firstMfn(); memory.isValid(mfn); mfn++) {
      if (memory.isXenHeap(mfn)) {
        lent++;
      } else if (memory.owner(mfn) < 0) {
        free++;
      } else {
        owned.merge(memory.owner(mfn), 1L, Long::sum);
      }
    }
    long total = 0;
    for (Domain domain : view.domains()) {
      long found = owned.getOrDefault(domain.incarnation(), 0L);
      demand(domain.totPages() == found, "I46", "domain %d counts %d pages and owns %d", domain.id(), domain.totPages(), found);
      total += found;
    }
    demand(
        free + lent + total == memory.frameCount(),
        "I45",
        "%d frames: %d free, %d lent by Xen, %d of listed domains",
        memory.frameCount(),
        free,
        lent,
        total);
  }

  static void i38LentPagesAtOneGfn(View view) {
    for (Domain domain : view.domains()) {
      Map<Long, Long> at = new HashMap<>();
      for (long gfn = domain.physmap().next(0); gfn >= 0; gfn = domain.physmap().next(gfn + 1)) {
        long entry = domain.physmap().entry(gfn);
        long mfn = Physmap.mfn(entry);
        EntryType type = Physmap.type(entry);
        if (type.isRam() && view.memory().isXenHeap(mfn)) {
          Long before = at.put(mfn, gfn);
          demand(before == null, "I38", "frame 0x%x lies at guest frames 0x%x and 0x%x of domain %d", mfn, before, gfn, domain.id());
          long stored = view.memory().storedGfn(mfn);
          demand(stored == gfn, "I38", "frame 0x%x lies at 0x%x of domain %d and says 0x%x", mfn, gfn, domain.id(), stored);
        }
      }
    }
  }
}
