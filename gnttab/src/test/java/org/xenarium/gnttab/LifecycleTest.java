package org.xenarium.gnttab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PAGES;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Death;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** Deaths of mappers and granters, step by step (spec §5). */
class LifecycleTest extends OnBench {
  /** An entry of A for B that nobody maps before A's death. */
  private static final int UNPINNED = 9;

  /** An entry of A for B on the page that entry 8 pins. */
  private static final int SAME_PAGE = 10;

  @BeforeEach
  void entries() {
    startFrom(Bench.setup().third().start());
    a.grant(UNPINNED, B, GRANTED + 1);
    a.grant(SAME_PAGE, B, GRANTED);
  }

  private static final String[] PHASES = {"RELEASE", "XEN_HEAP_PAGES", "RAM_PAGES", "PHYSMAP", "BURY", "DONE"};

  @Test
  void a_dying_mapper_releases_its_mappings_from_the_highest_handle_down() {
    for (int ref : new int[] {8, UNPINNED, SAME_PAGE}) {
      b.map(A, ref, RW, place(ref)).says(OKAY, GrantRule.MAP_14);
    }
    List<Integer> flags = new ArrayList<>();
    Death death = bench.death(B).to("RELEASE");
    for (int i = 0; i < 3; i++) {
      flags.add(a.flags(8) << 16 | a.flags(UNPINNED) << 8 | a.flags(SAME_PAGE));
      death.step();
    }
    assertThat(flags).containsExactly(0x19_1919, 0x19_1901, 0x19_0101);
    assertThat(f()).isEqualTo(0x0001);
    assertThat(bench.references(bench.mfn(A, GRANTED))).isEqualTo(1);
    death.to("DONE");
    assertThat(bench.isListed(B)).isFalse();
  }

  @Test
  void a_mapper_that_has_died_leaves_nothing_behind() {
    b.map(A, 8, RW, place(0));
    b.map(A, 8, RO, place(1));
    b.map(A, 8, RO, place(1));
    bench.machine().destroyDomain(B);
    assertThat(bench.pins()).isEmpty();
    bench.watch().audit();
    assertThat(a.swap(8, 9).status()).isZero();
  }

  @Test
  void a_mapper_of_its_own_pages_dies_too() {
    a.grant(11, A, GRANTED + 2);
    a.map(A, 11, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    bench.machine().destroyDomain(A);
    assertThat(bench.isListed(A)).isFalse();
  }

  @Test
  void an_unpinned_entry_can_be_mapped_until_its_page_is_gone() {
    assertThat(statusesOfMap(UNPINNED)).containsExactly(OKAY, OKAY, OKAY, BAD_PAGE, BAD_PAGE, BAD_PAGE);
  }

  @Test
  void an_unpinned_entry_on_a_page_that_is_pinned_otherwise_can_be_mapped_until_the_physmap_is_gone() {
    assertThat(statusesOfMap(SAME_PAGE)).containsExactly(OKAY, OKAY, OKAY, OKAY, BAD_PAGE, BAD_PAGE);
  }

  @Test
  void an_entry_pinned_by_the_same_caller_can_be_mapped_for_ever() {
    assertThat(statusesOfMap(8)).containsExactly(OKAY, OKAY, OKAY, OKAY, OKAY, OKAY);
  }

  /** What a writable map of that entry says before each phase of A's death, while entry 8 is mapped for reading. */
  private List<Integer> statusesOfMap(int ref) {
    List<Integer> statuses = new ArrayList<>();
    for (String phase : PHASES) {
      entries();
      b.map(A, 8, RO, place(0)).says(OKAY, GrantRule.MAP_14);
      bench.death(A).to(phase);
      statuses.add(b.map(A, ref, RW, place(1)).status());
    }
    return statuses;
  }

  @Test
  void an_entry_pinned_by_another_domain_is_refused_at_every_point() {
    for (String phase : PHASES) {
      entries();
      a.setDomid(8, C);
      bench.c().map(A, 8, RO, place(0)).says(OKAY, GrantRule.MAP_14);
      a.setDomid(8, B);
      bench.death(A).to(phase);
      b.map(A, 8, RO, place(1)).says(GENERAL_ERROR, GrantRule.MAP_07A);
    }
  }

  @Test
  void a_copy_from_an_unpinned_entry_works_until_its_page_is_gone() {
    assertThat(statusesOfRead(UNPINNED)).containsExactly(OKAY, OKAY, OKAY, BAD_PAGE, BAD_PAGE, BAD_PAGE);
  }

  @Test
  void a_copy_from_a_pinned_entry_is_refused_from_the_first_step_of_the_death_on() {
    assertThat(statusesOfRead(8)).containsOnly(BAD_DOMAIN);
  }

  private List<Integer> statusesOfRead(int ref) {
    List<Integer> statuses = new ArrayList<>();
    for (String phase : PHASES) {
      entries();
      b.map(A, 8, RO, place(0)).says(OKAY, GrantRule.MAP_14);
      bench.death(A).to(phase);
      statuses.add(b.copy(grant(A, ref), own(OWN), 16).status());
    }
    return statuses;
  }

  @Test
  void a_copy_that_needs_an_upgrade_works_until_the_physmap_is_gone() {
    List<Integer> statuses = new ArrayList<>();
    for (String phase : PHASES) {
      entries();
      b.map(A, 8, RO, place(0)).says(OKAY, GrantRule.MAP_14);
      bench.death(A).to(phase);
      statuses.add(b.copy(own(OWN), grant(A, 8), 16).status());
    }
    assertThat(statuses).containsExactly(OKAY, OKAY, OKAY, OKAY, BAD_PAGE, BAD_PAGE);
  }

  @Test
  void a_mapped_page_keeps_its_content_and_its_owner_until_the_last_unmap() {
    a.store(GRANTED << 12, 8, 0x1234);
    b.map(A, 8, RW, PLACE);
    long mfn = bench.mfn(A, GRANTED);
    bench.machine().destroyDomain(A);
    assertThat(b.load(PLACE, 8)).isEqualTo(0x1234);
    b.store(PLACE, 8, 0x5678);
    assertThat(b.load(PLACE, 8)).isEqualTo(0x5678);
    assertThat(bench.machine().domain(A).life()).isEqualTo(Life.DEAD);
    assertThat(bench.machine().domain(A).totPages()).isEqualTo(1);
    b.unmap(PLACE, 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(bench.isListed(A)).isFalse();
    assertThat(bench.machine().world().memory().owner(mfn)).isEqualTo(-1);
    bench.watch().audit();
  }

  @Test
  void pages_freed_by_a_dying_domain_are_scrubbed() {
    a.store(GRANTED << 12, 8, 0x1234);
    long mfn = bench.mfn(A, GRANTED);
    bench.machine().destroyDomain(A);
    byte[] content = new byte[8];
    bench.machine().world().memory().content().read(bench.machine().world().memory().address(mfn), content, 0, 8);
    assertThat(content).containsOnly(0);
  }

  @Test
  void a_mapped_page_that_xen_lent_keeps_its_domain_listed_too() {
    a.memory().addToPhysmap(MemoryAbi.SPACE_SHARED_INFO, 0, HOLE);
    a.setFrame(8, HOLE);
    b.map(A, 8, RO, PLACE).says(OKAY, GrantRule.MAP_14);
    bench.machine().destroyDomain(A);
    assertThat(bench.isListed(A)).isTrue();
    b.unmap(PLACE, 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(bench.isListed(A)).isFalse();
  }

  @Test
  void a_death_without_mappings_of_others_ends_at_once_and_the_number_can_be_used_again() {
    bench.machine().destroyDomain(A);
    assertThat(bench.isListed(A)).isFalse();
    b.map(A, 8, RW, PLACE).says(BAD_DOMAIN, GrantRule.MAP_03);
    bench.machine().createDomain(DomainConfig.guest(A, PAGES));
    b.map(A, 8, RW, PLACE).says(GENERAL_ERROR, GrantRule.MAP_08A);
  }

  @Test
  void two_dead_domains_that_map_each_others_pages_disappear() {
    b.memory().addGrantFrame(0, Bench.TABLE);
    b.grant(8, A, GRANTED);
    a.map(B, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    b.map(A, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    bench.machine().destroyDomain(A);
    assertThat(bench.isListed(A)).isTrue();
    bench.machine().destroyDomain(B);
    assertThat(bench.isListed(A)).isFalse();
    assertThat(bench.isListed(B)).isFalse();
    bench.watch().audit();
  }

  @Test
  void a_dying_domains_vcpus_take_no_step() {
    b.issue(Struct.map(A, 8, RW, PLACE));
    bench.death(B).to("RELEASE");
    assertThat(b.isEnabled()).isFalse();
    assertThat(bench.machine().step(b.vcpu())).isFalse();
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.HOLE);
  }
}
