package org.xenarium.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** The invariants of pages (spec §11.5 and §11.6) that hold between any two calls in a machine without grants. */
public final class PageAccounts {
  private PageAccounts() {}

  public static void check(Machine machine) {
    MachineMemory memory = machine.world().memory();
    Map<Long, Integer> foreign = new HashMap<>();
    Map<Long, Long> heapGfn = new HashMap<>();
    for (Domain domain : machine.world().domains()) {
      visit(domain, memory, foreign, heapGfn);
    }
    Map<Integer, Long> ram = new HashMap<>();
    for (long mfn = memory.firstMfn(); mfn < memory.firstMfn() + memory.frameCount(); mfn++) {
      int owner = memory.owner(mfn);
      boolean heap = memory.isXenHeap(mfn);
      long expected = (memory.isAllocated(mfn) ? 1 : 0) + foreign.getOrDefault(mfn, 0);
      assertThat(memory.references(mfn)).as("I42: references of mfn 0x%x", mfn).isEqualTo(expected);
      assertThat(owner < 0 || heap || memory.references(mfn) > 0).as("I43: mfn 0x%x of domain %d", mfn, owner).isTrue();
      assertThat(owner >= 0 || memory.references(mfn) == 0).as("I43: mfn 0x%x of nobody", mfn).isTrue();
      assertThat(memory.storedGfn(mfn)).as("I38: stored gfn of mfn 0x%x", mfn).isEqualTo(heapGfn.getOrDefault(mfn, Mfn.NONE));
      if (owner >= 0 && !heap) {
        ram.merge(owner, 1L, Long::sum);
      }
    }
    for (Domain domain : machine.world().domains()) {
      assertThat(domain.totPages()).as("I46: tot_pages of domain %d", domain.id()).isEqualTo(ram.getOrDefault(domain.id(), 0L));
      ram.remove(domain.id());
    }
    assertThat(ram).as("I45: pages of domains that are not there").isEmpty();
  }

  private static void visit(Domain domain, MachineMemory memory, Map<Long, Integer> foreign, Map<Long, Long> heapGfn) {
    for (long gfn = domain.physmap().next(0); gfn >= 0; gfn = domain.physmap().next(gfn + 1)) {
      long mfn = Physmap.mfn(domain.physmap().entry(gfn));
      EntryType type = Physmap.type(domain.physmap().entry(gfn));
      if (type.isForeign()) {
        foreign.merge(mfn, 1, Integer::sum);
      } else if (type.isRam()) {
        // A dying domain's pages are freed before its physmap is torn down.
        if (domain.life() == Life.ALIVE) {
          assertThat(memory.owner(mfn)).as("I44: owner of the RAM at gfn 0x%x of domain %d", gfn, domain.id()).isEqualTo(domain.id());
        }
        if (memory.isXenHeap(mfn)) {
          assertThat(heapGfn.put(mfn, gfn)).as("I38: mfn 0x%x at two gfns", mfn).isNull();
        }
      }
    }
  }
}
