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
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** Version 2: deaths on either hop of a transitive grant. C grants a page to A, and A passes it on to B by its entry 8 (spec §3.5.4, §5.3). */
class DyingPassesOnTest extends OnBench {
  private static final int TRANSITIVE = 3;
  private static final Struct COPY = Struct.copy(grant(A, 8), own(OWN), 16);

  @BeforeEach
  void passedOn() {
    startFrom(Bench.setup().third().v2(A).start());
    bench.c().memory().addGrantFrame(0, TABLE);
    bench.c().grant(8, A, GRANTED);
    a.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
    long entry = (TABLE << 12) + 16 * 8;
    a.store(entry + 4, 4, C);
    a.store(entry + 8, 8, 8);
    a.store(entry, 4, B << 16 | TRANSITIVE);
  }

  @Test
  void COPY_11_who_passes_on_may_be_dying_because_nothing_of_its_own_is_granted() {
    b.map(A, 8, RO, PLACE).says(GENERAL_ERROR, GrantRule.MAP_08A);
    for (String phase : List.of("RELEASE", "XEN_HEAP_PAGES", "RAM_PAGES", "PHYSMAP", "BURY")) {
      passedOn();
      bench.death(A).to(phase);
      b.call(COPY).says(OKAY, GrantRule.COPY_11);
    }
  }

  @Test
  void COPY_03_once_it_has_disappeared_its_entry_is_nobody_s() {
    bench.machine().destroyDomain(A);
    assertThat(bench.isListed(A)).isFalse();
    b.call(COPY).says(BAD_DOMAIN, GrantRule.COPY_03);
  }

  @Test
  void CLAIM_04E_then_CLAIM_T4_behind_it_the_page_of_a_dying_owner_can_be_copied_until_it_is_gone() {
    for (String phase : List.of("RELEASE", "XEN_HEAP_PAGES", "RAM_PAGES")) {
      passedOn();
      bench.death(C).to(phase);
      b.call(COPY).says(OKAY, GrantRule.COPY_11);
    }
    passedOn();
    bench.death(C).to("PHYSMAP");
    b.call(COPY).says(BAD_PAGE, GrantRule.CLAIM_04E);
    passedOn();
    bench.machine().destroyDomain(C);
    b.call(COPY).says(GENERAL_ERROR, GrantRule.CLAIM_T4);
  }

  @Test
  void I72_CLAIM_05_behind_it_a_pinned_entry_of_a_dying_owner_is_refused() {
    a.map(C, 8, RO, PLACE).says(OKAY, GrantRule.MAP_14);
    bench.death(C).to("RELEASE");
    b.call(COPY).says(BAD_DOMAIN, GrantRule.CLAIM_05);
    assertThat(bench.readPins(C, 8)).isEqualTo(1);
    bench.watch().audit();
  }

  /** The pin in A's table has no page of A's behind it: A leaves the list and is held by the copy alone. */
  @Test
  void I30_a_copy_on_its_way_gives_its_pins_back_to_the_domains_that_it_found() {
    b.issue(COPY);
    b.stepTo("COPY");
    assertThat(bench.readPins(C, 8)).isEqualTo(1);
    bench.machine().destroyDomain(A);
    assertThat(bench.isListed(A)).isFalse();
    bench.machine().createDomain(DomainConfig.guest(A, Bench.PAGES));
    bench.forgetDecisions();
    b.finish();
    b.reply(COPY).get(0).says(OKAY, GrantRule.COPY_11);
    assertThat(bench.readPins(C, 8)).isZero();
    assertThat(bench.c().flags(8)).isEqualTo(1);
    assertThat(bench.table(A).active().nextPinned(0)).as("of the successor").isEqualTo(-1);
    assertThat(bench.machine().world().incarnation(A)).as("let go").isNull();
    bench.watch().audit();
  }

  @Test
  void a_held_page_is_claimed_anew_when_the_id_means_another_domain_by_the_next_element() {
    b.issue(COPY, COPY);
    b.stepTo("COPY_OUT");
    bench.machine().destroyDomain(A);
    bench.machine().createDomain(DomainConfig.guest(A, Bench.PAGES));
    bench.forgetDecisions();
    b.finish();
    assertThat(b.reply(COPY, COPY).statuses()).containsExactly(OKAY, GENERAL_ERROR);
    assertThat(bench.pins()).isEmpty();
    bench.watch().audit();
  }

  @Test
  void COPY_11_the_copy_ends_well_when_the_owner_of_its_page_dies_meanwhile_and_the_owner_with_it() {
    b.issue(COPY);
    b.stepTo("COPY");
    bench.machine().destroyDomain(C);
    assertThat(bench.isListed(C)).as("a zombie").isTrue();
    bench.forgetDecisions();
    b.finish();
    b.reply(COPY).get(0).says(OKAY, GrantRule.COPY_11);
    assertThat(bench.isListed(C)).isFalse();
    bench.watch().audit();
  }
}
