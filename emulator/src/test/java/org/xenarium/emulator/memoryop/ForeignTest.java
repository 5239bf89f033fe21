package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.memoryop.MemoryAbi.SPACE_GMFN_FOREIGN;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_17;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_18;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_19;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/** Space gmfn_foreign, spec §6.6: pages of another domain, by its gfn. */
public class ForeignTest extends MemoryCalls {
  private static final int CONTROL = 0;

  /** Adds the page at a gfn of {@code foreign} to {@code target}'s physmap at HOLE. */
  private void expect(MemoryRule rule, int errno, Domain caller, int target, int foreign, long idx) {
    expectAt(rule, errno, caller, target, foreign, idx, HOLE);
  }

  private void expectAt(MemoryRule rule, int errno, Domain caller, int target, int foreign, long idx, long gfn) {
    Answers answers = addAll(caller, target, SPACE_GMFN_FOREIGN, foreign, new Element(idx, gfn));
    assertThat(answers.rules()).containsExactly(rule, MemoryRule.BATCH_13);
    assertThat(answers.result()).isZero();
    assertThat(error(caller, 0)).isEqualTo(errno);
  }

  @Test
  void FOREIGN_01_an_unknown_or_reserved_foreign_domain_is_not_found() {
    for (int foreign : new int[] {NOBODY, DomId.SELF, DomId.IO, DomId.COW, DomId.INVALID, 0xffff}) {
      expect(MemoryRule.FOREIGN_01, ESRCH, control, SELF, foreign, RAM);
    }
  }

  @Test
  void FOREIGN_02_the_caller_is_no_foreign_domain_of_itself() {
    expect(MemoryRule.FOREIGN_02, EPERM, control, SELF, CONTROL, RAM);
    expect(MemoryRule.FOREIGN_02, EPERM, control, OTHER, CONTROL, RAM);
    expect(MemoryRule.FOREIGN_02, EPERM, guest, SELF, GUEST, RAM);
  }

  @Test
  void FOREIGN_04_the_target_s_own_pages_are_not_foreign_to_it() {
    expect(MemoryRule.FOREIGN_04, EINVAL, control, OTHER, OTHER, RAM);
  }

  @Test
  void FOREIGN_05_the_target_must_be_privileged_for_the_owner_whoever_calls() {
    expect(MemoryRule.FOREIGN_05, EPERM, guest, SELF, OTHER, RAM);
    expect(MemoryRule.FOREIGN_05, EPERM, control, GUEST, OTHER, RAM);
    expect(MemoryRule.FOREIGN_05, EPERM, guest, SELF, OTHER, HOLE);
    expect(MemoryRule.FOREIGN_05, EPERM, guest, SELF, DomId.XEN, RAM);
  }

  @Test
  void FOREIGN_06_where_no_page_of_the_owner_lies_nothing_is_mapped() {
    expect(MemoryRule.FOREIGN_06, EINVAL, control, SELF, OTHER, HOLE);
    expect(MemoryRule.FOREIGN_06, EINVAL, control, SELF, OTHER, REACH);
    expect(MemoryRule.FOREIGN_06, EINVAL, control, SELF, DomId.XEN, RAM);
  }

  @Test
  void FOREIGN_07_a_mapping_of_the_owner_s_is_no_page_of_its_own() {
    mapForeign(other, HOLE, guest, RAM, EntryType.MAP_FOREIGN_RW);
    other.physmap().set(HOLE + 1, mfn(other, RAM + 3), EntryType.GRANT_MAP_RW);
    expect(MemoryRule.FOREIGN_07, EINVAL, control, SELF, OTHER, HOLE);
    expect(MemoryRule.FOREIGN_07, EINVAL, control, SELF, OTHER, HOLE + 1);
    assertThat(memory().references(mfn(guest, RAM))).as("as before").isEqualTo(2);
    assertThat(memory().references(mfn(other, RAM + 3))).isEqualTo(1);
  }

  @Test
  void ATP_17_an_insertion_that_fails_gives_the_reference_back() {
    expectAt(ATP_17, EINVAL, control, SELF, OTHER, RAM, REACH);
    assertThat(memory().references(mfn(other, RAM))).isEqualTo(1);
  }

  @Test
  void ATP_18_a_dying_target_takes_no_page() {
    Domain model = domain(DomainConfig.guest(3, MAX_PAGES).withTarget(OTHER));
    beginDeath(model);
    expect(ATP_18, ENOMEM, control, 3, OTHER, RAM);
    assertThat(memory().references(mfn(other, RAM))).isEqualTo(1);
  }

  @Test
  void ATP_19_the_page_is_shared_and_referenced_until_the_entry_goes() {
    expect(ATP_19, 0, control, SELF, OTHER, RAM + 3);
    assertThat(mfn(control, HOLE)).isEqualTo(mfn(other, RAM + 3));
    assertThat(type(control, HOLE)).isEqualTo(EntryType.MAP_FOREIGN_RW);
    assertThat(memory().references(mfn(other, RAM + 3))).isEqualTo(2);
    remove(control, SELF, HOLE);
    assertThat(memory().references(mfn(other, RAM + 3))).isEqualTo(1);
    assertThat(control.physmap().entry(HOLE)).isEqualTo(Physmap.HOLE);
  }

  @Test
  void ATP_19_a_read_only_page_is_mapped_read_only() {
    other.physmap().set(RAM + 3, mfn(other, RAM + 3), EntryType.RAM_RO);
    expect(ATP_19, 0, control, SELF, OTHER, RAM + 3);
    assertThat(type(control, HOLE)).isEqualTo(EntryType.MAP_FOREIGN_RO);
  }

  @Test
  void ATP_19_the_same_page_again_at_its_place_costs_a_reference_for_ever() {
    expect(ATP_19, 0, control, SELF, OTHER, RAM + 3);
    expect(ATP_19, 0, control, SELF, OTHER, RAM + 3);
    remove(control, SELF, HOLE);
    reserve(control, MemoryAbi.DECREASE_RESERVATION, OTHER, 0, 0, RAM + 3);
    assertThat(other.totPages()).as("the page stays with its owner, as measured on 4.17.7").isEqualTo(RAM_PAGES);
  }

  @Test
  void ATP_19_a_device_model_may_map_its_target_s_pages() {
    Domain model = domain(DomainConfig.guest(3, MAX_PAGES).withTarget(OTHER));
    expect(ATP_19, 0, model, SELF, OTHER, RAM);
    expect(MemoryRule.FOREIGN_05, EPERM, model, SELF, GUEST, RAM);
  }
}
