package org.xenarium.gnttab.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04E;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_05;
import static org.xenarium.gnttab.rule.GrantRule.COPY_03;
import static org.xenarium.gnttab.rule.GrantRule.COPY_11;
import static org.xenarium.gnttab.rule.GrantRule.FLUSH_04;
import static org.xenarium.gnttab.rule.GrantRule.FLUSH_06;
import static org.xenarium.gnttab.rule.GrantRule.MAP_03;
import static org.xenarium.gnttab.rule.GrantRule.MAP_07A;
import static org.xenarium.gnttab.rule.GrantRule.MAP_09;
import static org.xenarium.gnttab.rule.GrantRule.MAP_11;
import static org.xenarium.gnttab.rule.GrantRule.MAP_14;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_11;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Life;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** The table of spec §5.3, row by row: what a live domain B can do with the grants of A while A dies, is a zombie, and is gone. */
class DyingGranterTest extends OnBench {
  /** An entry of A for B that nobody maps before A's death. */
  private static final int UNPINNED = 9;

  /** An entry of A for B on the page that entry 8 pins. */
  private static final int SAME_PAGE = 10;

  /** The steps that come next when B acts: three before the page is reached, one after it, one after the physmap, and the zombie. */
  private static final List<String> PHASES = List.of("RELEASE", "XEN_HEAP_PAGES", "RAM_PAGES", "PHYSMAP", "BURY", "DONE");

  private boolean version2;

  /** B has mapped A's entry 8 for reading; now A's death has come to before that phase. */
  private void before(String phase) {
    Bench start = Bench.setup().third().v2(A).start();
    startFrom(start);
    if (version2) {
      a.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
      entryV2(8, GRANTED);
      entryV2(UNPINNED, GRANTED + 1);
      entryV2(SAME_PAGE, GRANTED);
    } else {
      a.grant(UNPINNED, B, GRANTED + 1);
      a.grant(SAME_PAGE, B, GRANTED);
    }
    b.map(A, 8, RO, place(0)).says(OKAY, MAP_14);
    bench.death(A).to(phase);
  }

  private void entryV2(int ref, long frame) {
    long at = (Bench.TABLE << 12) + 16L * ref;
    a.store(at + 8, 8, frame);
    a.store(at, 4, 1 | B << 16);
  }

  /** Before each of the phases the operation ends by that rule; in both versions of the table. */
  private void row(Supplier<Answer> operation, int status, GrantRule rule, int thenFrom, int laterStatus, GrantRule later) {
    for (boolean v2 : new boolean[] {false, true}) {
      version2 = v2;
      for (int i = 0; i < PHASES.size(); i++) {
        before(PHASES.get(i));
        Answer answer = operation.get();
        assertThat(answer.rule()).as("before %s, version %d", PHASES.get(i), v2 ? 2 : 1).isEqualTo(i < thenFrom ? rule : later);
        answer.says(i < thenFrom ? status : laterStatus, i < thenFrom ? rule : later);
        bench.watch().audit();
      }
    }
  }

  private void row(Supplier<Answer> operation, int status, GrantRule rule) {
    row(operation, status, rule, PHASES.size(), status, rule);
  }

  @Test
  void MAP_14_then_MAP_09_an_unpinned_entry_can_be_mapped_until_its_page_is_gone() {
    row(() -> b.map(A, UNPINNED, RW, place(1)), OKAY, MAP_14, 3, BAD_PAGE, MAP_09);
  }

  @Test
  void MAP_14_then_MAP_09_one_on_a_page_that_is_pinned_otherwise_until_the_physmap_is_gone() {
    row(() -> b.map(A, SAME_PAGE, RW, place(1)), OKAY, MAP_14, 4, BAD_PAGE, MAP_09);
  }

  @Test
  void I72_MAP_14_an_entry_pinned_by_the_same_caller_can_be_mapped_for_ever() {
    row(() -> b.map(A, 8, RW, place(1)), OKAY, MAP_14);
  }

  @Test
  void MAP_07A_an_entry_pinned_by_another_domain_is_refused_at_every_point() {
    row(() -> bench.c().map(A, 8, RO, place(1)), GENERAL_ERROR, MAP_07A);
  }

  @Test
  void COPY_11_then_CLAIM_04E_a_copy_from_an_unpinned_entry_works_until_its_page_is_gone() {
    row(() -> b.copy(grant(A, UNPINNED), own(OWN), 16), OKAY, COPY_11, 3, BAD_PAGE, CLAIM_04E);
  }

  @Test
  void I72_CLAIM_05_a_copy_from_a_pinned_entry_is_refused_from_the_first_step_on() {
    row(() -> b.copy(grant(A, 8), own(OWN), 16), BAD_DOMAIN, CLAIM_05);
  }

  @Test
  void COPY_11_then_CLAIM_04E_a_copy_that_needs_an_upgrade_works_until_the_physmap_is_gone() {
    row(() -> b.copy(own(OWN), grant(A, 8), 16), OKAY, COPY_11, 4, BAD_PAGE, CLAIM_04E);
  }

  @Test
  void UNMAP_11_an_unmap_always_works() {
    row(() -> b.unmap(place(0), 0), OKAY, UNMAP_11);
  }

  @Test
  void FLUSH_06_a_mapped_page_can_be_flushed_at_every_point() {
    for (String phase : PHASES) {
      before(phase);
      assertThat(b.call(Struct.flush(bench.mfn(B, Bench.HOLE) << 12, 0, 64, 1)).rule()).as(phase).isEqualTo(FLUSH_06);
    }
  }

  @Test
  void I51_access_through_a_mapping_works_at_every_point_and_the_content_stays() {
    for (String phase : PHASES) {
      before("STOP");
      a.domain().vcpu(0).store(GRANTED << 12, 8, 0x1234);
      bench.death(A).to(phase);
      assertThat(b.load(Bench.PLACE, 8)).as(phase).isEqualTo(0x1234);
    }
  }

  @Test
  void I67_MAP_03_COPY_03_FLUSH_04_after_the_last_unmap_the_domain_is_unknown() {
    before("DONE");
    long mfn = bench.mfn(B, Bench.HOLE);
    assertThat(bench.machine().domain(A).life()).isEqualTo(Life.DEAD);
    b.unmap(place(0), 0).says(OKAY, UNMAP_11);
    assertThat(bench.isListed(A)).isFalse();
    b.map(A, 8, RO, place(0)).says(BAD_DOMAIN, MAP_03);
    b.copy(grant(A, 8), own(OWN), 16).says(BAD_DOMAIN, COPY_03);
    b.call(Struct.flush(mfn << 12, 0, 64, 1)).returns(-1, FLUSH_04);
    bench.watch().audit();
  }

  @Test
  void a_page_given_back_while_mapped_counts_for_the_granter_until_the_last_unmap_and_outlives_its_death() {
    b.map(A, 8, RO, place(0)).says(OKAY, MAP_14);
    assertThat(a.memory().decrease(GRANTED)).isEqualTo(1);
    assertThat(a.domain().totPages()).isEqualTo(Bench.PAGES);
    bench.machine().destroyDomain(A);
    assertThat(bench.machine().domain(A).totPages()).isEqualTo(1);
    b.unmap(place(0), 0).says(OKAY, UNMAP_11);
    assertThat(bench.isListed(A)).isFalse();
  }

  /** The last mapping goes between the pin and the reference of another one. */
  @Test
  void MAP_11_a_page_that_is_gone_with_its_domain_cannot_be_referenced() {
    startFrom(Bench.setup().vcpus(B, 2).start());
    b.map(A, 8, RO, place(0)).says(OKAY, MAP_14);
    bench.machine().destroyDomain(A);
    Struct again = Struct.map(A, 8, RO, place(1));
    bench.forgetDecisions();
    b.issue(again);
    b.stepTo("INSERT");
    bench.guest(B, 1).unmap(place(0), 0).says(OKAY, UNMAP_11);
    assertThat(bench.isListed(A)).as("unlisted with its last page").isFalse();
    assertThat(bench.machine().world().incarnation(A)).as("and held by the map on its way").isNotNull();
    b.finish();
    b.reply(again).get(0).says(GENERAL_ERROR, MAP_11);
    assertThat(bench.machine().world().incarnation(A)).isNull();
    bench.watch().audit();
  }

  /** A call that has found A goes on with that A, whoever bears the id now. */
  @Test
  void I30_MAP_09_a_map_on_its_way_never_means_the_successor() {
    Struct map = Struct.map(A, 8, RW, place(0));
    for (String phase : List.of("TAKE_HANDLE", "PIN", "CAS", "FRAME")) {
      startFrom(Bench.start());
      b.issue(map);
      b.stepTo(phase);
      bench.machine().destroyDomain(A);
      assertThat(bench.isListed(A)).isFalse();
      succeedA();
      bench.forgetDecisions();
      b.finish();
      b.reply(map).get(0).says(BAD_PAGE, MAP_09);
      assertThat(bench.entryFlags(A, 8)).as("the successor's entry, untouched").isEqualTo(1);
      assertThat(bench.table(A).active().pin(8)).isZero();
      b.map(A, 8, RW, place(0)).says(OKAY, MAP_14);
      bench.watch().audit();
    }
  }

  /** A new domain with A's id, which grants the same as A did. */
  private void succeedA() {
    bench.machine().createDomain(DomainConfig.guest(A, Bench.PAGES)).ownRam(Bench.RAM, 0x41000, Bench.PAGES);
    a = bench.a();
    a.memory().addGrantFrame(0, Bench.TABLE);
    a.grant(8, B, GRANTED);
  }

  @Test
  void I30_CLAIM_04E_a_copy_on_its_way_never_means_the_successor() {
    Struct copy = Struct.copy(grant(A, 8), own(OWN), 16);
    b.issue(copy);
    b.stepTo("CLAIM_SOURCE");
    bench.machine().destroyDomain(A);
    succeedA();
    bench.forgetDecisions();
    b.finish();
    b.reply(copy).get(0).says(BAD_PAGE, CLAIM_04E);
    assertThat(bench.entryFlags(A, 8)).isEqualTo(1);
    bench.watch().audit();
  }
}
