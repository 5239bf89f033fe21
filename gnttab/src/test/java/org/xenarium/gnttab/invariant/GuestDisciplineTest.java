package org.xenarium.gnttab.invariant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.invariant.Discipline.D1;
import static org.xenarium.gnttab.invariant.Discipline.D2;
import static org.xenarium.gnttab.invariant.Discipline.D3;
import static org.xenarium.gnttab.invariant.Discipline.D4;
import static org.xenarium.gnttab.invariant.Discipline.D5;
import static org.xenarium.gnttab.invariant.Discipline.D6;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.End;
import org.xenarium.gnttab.kit.Struct;

/** D1 to D6 are reported by name, and what they make void is not reported as broken. */
class GuestDisciplineTest extends OnWatchedBench {
  private Indiscipline only() {
    assertThat(indisciplines).hasSize(1);
    return indisciplines.get(0);
  }

  @Test
  void guests_that_keep_all_rules_are_not_reported() {
    int handle = b.map(A, 8, RW, place(0)).handle();
    b.copy(End.grant(A, 8), End.own(Bench.GRANTED), 16);
    b.unmap(place(0), handle);
    a.compareAndSetFlags(8, 1, 0);
    a.memory().decrease(Bench.GRANTED);
    watch.audit();
    reports(new Discipline[0]);
  }

  @Test
  void d1_an_unmap_with_another_address_that_ends_the_handle() {
    int handle = b.map(A, 8, RO, place(0)).handle();
    assertThat(b.unmap(place(7), handle).status()).isZero();
    watch.audit();
    reports(D1);
    assertThat(only().hasEffect()).isTrue();
    assertThat(only()).hasToString("domain 2 breaks D1 at domain 2, handle 0: unmaps with guest frame 0x50007 what it mapped at 0x50000");
  }

  @Test
  void d1_an_unmap_with_address_0_has_no_effect() {
    int handle = b.map(A, 8, RO, place(0)).handle();
    b.unmap(0, handle);
    reports(D1);
    assertThat(only().hasEffect()).isFalse();
  }

  @Test
  void d1_is_about_live_handles() {
    b.unmap(place(0), 3);
    reports(new Discipline[0]);
  }

  @Test
  void d2_a_grant_frame_is_put_where_a_live_handle_is_mapped() {
    b.map(A, 8, RO, place(0));
    b.memory().addGrantFrame(0, hole(0));
    watch.audit();
    reports(D2);
    assertThat(only().hasEffect()).isTrue();
  }

  /** Where there is a mapping already there is no hole. */
  @Test
  void d2_the_same_grant_is_mapped_twice_at_one_place() {
    b.map(A, 8, RO, place(0));
    b.map(A, 8, RO, place(0));
    watch.audit();
    reports(D2, D3);
  }

  @Test
  void d3_a_map_over_ram() {
    b.map(A, 8, RO, Bench.GRANTED << 12);
    watch.audit();
    reports(D3);
    assertThat(only().hasEffect()).isFalse();
  }

  @Test
  void d4_a_buffer_in_a_hole() {
    b.raw(MAP, place(0), 1);
    reports(D4);
  }

  /** Arguments and answers there write entries: D5 as well. */
  @Test
  void d4_a_buffer_in_a_grant_frame() {
    b.memory().addGrantFrame(0, Bench.TABLE);
    b.batchAt(Bench.TABLE << 12, Struct.querySize(0x7ff0));
    watch.audit();
    reports(D4, D5);
  }

  /** The page of the arguments is RAM, no hole. */
  @Test
  void d4_a_map_over_its_own_arguments() {
    b.map(A, 8, RO, b.arguments());
    reports(D3, D4);
  }

  @Test
  void d5_a_granter_writes_the_bits_itself() {
    a.setFlags(8, 0x19);
    watch.audit();
    reports(D5);
    assertThat(only().place()).isEqualTo(Place.entry(A, 8));
  }

  @Test
  void d5_a_granter_withdraws_what_is_in_use() {
    b.map(A, 8, RW, place(0));
    a.setFlags(8, 0);
    watch.audit();
    reports(D5);
    assertThat(only().message()).isEqualTo("writes flags 0x0000 over 0x0019");
  }

  @Test
  void d5_of_one_entry_leaves_the_others_to_be_looked_at() {
    a.setFlags(8, 0x19);
    run(new Broken(MAP).locked(A, 9).then(v -> setStatus(9, READING)).then(v -> v.setX(0, 0)).ends());
    reports(Invariant.I12);
  }

  @Test
  void d6_a_granter_gives_a_granted_page_back() {
    a.memory().decrease(Bench.GRANTED);
    watch.audit();
    reports(D6);
  }

  @Test
  void what_one_mapper_makes_void_is_still_expected_of_another() {
    a.entry(10, 1, C, Bench.GRANTED + 2);
    bench.c().map(A, 10, RO, place(0));
    int handle = b.map(A, 8, RO, place(0)).handle();
    b.unmap(place(7), handle);
    domain(C).physmap().remove(hole(0), mfn(A, Bench.GRANTED + 2));
    watch.audit();
    reports(Invariant.I31);
  }

  @Test
  void a_watch_of_a_copy_knows_the_addresses_too() {
    int handle = b.map(A, 8, RO, place(0)).handle();
    var copied = machine.copy();
    Watch other = watch.copy(copied);
    copied.domain(B).vcpu(0).store(b.arguments(), 8, place(7));
    copied.domain(B).vcpu(0).store(b.arguments() + 16, 4, handle);
    copied.call(copied.domain(B).vcpu(0), 20, UNMAP, b.arguments(), 1);
    other.audit();
    reports(D1);
    assertThat(b.unmap(place(0), handle).status()).isZero();
    watch.audit();
    assertThat(indisciplines).hasSize(1);
  }

  @Test
  void watches_of_copies_begin_with_what_one_survey_has_found_out() {
    int handle = b.map(A, 8, RO, place(0)).handle();
    Watch survey = Invariants.survey(machine, Invariants.ALL);
    for (int round = 0; round < 2; round++) {
      List<Violation> found = new ArrayList<>();
      var copied = machine.copy();
      Watch other = survey.copy(copied, found::add);
      other.audit();
      assertThat(found).isEmpty();
      copied.domain(B).physmap().remove(hole(0), mfn(A, Bench.GRANTED));
      other.audit();
      assertThat(found).extracting(Violation::invariant).contains(Invariant.I31);
      assertThat(found.get(0).toString()).contains("handle " + handle);
    }
    reports(new Invariant[0]);
  }
}
