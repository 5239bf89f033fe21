package org.xenarium.emulator.physmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.memory.Owners;

/** Any order of sets, removals and look-ups, beside a map of entries and plain counts. */
class PhysmapProperties {
  private static final int DOMAIN = 1;
  private static final int OTHER = 2;
  private static final long FIRST = 0x1000;
  private static final long REACH = 1L << 22;

  /** Frames 0 to 2 are the domain's RAM, 3 and 4 another's, 5 is lent by Xen, 6 is free, 7 does not exist. */
  private static final int FRAMES = 7;

  private enum Kind { SET, REMOVE, LOOKUP, LOOKUP_OWNED, COPY }

  private record Act(Kind kind, long gfn, int frame, EntryType type) {}

  private record Entry(long mfn, EntryType type) {}

  @Provide
  Arbitrary<List<Act>> histories() {
    Arbitrary<EntryType> types = Arbitraries.of(EntryType.class).filter(type -> type != EntryType.HOLE);
    Arbitrary<Long> gfns = Arbitraries.of(0L, 1L, 2L, 31L, 32L, 2047L, 2048L, REACH - 1, REACH, REACH + 31, -1L);
    return Combinators.combine(Arbitraries.of(Kind.class), gfns, Arbitraries.integers().between(0, FRAMES), types)
        .as(Act::new)
        .list()
        .ofMaxSize(40);
  }

  /** The model: entries, extra references and the stored gfn. */
  private static final class Model {
    final TreeMap<Long, Entry> entries = new TreeMap<>();
    final long[] references = {1, 1, 1, 1, 1, 1, 0, 0};
    long storedGfn = Mfn.NONE;
    long highest;

    void forget(Entry old) {
      if (old != null && old.type.isForeign()) {
        references[(int) (old.mfn - FIRST)]--;
      } else if (old != null && old.type.isRam() && old.mfn == FIRST + 5) {
        storedGfn = Mfn.NONE;
      }
    }
  }

  private static int ownerOf(int frame) {
    return frame < 3 || frame == 5 ? DOMAIN : frame < 5 ? OTHER : -1;
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void P1_to_P5_hold_after_any_history(@ForAll("histories") List<Act> history) {
    MachineMemory memory = new MachineMemory(FIRST, FRAMES, new Owners());
    for (int frame = 0; frame < 5; frame++) {
      memory.allocateAt(FIRST + frame, ownerOf(frame));
    }
    memory.allocateAt(FIRST + 6, DOMAIN);
    memory.allocateXenHeap(DOMAIN);
    memory.putAllocation(FIRST + 6);
    Physmap physmap = new Physmap(DOMAIN, REACH, memory);
    Model model = new Model();
    for (Act act : history) {
      switch (act.kind) {
        case SET -> set(act, physmap, memory, model);
        case REMOVE -> remove(act, physmap, model);
        case LOOKUP -> lookup(act, physmap.lookupAndGet(act.gfn), true, memory, model);
        case LOOKUP_OWNED -> lookup(act, physmap.lookupOwnedAndGet(act.gfn), false, memory, model);
        case COPY -> {
          memory = memory.copy(new Owners());
          physmap = physmap.copy(memory);
        }
      }
      check(physmap, memory, model);
    }
  }

  private static void set(Act act, Physmap physmap, MachineMemory memory, Model model) {
    long mfn = FIRST + act.frame;
    // Whoever sets a foreign entry has taken a reference for it, and gives it back if the set fails.
    if (act.type.isForeign() && !memory.get(mfn, OTHER)) {
      return;
    }
    boolean inReach = Long.compareUnsigned(act.gfn, REACH) < 0;
    assertThat(physmap.set(act.gfn, mfn, act.type)).isEqualTo(inReach ? Change.DONE : Change.OUT_OF_REACH);
    if (!inReach) {
      if (act.type.isForeign()) {
        memory.put(mfn);
      }
      return;
    }
    if (act.type.isForeign()) {
      model.references[act.frame]++;
    }
    Entry old = model.entries.put(act.gfn, new Entry(mfn, act.type));
    // An entry of the same frame is taken for a change of type.
    if (old == null || old.mfn != mfn) {
      model.forget(old);
    }
    model.highest = Math.max(model.highest, act.gfn);
    if (act.type.isRam() && act.frame == 5) {
      model.storedGfn = act.gfn;
    }
  }

  private static void remove(Act act, Physmap physmap, Model model) {
    Entry old = model.entries.get(act.gfn);
    Change expected =
        Long.compareUnsigned(act.gfn, REACH) >= 0
            ? Change.OUT_OF_REACH
            : old != null && old.type.anyRam() && old.mfn != FIRST + act.frame ? Change.OTHER_FRAME : Change.DONE;
    assertThat(physmap.remove(act.gfn, FIRST + act.frame)).isEqualTo(expected);
    if (expected == Change.DONE) {
      model.forget(model.entries.remove(act.gfn));
    }
  }

  private static void lookup(Act act, long found, boolean alsoForeign, MachineMemory memory, Model model) {
    Entry entry = model.entries.get(act.gfn);
    boolean expected = false;
    if (entry != null && entry.type.anyRam()) {
      int owner = ownerOf((int) (entry.mfn - FIRST));
      expected = entry.type.isForeign() ? alsoForeign && owner == OTHER : owner == DOMAIN;
    }
    assertThat(found).isEqualTo(expected ? entry.mfn : Mfn.NONE);
    if (expected) {
      memory.put(found);
    }
  }

  private static void check(Physmap physmap, MachineMemory memory, Model model) {
    for (long gfn = 0, next; (next = physmap.next(gfn)) >= 0; gfn = next + 1) {
      assertThat(model.entries.ceilingKey(gfn)).isEqualTo(next);
      assertThat(new Entry(Physmap.mfn(physmap.entry(next)), Physmap.type(physmap.entry(next)))).isEqualTo(model.entries.get(next));
      assertThat(model.entries.lastKey()).isGreaterThanOrEqualTo(next);
    }
    long last = model.entries.isEmpty() ? 0 : model.entries.lastKey() + 1;
    assertThat(physmap.next(last)).isEqualTo(-1);
    model.entries.keySet().forEach(gfn -> assertThat(physmap.entry(gfn)).isNotEqualTo(Physmap.HOLE));
    for (int frame = 0; frame < FRAMES; frame++) {
      assertThat(memory.references(FIRST + frame)).as("references of frame %d", frame).isEqualTo(model.references[frame]);
    }
    assertThat(memory.storedGfn(FIRST + 5)).isEqualTo(model.storedGfn);
    assertThat(physmap.maxMapped()).isEqualTo(model.highest);
  }
}
