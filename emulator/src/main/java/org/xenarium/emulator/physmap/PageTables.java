package org.xenarium.emulator.physmap;

import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Mirror;
import org.xenarium.emulator.state.SparseBytes;

/**
 * The translation tables behind a physmap, as far as they can be noticed: each costs a page of the domain's pool, and without a page an entry
 * cannot be set (P2, P7, V23). Measured on 4.17.7.
 *
 * <p>Level 3 holds the entries of single pages, levels 2, 1 and 0 those of 2 MiB, 1 GiB and 512 GiB. An entry above level 3 is nothing, a
 * table, or, at level 2 or 1, a block: it maps its whole area at once and costs nothing. The root is not from the pool. A table is given back
 * only when a block takes its place; one whose last page was unmapped stays.
 */
final class PageTables {
  static final int PAGES = 3;

  private static final byte NOTHING = 0;
  private static final byte TABLE = 1;
  private static final byte BLOCK = 2;

  /** Bits of a gfn that choose among the entries of one table. */
  private static final int BITS = 9;

  private static final int PER_TABLE = 1 << BITS;

  /** A root of level 1 can be 16 tables in a row; what reaches further has a root of level 0. */
  private static final long REACH_OF_LEVEL_1 = 16L << 3 * BITS;

  private final int root;

  /** Where in {@link #states} the entries of levels 1 and 0 begin. */
  private final long level1;

  private final long level0;

  /** What each entry above level 3 is: a byte for every 2 MiB, then one for every 1 GiB, then one for every 512 GiB. */
  private final SparseBytes states;

  private long left;

  /** No tables yet, and so many pages for them. */
  PageTables(long reach, long pages) {
    this(
        reach > REACH_OF_LEVEL_1 ? 0 : 1,
        above(reach, BITS),
        above(reach, BITS) + above(reach, 2 * BITS),
        new SparseBytes(),
        pages);
  }

  private PageTables(int root, long level1, long level0, SparseBytes states, long left) {
    this.root = root;
    this.level1 = level1;
    this.level0 = level0;
    this.states = states;
    this.left = left;
  }

  private static long above(long reach, int bits) {
    return ((reach - 1) >>> bits) + 1;
  }

  PageTables copy() {
    return new PageTables(root, level1, level0, states.copy(), left);
  }

  void digest(Digest digest) {
    digest.add(states.digest()).add(left);
  }

  void freeze() {
    states.seal();
  }

  Mirror mirror() {
    return new Mirror(states);
  }

  /** Pages of the pool that are not in use. */
  long left() {
    return left;
  }

  /** The level whose entries span as much as the alignment of {@code mask} allows: the or of gfn, mfn and the number of pages to come. */
  static int levelFor(long mask) {
    if ((mask & (pages(1) - 1)) == 0) {
      return 1;
    }
    return (mask & (pages(2) - 1)) == 0 ? 2 : PAGES;
  }

  /** Pages that an entry of that level spans. */
  static long pages(int level) {
    return 1L << (PAGES - level) * BITS;
  }

  /**
   * Gets ready for a change of an entry of that level at {@code gfn}: makes the tables that lead to it, or splits the block above it. Tables that were
   * made before the pool was found empty stay; of a split nothing does.
   */
  Change prepare(long gfn, int level) {
    if (level == PAGES && state(2, gfn) == TABLE) {
      return Change.DONE;
    }
    for (int above = root; above < level; above++) {
      byte state = state(above, gfn);
      if (state == BLOCK) {
        return split(gfn, above, level);
      }
      if (state == NOTHING) {
        if (left == 0) {
          return Change.NO_TABLE;
        }
        left--;
        put(above, gfn, TABLE);
      }
    }
    return Change.DONE;
  }

  /** One table for each level from that of the block down; all of them or none. */
  private Change split(long gfn, int block, int level) {
    int tables = level - block;
    if (left < tables) {
      return Change.NO_SPLIT;
    }
    left -= tables;
    for (int above = block; above < level; above++) {
      put(above, gfn, TABLE);
      if (above + 1 < PAGES) {
        fill(above + 1, gfn, BLOCK);
      }
    }
    return Change.DONE;
  }

  /** Puts a block of level 2 or 1 at {@code gfn}, for which all is {@linkplain #prepare ready}; what was below it goes back to the pool. */
  void setBlock(long gfn, int level) {
    if (state(level, gfn) == TABLE) {
      left++;
      if (level == 1) {
        left += tablesBelow(gfn);
        fill(2, gfn, NOTHING);
      }
    }
    put(level, gfn, BLOCK);
  }

  private int tablesBelow(long gfn) {
    int tables = 0;
    for (long at = firstBeside(2, gfn), end = at + PER_TABLE; at < end; at++) {
      tables += states.getByte(at) == TABLE ? 1 : 0;
    }
    return tables;
  }

  private byte state(int level, long gfn) {
    return states.getByte(at(level, gfn));
  }

  private void put(int level, long gfn, byte state) {
    states.setByte(at(level, gfn), state);
  }

  /** All entries of the table that the one of {@code gfn} is in. */
  private void fill(int level, long gfn, byte state) {
    states.fill(firstBeside(level, gfn), PER_TABLE, state);
  }

  private long firstBeside(int level, long gfn) {
    return at(level, gfn & -pages(level - 1));
  }

  private long at(int level, long gfn) {
    return switch (level) {
      case 2 -> gfn >>> BITS;
      case 1 -> level1 + (gfn >>> 2 * BITS);
      default -> level0 + (gfn >>> 3 * BITS);
    };
  }
}
