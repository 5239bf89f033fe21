package org.xenarium.emulator.physmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.physmap.EntryType.GRANT_MAP_RO;
import static org.xenarium.emulator.physmap.EntryType.RAM_RW;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Owners;
import org.xenarium.emulator.state.Digest;

/** What a physmap's tables take from the pool and give back (P2, P7), as measured on 4.17.7 with a root of level 0. */
class PageTablesTest {
  private static final int DOMAIN = 1;
  private static final long WIDE = 1L << 36;
  private static final long NARROW = 1L << 28;
  private static final long MIB_2 = 1 << 9;
  private static final long GIB = 1 << 18;
  private static final long GIB_512 = 1L << 27;

  private final MachineMemory memory = new MachineMemory(0x1000, 16, new Owners());

  private Physmap physmap(long reach, long pool) {
    return new Physmap(DOMAIN, reach, pool, memory);
  }

  private static Change map(Physmap physmap, long gfn) {
    return physmap.set(gfn, 0x1000, GRANT_MAP_RO);
  }

  @Test
  void the_first_page_takes_a_table_of_each_level_below_the_root() {
    Physmap wide = physmap(WIDE, 10);
    assertThat(map(wide, 5)).isEqualTo(Change.DONE);
    assertThat(wide.poolLeft()).as("levels 1, 2, 3").isEqualTo(7);
    Physmap narrow = physmap(NARROW, 10);
    map(narrow, 5);
    assertThat(narrow.poolLeft()).as("levels 2, 3").isEqualTo(8);
  }

  @Test
  void a_page_beside_one_that_is_mapped_takes_nothing_and_one_in_the_next_2_MiB_a_table() {
    Physmap physmap = physmap(WIDE, 10);
    map(physmap, 0);
    map(physmap, MIB_2 - 1);
    assertThat(physmap.poolLeft()).isEqualTo(7);
    map(physmap, MIB_2);
    assertThat(physmap.poolLeft()).isEqualTo(6);
    map(physmap, GIB);
    assertThat(physmap.poolLeft()).as("another GiB: levels 2 and 3").isEqualTo(4);
    map(physmap, GIB_512);
    assertThat(physmap.poolLeft()).as("another 512 GiB: levels 1, 2 and 3").isEqualTo(1);
  }

  @Test
  void without_a_page_for_a_table_nothing_is_mapped_but_tables_made_on_the_way_stay() {
    Physmap physmap = physmap(WIDE, 4);
    map(physmap, 0);
    assertThat(map(physmap, GIB)).isEqualTo(Change.NO_TABLE);
    assertThat(Change.NO_TABLE.errno()).isEqualTo(-2);
    assertThat(physmap.poolLeft()).as("the table of level 2 was made").isZero();
    assertThat(physmap.entry(GIB)).isEqualTo(Physmap.HOLE);
    assertThat(physmap.maxMapped()).isZero();
    assertThat(map(physmap, 1)).as("where a table is").isEqualTo(Change.DONE);
  }

  @Test
  void a_table_whose_last_page_is_removed_stays() {
    Physmap physmap = physmap(WIDE, 3);
    map(physmap, 7);
    physmap.remove(7, 0x1000);
    assertThat(physmap.poolLeft()).isZero();
    assertThat(map(physmap, MIB_2)).isEqualTo(Change.NO_TABLE);
    assertThat(map(physmap, 8)).isEqualTo(Change.DONE);
  }

  @Test
  void the_removal_of_a_hole_takes_nothing() {
    Physmap physmap = physmap(WIDE, 0);
    assertThat(physmap.remove(7, 0x1000)).isEqualTo(Change.DONE);
  }

  @Test
  void pages_in_a_row_are_mapped_in_the_largest_blocks_that_both_sides_and_the_rest_allow() {
    Physmap physmap = physmap(NARROW, 100);
    physmap.setAll(GIB, GIB * 7, GIB, RAM_RW);
    assertThat(physmap.poolLeft()).as("a block of 1 GiB hangs from the root").isEqualTo(100);
    physmap.setAll(GIB * 2, MIB_2, MIB_2 * 8, RAM_RW);
    assertThat(physmap.poolLeft()).as("blocks of 2 MiB: one table of level 2").isEqualTo(99);
    physmap.setAll(GIB * 3, 1, MIB_2, RAM_RW);
    assertThat(physmap.poolLeft()).as("machine frames not aligned").isEqualTo(97);
    physmap.setAll(GIB * 4 + 1, MIB_2 + 1, MIB_2 * 2 - 1, RAM_RW);
    assertThat(physmap.poolLeft()).as("single pages up to where all is aligned").isEqualTo(95);
    physmap.setAll(GIB * 5, MIB_2, MIB_2 + 1, RAM_RW);
    assertThat(physmap.poolLeft()).as("an odd rest and aligned frames never meet").isEqualTo(92);
  }

  @Test
  void the_largest_blocks_begin_where_the_rest_is_aligned() {
    Physmap physmap = physmap(NARROW, 100);
    physmap.setAll(GIB - MIB_2, GIB - MIB_2, GIB + MIB_2, RAM_RW);
    assertThat(physmap.poolLeft()).as("a block of 2 MiB below, one of 1 GiB above").isEqualTo(99);
    assertThat(Physmap.mfn(physmap.entry(GIB * 2 - 1))).isEqualTo(GIB * 2 - 1);
  }

  @Test
  void the_first_page_taken_out_of_a_block_splits_it_for_one_table() {
    Physmap physmap = physmap(NARROW, 2);
    physmap.setAll(MIB_2, MIB_2, MIB_2, RAM_RW);
    assertThat(physmap.poolLeft()).isEqualTo(1);
    assertThat(physmap.remove(MIB_2 + 3, MIB_2 + 3)).isEqualTo(Change.DONE);
    assertThat(physmap.poolLeft()).isZero();
    assertThat(map(physmap, MIB_2 + 4)).isEqualTo(Change.DONE);
    assertThat(Physmap.mfn(physmap.entry(MIB_2 + 5))).as("its neighbours are as before").isEqualTo(MIB_2 + 5);
  }

  @Test
  void a_page_taken_out_of_a_block_of_1_GiB_costs_two_tables_or_nothing_happens() {
    Physmap rich = physmap(NARROW, 2);
    rich.setAll(GIB, 0, GIB, RAM_RW);
    assertThat(map(rich, GIB + 5)).isEqualTo(Change.DONE);
    assertThat(rich.poolLeft()).isZero();
    assertThat(rich.remove(GIB + MIB_2, MIB_2)).as("the other parts are blocks now").isEqualTo(Change.NO_SPLIT);
    Physmap poor = physmap(NARROW, 1);
    poor.setAll(GIB, 0, GIB, RAM_RW);
    assertThat(map(poor, GIB + 5)).isEqualTo(Change.NO_SPLIT);
    assertThat(Change.NO_SPLIT.errno()).isEqualTo(-12);
    assertThat(poor.poolLeft()).as("all or nothing").isEqualTo(1);
    assertThat(Physmap.mfn(poor.entry(GIB + 5))).isEqualTo(5);
  }

  @Test
  void a_block_in_a_block_of_1_GiB_costs_one_table() {
    Physmap physmap = physmap(NARROW, 1);
    physmap.setAll(GIB, 0, GIB, RAM_RW);
    assertThat(physmap.setAll(GIB + MIB_2, MIB_2 * 9, MIB_2, RAM_RW)).isEqualTo(Change.DONE);
    assertThat(physmap.poolLeft()).isZero();
    assertThat(Physmap.mfn(physmap.entry(GIB + MIB_2))).isEqualTo(MIB_2 * 9);
  }

  @Test
  void a_block_gives_back_the_tables_whose_place_it_takes() {
    Physmap physmap = physmap(NARROW, 4);
    map(physmap, GIB);
    map(physmap, GIB + MIB_2);
    map(physmap, GIB + MIB_2 * 2);
    assertThat(physmap.poolLeft()).isZero();
    physmap.setAll(GIB + MIB_2, MIB_2, MIB_2, RAM_RW);
    assertThat(physmap.poolLeft()).isEqualTo(1);
    physmap.setAll(GIB, GIB, GIB, RAM_RW);
    assertThat(physmap.poolLeft()).as("the table of level 2 and the two below it").isEqualTo(4);
  }

  @Test
  void a_copy_has_its_own_pool_and_tables() {
    Physmap physmap = physmap(NARROW, 3);
    map(physmap, 0);
    Physmap copy = physmap.copy(memory);
    map(copy, MIB_2);
    assertThat(copy.poolLeft()).isZero();
    assertThat(physmap.poolLeft()).isEqualTo(1);
    assertThat(map(physmap, MIB_2 * 2)).isEqualTo(Change.DONE);
    assertThat(map(copy, MIB_2 * 2)).isEqualTo(Change.NO_TABLE);
  }

  @Test
  void tables_and_pool_show_in_the_digest() {
    Physmap physmap = physmap(NARROW, 3);
    long before = digest(physmap);
    map(physmap, 0);
    physmap.remove(0, 0x1000);
    assertThat(digest(physmap)).as("a table stayed").isNotEqualTo(before);
    assertThat(digest(physmap(NARROW, 4))).isNotEqualTo(before);
  }

  @Test
  void an_unlimited_pool_is_never_exhausted() {
    Physmap physmap = new Physmap(DOMAIN, WIDE, memory);
    for (long gfn = 0; gfn < GIB * 8; gfn += MIB_2) {
      assertThat(map(physmap, gfn)).isEqualTo(Change.DONE);
    }
    assertThat(physmap.poolLeft()).isEqualTo(Physmap.UNLIMITED);
  }

  private static long digest(Physmap physmap) {
    Digest digest = new Digest();
    physmap.digest(digest);
    return digest.value();
  }
}
