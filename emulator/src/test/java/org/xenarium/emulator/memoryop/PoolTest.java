package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_GRANT_TABLE;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_SHARED_INFO;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.MemoryConfig;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** What calls answer when a domain's pool of page tables is exhausted (P2, V23), as measured on 4.17.7. */
public class PoolTest extends MemoryCalls {
  private static final int POOR = 3;
  private static final long GIB = 1 << 18;

  /** RAM that is mapped as one block of 2 MiB. */
  private static final long BLOCK = RAM + 0x200;

  private static final long BLOCK_MFN = FIRST_MFN + 0x200;
  private static final int BLOCK_PAGES = 0x200;

  /** A table of level 2 for all RAM, and one of level 3 for the pages that are no block. */
  private static final int FOR_RAM = 2;

  private Domain withPool(long left) {
    Domain poor = domain(DomainConfig.guest(POOR, 1000).withMemory(MemoryConfig.ORDINARY.withPoolPages(FOR_RAM + left)));
    poor.ownRam(BLOCK, BLOCK_MFN, BLOCK_PAGES);
    assertThat(poor.physmap().poolLeft()).isEqualTo(left);
    return poor;
  }

  private final long pages = RAM_PAGES + BLOCK_PAGES;

  @Test
  void ATP_20_without_a_table_nothing_can_be_added_and_growth_is_kept() {
    Domain poor = withPool(0);
    assertThat(add(poor, SELF, SPACE_SHARED_INFO, 0, GIB * 2)).isEqualTo(answer(MemoryRule.ATP_20, ENOENT));
    assertThat(add(poor, SELF, SPACE_GRANT_TABLE, 1, GIB * 2)).isEqualTo(answer(MemoryRule.ATP_20, ENOENT));
    assertThat(lent(poor)).isEqualTo(2);
    assertThat(memory().storedGfn(poor.sharedInfo())).isEqualTo(Mfn.NONE);
    assertThat(poor.physmap().maxMapped()).isEqualTo(BLOCK + BLOCK_PAGES - 1);
    assertThat(add(poor, SELF, SPACE_SHARED_INFO, 0, RAM + 100)).as("where a table is").isEqualTo(answer(MemoryRule.ATP_19, 0));
  }

  @Test
  void ATP_20_a_table_that_was_made_before_the_pool_was_found_empty_stays() {
    Domain poor = withPool(1);
    assertThat(add(poor, SELF, SPACE_SHARED_INFO, 0, GIB * 2)).isEqualTo(answer(MemoryRule.ATP_20, ENOENT));
    assertThat(poor.physmap().poolLeft()).isZero();
  }

  @Test
  void ATP_21_without_a_page_a_block_of_RAM_is_not_split() {
    Domain poor = withPool(0);
    assertThat(add(poor, SELF, SPACE_SHARED_INFO, 0, BLOCK + 7)).isEqualTo(answer(MemoryRule.ATP_21, ENOMEM));
    assertThat(mfn(poor, BLOCK + 7)).isEqualTo(BLOCK_MFN + 7);
  }

  @Test
  void RFP_09_nor_can_a_page_be_removed_from_it() {
    Domain poor = withPool(0);
    assertThat(remove(poor, SELF, BLOCK + 7)).isEqualTo(answer(MemoryRule.RFP_09, ENOMEM));
    assertThat(mfn(poor, BLOCK + 7)).isEqualTo(BLOCK_MFN + 7);
    assertThat(memory().references(BLOCK_MFN + 7)).isEqualTo(1);
    assertThat(remove(poor, SELF, RAM + 7)).as("where a table is").isEqualTo(answer(MemoryRule.RFP_07, 0));
  }

  @Test
  void RFP_07_the_first_page_removed_from_a_block_costs_a_page_of_the_pool_and_the_next_nothing() {
    Domain poor = withPool(1);
    assertThat(remove(poor, SELF, BLOCK + 7)).isEqualTo(answer(MemoryRule.RFP_07, 0));
    assertThat(poor.physmap().poolLeft()).isZero();
    assertThat(remove(poor, SELF, BLOCK + 8)).isEqualTo(answer(MemoryRule.RFP_07, 0));
    assertThat(mfn(poor, BLOCK + 9)).isEqualTo(BLOCK_MFN + 9);
  }

  @Test
  void RES_20_a_page_for_which_there_is_no_table_is_lost() {
    Domain poor = withPool(0);
    assertThat(populate(poor, RAM + 100, GIB * 2)).isEqualTo(answer(MemoryRule.RES_20, 1));
    assertThat(poor.totPages()).isEqualTo(pages + 2);
    assertThat(poor.physmap().entry(GIB * 2)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void RES_20_of_a_large_extent_the_pages_before_the_missing_table_are_mapped() {
    Domain poor = withPool(0);
    assertThat(reserve(poor, MemoryAbi.POPULATE_PHYSMAP, SELF, 2, 0, RAM - 2)).isEqualTo(answer(MemoryRule.RES_20, 0));
    assertThat(poor.physmap().entry(RAM - 2)).as("no table, so not even the first").isEqualTo(Physmap.HOLE);
    long end = BLOCK - 2;
    assertThat(reserve(poor, MemoryAbi.POPULATE_PHYSMAP, SELF, 2, 0, end)).isEqualTo(answer(MemoryRule.RES_21, 0));
    assertThat(type(poor, end + 1)).isEqualTo(EntryType.RAM_RW);
    assertThat(mfn(poor, BLOCK)).isEqualTo(BLOCK_MFN);
    assertThat(poor.totPages()).isEqualTo(pages + 8);
  }

  @Test
  void RES_21_a_page_for_which_a_block_would_have_to_be_split_is_lost() {
    Domain poor = withPool(0);
    assertThat(populate(poor, BLOCK + 5)).isEqualTo(answer(MemoryRule.RES_21, 0));
    assertThat(mfn(poor, BLOCK + 5)).isEqualTo(BLOCK_MFN + 5);
    assertThat(poor.totPages()).isEqualTo(pages + 1);
  }

  @Test
  void RES_22_a_page_that_cannot_be_taken_out_of_its_block_stays() {
    Domain poor = withPool(0);
    assertThat(decrease(poor, RAM + 5, BLOCK + 5)).isEqualTo(answer(MemoryRule.RES_22, 1));
    assertThat(poor.totPages()).isEqualTo(pages - 1);
    assertThat(memory().references(BLOCK_MFN + 5)).isEqualTo(1);
  }

  @Test
  void ACQ_16_a_frame_for_which_the_caller_has_no_table_is_not_mapped() {
    Domain model = domain(DomainConfig.guest(POOR, 1000).withTarget(OTHER).withMemory(MemoryConfig.ORDINARY.withPoolPages(FOR_RAM)));
    assertThat(acquire(model, OTHER, 0, GIB * 2)).isEqualTo(answer(MemoryRule.ACQ_16, ENOENT));
    assertThat(acquire(model, OTHER, 0, RAM + 100, GIB * 2)).isEqualTo(answer(MemoryRule.ACQ_14, EIO));
  }

  @Test
  void ACQ_17_nor_is_one_for_which_a_block_would_have_to_be_split() {
    Domain model = domain(DomainConfig.guest(POOR, 1000).withTarget(OTHER).withMemory(MemoryConfig.ORDINARY.withPoolPages(FOR_RAM)));
    model.ownRam(BLOCK, BLOCK_MFN, BLOCK_PAGES);
    assertThat(acquire(model, OTHER, 0, BLOCK)).isEqualTo(answer(MemoryRule.ACQ_17, ENOMEM));
    assertThat(mfn(model, BLOCK)).isEqualTo(BLOCK_MFN);
  }

  @Test
  void the_hardware_domain_s_tables_are_not_from_a_pool() {
    Domain hardware = domain(DomainConfig.guest(POOR, 1000).withHardware(true).withMemory(MemoryConfig.ORDINARY.withPoolPages(0)));
    assertThat(hardware.physmap().poolLeft()).isEqualTo(Physmap.UNLIMITED);
  }

  @Test
  void a_pool_is_by_default_a_MiB_per_vCPU_4_KiB_per_MiB_of_RAM_and_half_a_MiB_in_whole_MiB() {
    assertThat(MemoryConfig.defaultPool(1, 4096)).as("16 MiB, measured").isEqualTo(512);
    assertThat(MemoryConfig.defaultPool(1, 128 * 256)).isEqualTo(512);
    assertThat(MemoryConfig.defaultPool(1, 129 * 256)).isEqualTo(768);
    assertThat(MemoryConfig.defaultPool(4, 1024 * 256)).isEqualTo(9 * 256);
    assertThat(guest.physmap().poolLeft()).isEqualTo(512 - FOR_RAM);
  }

  @Test
  void RAM_for_which_the_pool_is_too_small_is_an_error_of_who_builds_the_domain() {
    assertThatThrownBy(() -> domain(DomainConfig.guest(POOR, 1000).withMemory(MemoryConfig.ORDINARY.withPoolPages(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0x40000");
  }
}
