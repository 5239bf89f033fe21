package org.xenarium.emulator.physmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Owners;

/** The pool against a tree of real tables, built for obviousness. */
class PageTablesProperties {
  private static final long REACH = 1L << 36;
  private static final int POOL = 12;

  /** Few places, so that they meet: 2 GiB on each side of 512 GiB. */
  private static final List<Long> AREAS = List.of(0L, 1L << 9, 1L << 18, (1L << 18) + (3 << 9), 1L << 27, (1L << 27) + (1 << 18));

  /** One change: a page, or the 2 MiB or 1 GiB around it. */
  record Act(int area, int page, int level, boolean removes) {}

  @Provide
  Arbitrary<List<Act>> histories() {
    Arbitrary<Integer> levels = Arbitraries.frequency(Tuple.of(8, 3), Tuple.of(3, 2), Tuple.of(1, 1));
    return Combinators.combine(
            Arbitraries.integers().between(0, AREAS.size() - 1), Arbitraries.integers().between(0, 3), levels, Arbitraries.of(true, false, false))
        .as(Act::new)
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void P2_P7_the_pool_is_what_a_tree_of_tables_leaves_of_it(@ForAll("histories") List<Act> history) {
    Physmap physmap = new Physmap(1, REACH, POOL, new MachineMemory(0x1000, 4, new Owners()));
    Tree tree = new Tree();
    for (Act act : history) {
      long gfn = AREAS.get(act.area) + act.page;
      if (act.removes) {
        long entry = physmap.entry(gfn);
        assertThat(physmap.remove(gfn, Physmap.mfn(entry))).isEqualTo(tree.remove(gfn));
      } else {
        long pages = 1L << (3 - act.level) * 9;
        long first = gfn & -pages;
        // The same offset in the machine: alignment of both sides.
        Change expected = tree.set(first, act.level);
        assertThat(physmap.setAll(first, first, pages, EntryType.RAM_RW)).isEqualTo(expected);
      }
      assertThat(physmap.poolLeft()).isEqualTo(POOL - tree.used);
      assertThat(physmap.entry(gfn) != Physmap.HOLE).isEqualTo(tree.maps(gfn));
    }
  }

  /** Tables as Xen has them: what is not in a table's map is nothing, a BLOCK maps, a map is a table. */
  private static final class Tree {
    private static final Object MAPPED = "mapped";

    private final Map<Long, Object> root = new HashMap<>();
    private long used;

    private static long index(long gfn, int level) {
      return gfn >>> (3 - level) * 9 & 511;
    }


    @SuppressWarnings("unchecked")
    private static Map<Long, Object> table(Object entry) {
      return (Map<Long, Object>) entry;
    }

    Change set(long gfn, int target) {
      Map<Long, Object> at = root;
      for (int level = 0; level < target; level++) {
        Object entry = at.get(index(gfn, level));
        if (entry == MAPPED) {
          if (used + target - level > POOL) {
            return Change.NO_SPLIT;
          }
          entry = split(at, index(gfn, level));
        } else if (entry == null) {
          if (used == POOL) {
            return Change.NO_TABLE;
          }
          used++;
          entry = new HashMap<Long, Object>();
          at.put(index(gfn, level), entry);
        }
        at = table(entry);
      }
      release(at.put(index(gfn, target), MAPPED));
      return Change.DONE;
    }

    Change remove(long gfn) {
      Map<Long, Object> at = root;
      for (int level = 0; level < 3; level++) {
        Object entry = at.get(index(gfn, level));
        if (entry == null) {
          return Change.DONE;
        }
        if (entry == MAPPED) {
          if (used + 3 - level > POOL) {
            return Change.NO_SPLIT;
          }
          entry = split(at, index(gfn, level));
        }
        at = table(entry);
      }
      at.remove(index(gfn, 3));
      return Change.DONE;
    }

    private Map<Long, Object> split(Map<Long, Object> parent, long index) {
      Map<Long, Object> table = new HashMap<>();
      for (long i = 0; i < 512; i++) {
        table.put(i, MAPPED);
      }
      parent.put(index, table);
      used++;
      return table;
    }

    private void release(Object entry) {
      if (entry instanceof Map<?, ?> table) {
        used--;
        table.values().forEach(this::release);
      }
    }

    boolean maps(long gfn) {
      Object entry = root;
      for (int level = 0; level <= 3 && entry instanceof Map<?, ?> table; level++) {
        entry = table.get(index(gfn, level));
      }
      return entry == MAPPED;
    }
  }
}
