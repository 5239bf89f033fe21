package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.memoryop.MemoryAbi.DECREASE_RESERVATION;
import static org.xenarium.emulator.memoryop.MemoryAbi.INCREASE_RESERVATION;
import static org.xenarium.emulator.memoryop.MemoryAbi.POPULATE_PHYSMAP;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_DEV_MMIO;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.MemoryConfig;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** Direct-mapped domains, domains of static memory, the hardware domain, device models (spec §6.0, §6.2, §6.6). */
public class SpecialDomainsTest extends MemoryCalls {
  private static final int SPECIAL = 3;
  private static final int NODE_1 = 2 << 8;
  private static final int EXACT = 1 << 17;
  private static final int VIRTUAL = 1 << 18;

  /** The device memory that the hardware domain may have. */
  private static final long DEVICE = 0x9010;

  private static DomainConfig special() {
    return DomainConfig.guest(SPECIAL, MAX_PAGES);
  }

  private static DomainConfig special(MemoryConfig memory) {
    return special().withMemory(memory);
  }

  /** A domain with its 16 pages at their own numbers, too. */
  private Domain directMapped() {
    Domain direct = domain(special(MemoryConfig.ORDINARY.withDirectMapped(true)));
    for (long mfn = mfn(direct, RAM), i = 0; i < RAM_PAGES; i++) {
      direct.physmap().set(mfn + i, mfn + i, EntryType.RAM_RW);
    }
    return direct;
  }

  private Domain staticMemory() {
    return domain(special(MemoryConfig.ORDINARY.withStaticMemory(true)));
  }

  private Domain hardware() {
    return domain(special(MemoryConfig.ORDINARY.withDevices(ImmutableRangeSet.of(Range.singleton(DEVICE)))).withHardware(true));
  }

  @Test
  void RES_16_a_direct_mapped_domain_keeps_what_it_gives_back() {
    Domain direct = directMapped();
    long own = mfn(direct, RAM + 5);
    assertThat(decrease(direct, own)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(direct.physmap().entry(own)).isEqualTo(Physmap.HOLE);
    assertThat(direct.totPages()).isEqualTo(RAM_PAGES);
    assertThat(memory().references(own)).isEqualTo(1);
    assertThat(populate(direct, own)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(mfn(direct, own)).isEqualTo(own);
    assertThat(direct.totPages()).as("nothing was allocated").isEqualTo(RAM_PAGES);
    assertThat(populate(direct, own)).as("even if it is there").isEqualTo(answer(MemoryRule.RES_16, 1));
  }

  @Test
  void RES_18_a_direct_mapped_domain_populates_its_own_machine_frames_only() {
    Domain direct = directMapped();
    long last = mfn(direct, RAM + RAM_PAGES - 1);
    for (long gfn : new long[] {HOLE, mfn(other, RAM), last + 1, FIRST_MFN + FRAMES}) {
      assertThat(populate(direct, gfn)).isEqualTo(answer(MemoryRule.RES_18, 0));
    }
    assertThat(reserve(direct, POPULATE_PHYSMAP, SELF, 1, 0, last)).as("both pages").isEqualTo(answer(MemoryRule.RES_18, 0));
    assertThat(reserve(direct, INCREASE_RESERVATION, SELF, 0, 0, HOLE)).as("allocates as ever").isEqualTo(answer(MemoryRule.RES_16, 1));
  }

  @Test
  void RES_23_static_memory_comes_in_single_pages() {
    Domain fixed = staticMemory();
    assertThat(reserve(fixed, POPULATE_PHYSMAP, SELF, 1, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_23, 0));
    assertThat(reserve(fixed, DECREASE_RESERVATION, SELF, 1, 0, RAM + 4)).isEqualTo(answer(MemoryRule.RES_16, 1));
  }

  @Test
  void RES_24_a_domain_of_static_memory_gets_nothing_but_what_it_gave_back() {
    Domain fixed = staticMemory();
    assertThat(populate(fixed, HOLE)).isEqualTo(answer(MemoryRule.RES_24, 0));
    assertThat(fixed.totPages()).isEqualTo(RAM_PAGES);
  }

  @Test
  void RES_16_static_pages_come_back_in_the_order_in_which_they_were_given() {
    Domain fixed = staticMemory();
    long first = mfn(fixed, RAM + 5);
    long second = mfn(fixed, RAM + 3);
    decrease(fixed, RAM + 5, RAM + 3);
    assertThat(fixed.totPages()).isEqualTo(RAM_PAGES - 2);
    assertThat(memory().owner(first)).isEqualTo(-1);
    assertThat(populate(other, HOLE, HOLE + 1)).isEqualTo(answer(MemoryRule.RES_16, 2));
    assertThat(mfn(other, HOLE)).as("nobody else gets it").isNotIn(first, second);
    assertThat(populate(fixed, HOLE, HOLE + 1)).isEqualTo(answer(MemoryRule.RES_16, 2));
    assertThat(mfn(fixed, HOLE)).isEqualTo(first);
    assertThat(mfn(fixed, HOLE + 1)).isEqualTo(second);
    assertThat(fixed.totPages()).isEqualTo(RAM_PAGES);
  }

  @Test
  void RES_10_a_static_page_counts_like_any_other() {
    Domain fixed = staticMemory();
    decrease(fixed, RAM + 5);
    assertThat(reserve(fixed, INCREASE_RESERVATION, SELF, 0, 0, 0, 0, 0, 0, 0).result()).isEqualTo(5);
    assertThat(populate(fixed, HOLE)).isEqualTo(answer(MemoryRule.RES_10, 0));
  }

  @Test
  void what_a_dead_domain_of_static_memory_leaves_nobody_gets() {
    Domain fixed = staticMemory();
    long mfn = mfn(fixed, RAM);
    machine.destroyDomain(SPECIAL);
    assertThat(memory().owner(mfn)).isEqualTo(-1);
    while (other.allocateRam() >= 0) {}
    assertThat(memory().owner(mfn)).isEqualTo(-1);
  }

  @Test
  void RES_19_virtual_nodes_are_looked_at_where_the_target_has_some() {
    Domain virtual = domain(special(MemoryConfig.ORDINARY.withVirtualNodes(2)));
    int node1 = VIRTUAL | NODE_1;
    int node2 = VIRTUAL | 3 << 8;
    assertThat(reserve(virtual, POPULATE_PHYSMAP, SELF, 0, node2, HOLE)).isEqualTo(answer(MemoryRule.RES_19, 0));
    assertThat(reserve(virtual, POPULATE_PHYSMAP, SELF, 0, VIRTUAL, HOLE)).as("none named").isEqualTo(answer(MemoryRule.RES_19, 0));
    assertThat(reserve(virtual, POPULATE_PHYSMAP, SELF, 0, node1, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 0, node2 | EXACT, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(reserve(guest, POPULATE_PHYSMAP, 2, 0, node2, HOLE).rule()).isEqualTo(MemoryRule.RES_06);
  }

  @Test
  void RES_05_the_privileged_may_insist_on_a_node_but_Arm_has_one() {
    Domain hardware = hardware();
    assertThat(reserve(control, POPULATE_PHYSMAP, SELF, 0, NODE_1, HOLE)).isEqualTo(answer(MemoryRule.RES_05, 0));
    assertThat(reserve(guest, POPULATE_PHYSMAP, SELF, 0, NODE_1, HOLE)).as("a wish").isEqualTo(answer(MemoryRule.RES_16, 1));
    assertThat(reserve(hardware, POPULATE_PHYSMAP, SELF, 0, EXACT | NODE_1, HOLE)).isEqualTo(answer(MemoryRule.RES_05, 0));
    assertThat(reserve(hardware, POPULATE_PHYSMAP, SELF, 0, EXACT | 1 << 8, HOLE)).isEqualTo(answer(MemoryRule.RES_16, 1));
  }

  @Test
  void RES_07_the_hardware_domain_s_extents_are_of_order_10_at_most_and_so_are_those_of_domains_with_devices() {
    Domain hardware = hardware();
    assertThat(reserve(hardware, POPULATE_PHYSMAP, SELF, 11, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_07, 0));
    assertThat(reserve(hardware, POPULATE_PHYSMAP, SELF, 10, 0, HOLE)).isEqualTo(answer(MemoryRule.RES_10, 0));
  }

  @Test
  void ATP_19_the_hardware_domain_maps_its_devices_cached() {
    Domain hardware = hardware();
    assertThat(add(hardware, SELF, SPACE_DEV_MMIO, DEVICE, HOLE)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(mfn(hardware, HOLE)).isEqualTo(DEVICE);
    assertThat(type(hardware, HOLE)).isEqualTo(EntryType.MMIO_CACHED);
    assertThat(remove(hardware, SELF, HOLE)).as("device memory cannot be removed").isEqualTo(answer(MemoryRule.RFP_05, ENOENT));
    assertThat(add(hardware, SELF, SPACE_DEV_MMIO, DEVICE, REACH)).isEqualTo(answer(MemoryRule.ATP_17, EINVAL));
  }

  @Test
  void ATP_05_not_for_another_domain() {
    Domain hardware = domain(special().withHardware(true).withPrivilege(true));
    assertThat(add(hardware, OTHER, SPACE_DEV_MMIO, DEVICE, HOLE)).isEqualTo(answer(MemoryRule.ATP_05, EACCES));
    assertThat(add(hardware, SPECIAL, SPACE_DEV_MMIO, DEVICE, HOLE).rule()).as("itself, by its id").isEqualTo(MemoryRule.MMIO_01);
  }

  @Test
  void MMIO_01_device_memory_that_it_may_not_have_is_not_mapped_and_nobody_is_told() {
    Domain hardware = hardware();
    for (long mfn : new long[] {DEVICE - 1, mfn(guest, RAM), -1}) {
      assertThat(add(hardware, SELF, SPACE_DEV_MMIO, mfn, HOLE)).isEqualTo(answer(MemoryRule.MMIO_01, 0));
    }
    assertThat(add(hardware, SELF, SPACE_DEV_MMIO, DEVICE + 1, REACH)).isEqualTo(answer(MemoryRule.MMIO_01, 0));
    assertThat(hardware.physmap().entry(HOLE)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void a_device_model_may_act_on_its_target_and_on_nobody_else() {
    Domain model = domain(special().withTarget(OTHER));
    assertThat(add(model, OTHER, MemoryAbi.SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_19, 0));
    assertThat(add(model, GUEST, MemoryAbi.SPACE_SHARED_INFO, 0, HOLE)).isEqualTo(answer(MemoryRule.ATP_06, EPERM));
    assertThat(query(model, MemoryAbi.CURRENT_RESERVATION, OTHER).result()).isEqualTo(RAM_PAGES);
    assertThat(add(other, SPECIAL, MemoryAbi.SPACE_SHARED_INFO, 0, HOLE)).as("not the other way").isEqualTo(answer(MemoryRule.ATP_06, EPERM));
  }
}
