package org.xenarium.gnttab.race;

import static org.assertj.core.api.Assertions.assertThat;
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

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Entry2;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.Interleavings;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Setup;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/**
 * A copy through a transitive entry leaves the lock of that entry while it claims the one behind it, and finds out afterwards what happened
 * meanwhile (spec §3.5.4, §4 7).
 */
class TransitiveRacesTest extends OnBench {
  private static final Struct COPY = Struct.copy(grant(A, 8), own(OWN), 16);
  private static final Struct TO_VERSION_1 = Struct.setVersion(1);

  private Guest c;
  private Guest b1;

  /** C grants two pages to A, and A passes the first one on to B by its entry 8. */
  @BeforeEach
  void passedOn() {
    passedOn(Bench.setup());
  }

  private void passedOn(Setup setup) {
    startFrom(setup.third().v2(A).vcpus(B, 2).start());
    c = bench.c();
    b1 = bench.guest(B, 1);
    c.memory().addGrantFrame(0, TABLE);
    c.grant(9, A, GRANTED);
    c.grant(10, A, GRANTED + 1);
    c.store(GRANTED << 12, 8, 9);
    c.store(GRANTED + 1 << 12, 8, 10);
    Entry2.start(a);
    Entry2.passOn(a, 8, B, C, 9);
    bench.forgetDecisions();
  }

  /** Steps until the copy has left the lock of A's entry and not pinned it yet. */
  private void leaveLock() {
    b.issue(COPY);
    while (bench.readPins(C, 9) == 0) {
      b.step();
    }
    assertThat(bench.readPins(A, 8)).isZero();
  }

  @Test
  void an_entry_that_was_pinned_meanwhile_makes_the_element_begin_again() {
    leaveLock();
    b1.issue(COPY);
    b1.stepTo("COPY_OUT");
    b.stepTo("CLAIM_SOURCE");
    b.stepTo("CLAIM_SOURCE");
    while (b.vcpu().call() != null) {
      b.step();
    }
    assertThat(b.vcpu().atHypercall()).as("B executes its HVC again").isTrue();
    assertThat(bench.readPins(C, 9)).as("only the other copy's").isEqualTo(1);
    b1.finish();
    b.finish();
    b.reply(COPY).get(0).says(OKAY, GrantRule.COPY_11);
    assertThat(b.load(OWN << 12, 8)).isEqualTo(9);
    assertThat(bench.pins()).isEmpty();
  }

  @Test
  void a_pinned_entry_that_passes_on_something_else_makes_the_element_begin_again_until_the_pin_is_gone() {
    b.issue(COPY);
    b.stepTo("COPY_OUT");
    Entry2.passOn(a, 8, B, C, 10);
    b1.issue(Struct.copy(grant(A, 8), own(OWN + 1), 16));
    for (int i = 0; i < 10; i++) {
      do {
        b1.step();
      } while (b1.vcpu().call() != null);
      assertThat(b1.vcpu().atHypercall()).as("it begins again").isTrue();
    }
    b.finish();
    b1.finish();
    assertThat(b.load(OWN << 12, 8)).isEqualTo(9);
    assertThat(b.load(OWN + 1 << 12, 8)).isEqualTo(10);
    assertThat(bench.pins()).isEmpty();
  }

  @Test
  void a_copy_through_an_entry_that_its_own_map_keeps_pinned_as_a_whole_page_never_ends() {
    Entry2.full(a, 8, 0, B, GRANTED);
    b.map(A, 8, RO, PLACE).says(OKAY, GrantRule.MAP_14);
    Entry2.passOn(a, 8, B, C, 9);
    b.issue(COPY);
    bench.machine().finishCall(b.vcpu());
    assertThat(b.vcpu().isStuck()).isTrue();
    assertThat(bench.pins()).isEqualTo("1:8 read 1 write 0 by 2; ");
  }

  @Test
  void the_kind_of_an_entry_is_decided_by_the_first_look_at_it() {
    Entry2.full(a, 8, 0, B, GRANTED);
    a.store(GRANTED << 12, 8, 77);
    b.issue(COPY);
    while (Entry2.status(a, 8) == 0) {
      b.step();
    }
    a.store(Entry2.address(8), 2, Entry2.TRANSITIVE);
    b.finish();
    b.reply(COPY).get(0).says(OKAY, GrantRule.COPY_11);
    assertThat(b.load(OWN << 12, 8)).as("the frame that the transitive entry has where whole pages have it").isEqualTo(77);
  }

  @Test
  void SETVER_07_V32_a_table_stays_at_version_2_while_a_copy_is_on_its_way_through_a_transitive_entry() {
    leaveLock();
    a.call(TO_VERSION_1).returns(-11, GrantRule.SETVER_07);
    b.finish();
    b.reply(COPY).get(0).says(OKAY, GrantRule.COPY_11);
    a.call(TO_VERSION_1).returns(0, GrantRule.SETVER_10);
  }

  @Test
  void V32_before_4_17_the_version_changed_under_the_copy_which_begins_again_and_finds_no_entry() {
    passedOn(Bench.setup().release(Release.V4_16));
    leaveLock();
    a.call(TO_VERSION_1).returns(0, GrantRule.SETVER_10);
    b.finish();
    b.reply(COPY).get(0).says(GENERAL_ERROR, GrantRule.CLAIM_04A);
    assertThat(bench.pins()).isEmpty();
    assertThat(c.flags(9)).isEqualTo(0x0001);
  }

  @Test
  void SETVER_07_V32_a_reserved_sub_page_entry_that_a_copy_holds_keeps_the_version_too() {
    Entry2.part(a, 3, 0, B, 0, 64, GRANTED);
    Struct copy = Struct.copy(grant(A, 3), own(OWN), 16);
    b.issue(copy);
    b.stepTo("COPY_OUT");
    a.call(TO_VERSION_1).returns(-11, GrantRule.SETVER_07);
    b.finish();
    a.call(TO_VERSION_1).returns(0, GrantRule.SETVER_10);
  }

  @Test
  void in_every_order_a_change_of_version_waits_or_comes_first_and_nothing_is_left_pinned() {
    Set<String> ends = new HashSet<>();
    b.issue(COPY);
    a.issue(TO_VERSION_1);
    Interleavings.ofAll(
        bench,
        end -> {
          int status = end.b().reply(COPY).get(0).status();
          ends.add(status + " at version " + end.table(A).version() + ", " + end.a().vcpu().x(0));
          assertThat(end.pins()).isEmpty();
          assertThat(end.c().flags(9)).isEqualTo(0x0001);
          end.watch().audit();
        },
        a,
        b);
    assertThat(ends).containsExactlyInAnyOrder("0 at version 1, 0", "0 at version 2, -16", "0 at version 2, -11", "-1 at version 1, 0");
  }

  @Test
  void in_every_order_two_copies_through_one_entry_both_end_well() {
    b.issue(COPY);
    b1.issue(COPY);
    Interleavings.ofAll(
        bench,
        end -> {
          assertThat(end.b().reply(COPY).get(0).status()).isEqualTo(OKAY);
          assertThat(end.guest(B, 1).reply(COPY).get(0).status()).isEqualTo(OKAY);
          assertThat(end.pins()).isEmpty();
          end.watch().audit();
        },
        b,
        b1);
  }

  @Test
  void a_held_transitive_copy_gives_its_pins_back_although_the_domain_in_the_middle_is_dead() {
    int middle = a.domain().incarnation();
    b.issue(COPY);
    b.stepTo("COPY_OUT");
    bench.machine().destroyDomain(A);
    assertThat(bench.machine().world().incarnation(middle)).as("A, kept by the copy").isNotNull();
    assertThat(bench.readPins(C, 9)).isEqualTo(1);
    b.finish();
    b.reply(COPY).get(0).says(OKAY, GrantRule.COPY_11);
    assertThat(bench.machine().world().incarnation(middle)).isNull();
    assertThat(bench.pins()).isEmpty();
  }
}
