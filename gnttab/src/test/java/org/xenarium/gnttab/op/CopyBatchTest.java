package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_COPY_ARG;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.abi.GntStatus.PERMISSION_DENIED;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.End.frameOf;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Reply;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** How long the pages of a copy stay claimed within a batch (spec §3.5.1). */
class CopyBatchTest extends OnBench {
  private static final Struct READ_8 = Struct.copy(grant(A, 8), own(OWN), 16);
  private static final Struct READ_9 = Struct.copy(grant(A, 9), own(OWN), 16);

  /** Begins a batch and goes on until the element with that index has been written back. */
  private void run(int element, Struct... structs) {
    a.grant(9, B, GRANTED + 1);
    b.issue(structs);
    int done = 0;
    while (done <= element) {
      boolean copiesOut = b.phase().equals("COPY_OUT");
      b.step();
      done += copiesOut ? 1 : 0;
    }
  }

  private void expectPins(int ofEntry8, int ofEntry9) {
    assertThat(bench.readPins(A, 8)).as("read pins of entry 8").isEqualTo(ofEntry8);
    assertThat(bench.readPins(A, 9)).as("read pins of entry 9").isEqualTo(ofEntry9);
    assertThat(f()).isEqualTo(ofEntry8 == 0 ? 0x0001 : 0x0009);
    assertThat(a.flags(9)).isEqualTo(ofEntry9 == 0 ? 0x0001 : 0x0009);
  }

  @Test
  void a_page_stays_claimed_after_success() {
    run(0, READ_8, READ_8);
    expectPins(1, 0);
    b.finish();
    expectPins(0, 0);
  }

  @Test
  void the_next_element_of_the_same_reference_pins_no_second_time() {
    run(1, READ_8, READ_8);
    expectPins(1, 0);
    b.finish();
    expectPins(0, 0);
  }

  @Test
  void a_reused_page_is_not_looked_at_again() {
    run(0, READ_8, READ_8);
    a.entry(8, 0, 0, HOLE);
    b.finish();
    b.reply(READ_8, READ_8).says(OKAY, OKAY);
  }

  @Test
  void another_reference_replaces_the_page() {
    run(1, READ_8, READ_9);
    expectPins(0, 1);
    b.finish();
    expectPins(0, 0);
  }

  @Test
  void an_element_of_no_bytes_leaves_the_claims_alone() {
    run(1, READ_8, Struct.copy(grant(A, 9), own(HOLE), 0));
    expectPins(1, 0);
    b.finish();
    expectPins(0, 0);
  }

  @Test
  void an_error_releases_both_pages_before_its_status_is_written() {
    Struct tooLong = Struct.copy(grant(A, 8).at(4090), own(OWN), 16);
    run(0, READ_8, tooLong, READ_8);
    expectPins(1, 0);
    b.stepTo("RELEASE_SOURCE");
    b.stepTo("COPY_OUT");
    expectPins(0, 0);
    b.finish();
    b.reply(READ_8, tooLong, READ_8).says(OKAY, BAD_COPY_ARG, OKAY);
    expectPins(0, 0);
  }

  @Test
  void when_either_domain_changes_both_pages_are_released() {
    startFrom(Bench.setup().third().start());
    bench.c().memory().addGrantFrame(0, Bench.TABLE);
    bench.c().grant(8, B, GRANTED);
    Struct toC = Struct.copy(grant(A, 8), grant(C, 8), 16);
    run(0, READ_8, toC);
    b.stepTo("CHECK");
    expectPins(0, 0);
    b.stepTo("COPY");
    expectPins(1, 0);
    assertThat(bench.writePins(C, 8)).isEqualTo(1);
    b.finish();
    assertThat(bench.writePins(C, 8)).isZero();
    expectPins(0, 0);
  }

  @Test
  void the_source_is_released_before_the_destination() {
    a.grant(9, B, GRANTED + 1);
    b.issue(Struct.copy(grant(A, 8), grant(A, 9), 16));
    b.stepTo("RELEASE_SOURCE");
    b.step();
    assertThat(f()).isEqualTo(0x0001);
    assertThat(a.flags(9)).isEqualTo(0x0019);
    b.step();
    assertThat(a.flags(9)).isEqualTo(0x0001);
  }

  @Test
  void a_preemption_releases_the_pages_and_the_rest_claims_them_again() {
    b.vcpu().preemptAfter(0);
    run(0, READ_8, READ_8);
    expectPins(1, 0);
    while (!b.vcpu().atHypercall()) {
      b.step();
    }
    expectPins(0, 0);
    a.setFlags(8, 0);
    b.finish();
    Reply reply = b.reply(READ_8, READ_8);
    reply.says(OKAY, -1);
    assertThat(reply.get(1).rule()).isEqualTo(GrantRule.CLAIM_04A);
  }

  @Test
  void a_fault_releases_the_pages() {
    long address = ((Bench.RAM + Bench.PAGES) << 12) - 40;
    b.batchAt(address, READ_8, READ_8).returns(-14, GrantRule.COPY_F5);
    expectPinsGone();
  }

  @Test
  void a_page_claimed_by_reference_is_never_taken_for_a_frame_of_that_number() {
    b.memory().addGrantFrame(0, Bench.TABLE);
    b.grant(8, B, GRANTED);
    bench.show(b, 8, bench.hide(b, OWN + 1));
    b.store(GRANTED << 12, 8, 1);
    b.store(8 << 12, 8, 2);
    b.batch(Struct.copy(grant(DomId.SELF, 8), own(OWN), 8), Struct.copy(own(8), own(OWN).at(8), 8)).says(OKAY, OKAY);
    assertThat(b.load(OWN << 12, 8)).isEqualTo(1);
    assertThat(b.load((OWN << 12) + 8, 8)).isEqualTo(2);
    b.batch(Struct.copy(own(8), own(OWN), 8), Struct.copy(grant(DomId.SELF, 8), own(OWN).at(8), 8)).says(OKAY, OKAY);
    assertThat(b.load(OWN << 12, 8)).isEqualTo(2);
    assertThat(b.load((OWN << 12) + 8, 8)).isEqualTo(1);
  }

  @Test
  void a_frame_number_is_refused_even_when_the_domid_is_that_of_a_claimed_page() {
    Reply reply = b.batch(READ_8, Struct.copy(frameOf(A, 8), own(OWN), 16), Struct.copy(frameOf(A, GRANTED), own(OWN), 16));
    reply.says(OKAY, PERMISSION_DENIED, PERMISSION_DENIED);
    assertThat(reply.get(1).rule()).isEqualTo(GrantRule.COPY_02);
    expectPinsGone();
  }

  private void expectPinsGone() {
    assertThat(bench.readPins(A, 8)).isZero();
    assertThat(f()).isEqualTo(0x0001);
  }
}
