package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** Where a batch can be preempted and what the guest finds in its registers then (spec §2.5). */
class PreemptionTest extends OnBench {
  private static final Struct MAP = Struct.map(A, 8, RO, Bench.PLACE);

  /** Runs until the vCPU is on the HVC again; the registers then describe the rest. */
  private void expectPreemption(int command, int done, int of, int size) {
    do {
      b.step();
    } while (b.vcpu().call() != null);
    assertThat(b.vcpu().atHypercall()).as("preempted").isTrue();
    assertThat(b.vcpu().number()).isEqualTo(20);
    assertThat(b.vcpu().x(0)).isEqualTo(command);
    assertThat(b.vcpu().x(1)).isEqualTo(b.arguments() + (long) done * size);
    assertThat(b.vcpu().x(2)).isEqualTo(of - done);
  }

  private void expectEnd() {
    do {
      b.step();
    } while (b.vcpu().call() != null);
    assertThat(b.vcpu().atHypercall()).as("preempted").isFalse();
    assertThat(b.vcpu().x(0)).isZero();
  }

  private static Struct[] times(int count, Struct struct) {
    Struct[] structs = new Struct[count];
    Arrays.fill(structs, struct);
    return structs;
  }

  @Test
  void a_map_can_be_preempted_before_each_element_but_the_first() {
    b.issue(times(3, MAP));
    b.vcpu().preemptAfter(0);
    expectPreemption(0, 1, 3, 32);
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
    b.vcpu().preemptAfter(0);
    expectPreemption(0, 2, 3, 32);
    b.vcpu().preemptAfter(0);
    expectEnd();
    assertThat(bench.readPins(A, 8)).isEqualTo(3);
  }

  @Test
  void the_points_of_one_entry_can_be_counted() {
    b.issue(times(4, MAP));
    b.vcpu().preemptAfter(2);
    expectPreemption(0, 3, 4, 32);
    expectEnd();
  }

  @Test
  void copy_and_swap_can_be_preempted_between_elements_too() {
    b.issue(times(3, Struct.copy(grant(A, 8), own(OWN), 8)));
    b.vcpu().preemptAfter(1);
    expectPreemption(5, 2, 3, 40);
    expectEnd();
    b.issue(times(3, Struct.swap(9, 10)));
    b.vcpu().preemptAfter(0);
    expectPreemption(11, 1, 3, 12);
    expectEnd();
  }

  @Test
  void cache_flush_can_be_preempted_between_elements_without_a_position() {
    b.issue(times(3, Struct.flush(bench.dev(B, OWN), 0, 64, 1)));
    b.vcpu().preemptAfter(0);
    expectPreemption(12, 1, 3, 16);
    expectEnd();
  }

  @Test
  void an_unmap_can_be_preempted_after_each_full_block_of_32_if_elements_remain() {
    mapMany(65);
    b.issue(unmaps(65));
    b.vcpu().preemptAfter(0);
    expectPreemption(1, 32, 65, 24);
    assertThat(bench.readPins(A, 8)).as("the pins of the block are released").isEqualTo(33);
    b.vcpu().preemptAfter(0);
    expectPreemption(1, 64, 65, 24);
    b.vcpu().preemptAfter(0);
    expectEnd();
    assertThat(bench.readPins(A, 8)).isZero();
  }

  @Test
  void an_unmap_of_exactly_one_block_cannot_be_preempted() {
    mapMany(32);
    b.issue(unmaps(32));
    b.vcpu().preemptAfter(0);
    expectEnd();
  }

  @Test
  void unmap_and_replace_goes_on_as_what_it_is() {
    mapMany(33);
    Struct[] structs = new Struct[33];
    for (int i = 0; i < 33; i++) {
      structs[i] = Struct.replace(place(i), 0, i);
    }
    b.issue(structs);
    b.vcpu().preemptAfter(0);
    expectPreemption(7, 32, 33, 24);
    expectEnd();
  }

  @Test
  void failed_elements_count_towards_the_block() {
    mapMany(1);
    List<Struct> structs = new ArrayList<>(List.of(times(32, Struct.unmap(place(0), 99))));
    structs.add(Struct.unmap(place(0), 0));
    b.issue(structs.toArray(Struct[]::new));
    b.vcpu().preemptAfter(0);
    expectPreemption(1, 32, 33, 24);
    expectEnd();
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  void within_a_block_the_pins_are_held_and_after_it_they_are_gone() {
    mapMany(34);
    b.issue(unmaps(34));
    b.stepTo("SETTLE");
    assertThat(bench.readPins(A, 8)).isEqualTo(34);
    for (int left = 33; left >= 2; left--) {
      b.step();
      assertThat(bench.readPins(A, 8)).isEqualTo(left);
    }
    assertThat(b.phase()).isEqualTo("COPY_IN");
    b.finish();
    assertThat(bench.readPins(A, 8)).isZero();
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  void what_the_guest_changes_while_preempted_counts() {
    a.grant(9, B, GRANTED + 1);
    b.issue(times(2, MAP));
    b.vcpu().preemptAfter(0);
    expectPreemption(0, 1, 2, 32);
    b.write(b.vcpu().x(1), Struct.map(A, 9, RO, place(5)));
    expectEnd();
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
    assertThat(bench.readPins(A, 9)).isEqualTo(1);
  }

  @Test
  void another_call_can_be_made_while_preempted() {
    b.issue(times(2, MAP));
    b.vcpu().preemptAfter(0);
    expectPreemption(0, 1, 2, 32);
    long rest = b.vcpu().x(1);
    b.unmap(Bench.PLACE, 0).says(0, GrantRule.UNMAP_11);
    b.write(rest, MAP);
    b.vcpu().issue(20, 0, rest, 1);
    expectEnd();
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
  }

  private void mapMany(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(b.map(A, 8, RO, place(i)).status()).isZero();
    }
  }

  private Struct[] unmaps(int count) {
    Struct[] structs = new Struct[count];
    for (int i = 0; i < count; i++) {
      structs[i] = Struct.unmap(place(i), i);
    }
    return structs;
  }
}
