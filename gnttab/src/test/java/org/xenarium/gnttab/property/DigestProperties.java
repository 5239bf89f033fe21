package org.xenarium.gnttab.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.run.Move;
import org.xenarium.gnttab.kit.run.Run;

/** What copies and digests promise: equal states have equal digests whatever their history, others do not; copies are independent. */
class DigestProperties {
  @Provide
  Arbitrary<List<Move>> moves() {
    return Moves.lists(40);
  }

  @Property(tries = 120)
  void the_same_moves_lead_to_the_same_digest(@ForAll("moves") List<Move> moves) {
    Run one = Run.wild();
    Run two = Run.wild();
    moves.forEach(one::play);
    moves.forEach(two::play);
    assertThat(two.bench().machine().digest()).isEqualTo(one.bench().machine().digest());
  }

  @Property(tries = 120)
  void a_copy_goes_on_like_its_original_on_the_same_host_and_on_another(
      @ForAll("moves") List<Move> before, @ForAll("moves") List<Move> after) {
    Run run = Run.wild();
    before.forEach(run::play);
    Run copy = run.copy();
    Run elsewhere = run.copyOnOtherHost();
    for (Move move : after) {
      run.play(move);
      copy.play(move);
      elsewhere.play(move);
      assertThat(copy.bench().machine().digest()).as("copy after %s", move).isEqualTo(run.bench().machine().digest());
      assertThat(elsewhere.bench().machine().digest()).as("copy on another host after %s", move).isEqualTo(run.bench().machine().digest());
    }
  }

  @Property(tries = 120)
  void what_happens_to_a_copy_leaves_the_original_alone_and_the_other_way_round(
      @ForAll("moves") List<Move> before, @ForAll("moves") List<Move> after) {
    Run run = Run.wild();
    before.forEach(run::play);
    long original = run.bench().machine().digest();
    Run copy = run.copy();
    after.forEach(copy::play);
    long changed = copy.bench().machine().digest();
    assertThat(run.bench().machine().digest()).as("original").isEqualTo(original);
    after.forEach(run::play);
    assertThat(run.bench().machine().digest()).as("original after the same moves").isEqualTo(changed);
    assertThat(copy.bench().machine().digest()).as("copy").isEqualTo(changed);
  }

  /** A copy does not watch, and a digest does not age: taking one changes nothing. */
  @Property(tries = 30)
  void asking_for_digests_and_copies_changes_nothing(@ForAll("moves") List<Move> moves) {
    Run silent = Run.wild();
    Run asked = Run.wild();
    for (Move move : moves) {
      silent.play(move);
      asked.play(move);
      asked.bench().machine().digest();
      asked.bench().machine().copy().freeze();
    }
    assertThat(asked.bench().machine().digest()).isEqualTo(silent.bench().machine().digest());
  }

  @Property(tries = 200)
  void one_byte_of_memory_makes_another_digest_and_putting_it_back_makes_the_old_one(
      @ForAll @IntRange(min = 0, max = 3 * Bench.PAGES - 1) int page,
      @ForAll @IntRange(min = 0, max = 4095) int offset,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    Machine machine = Run.wild().bench().machine();
    MachineMemory memory = machine.world().memory();
    long before = machine.digest();
    long at = memory.address(memory.firstMfn() + page) + offset;
    int old = memory.content().getByte(at);
    memory.content().setByte(at, old ^ change);
    assertThat(machine.digest()).isNotEqualTo(before);
    memory.content().setByte(at, old);
    assertThat(machine.digest()).isEqualTo(before);
  }

  @Property(tries = 100)
  void each_register_and_mark_of_a_vcpu_counts(@ForAll @IntRange(min = 0, max = 4) int register, @ForAll @LongRange(min = 1) long value) {
    Machine machine = Bench.start().machine();
    long before = machine.digest();
    var vcpu = machine.domain(Bench.B).vcpu(0);
    long old = vcpu.x(register);
    vcpu.setX(register, old ^ value);
    assertThat(machine.digest()).isNotEqualTo(before);
    vcpu.setX(register, old);
    vcpu.preemptAfter(value);
    assertThat(machine.digest()).isNotEqualTo(before);
  }

  /** Handles rotate with period 256 (T16), and nothing else remembers a mapping that has ended. */
  @Example
  void after_256_maps_and_unmaps_the_machine_is_where_it_was() {
    Bench bench = Bench.start();
    Map<Long, Integer> seen = new HashMap<>();
    for (int i = 0; i < 3 * 256; i++) {
      int handle = bench.b().map(Bench.A, 8, 2, Bench.PLACE).handle();
      bench.b().unmap(Bench.PLACE, handle);
      Integer before = seen.put(bench.machine().digest(), i);
      assertThat(before).as("when the state after round %d was there before", i).isEqualTo(i < 256 ? null : Integer.valueOf(i - 256));
    }
  }
}
