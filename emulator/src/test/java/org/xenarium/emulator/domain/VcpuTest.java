package org.xenarium.emulator.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;

/** Loads and stores of a guest (spec §0, §3.3.6), and the registers around a hypercall. */
class VcpuTest {
  private static final long FIRST = 0x1000;
  private static final long REACH = 1 << 20;

  /** Two neighbouring guest frames whose machine frames are not neighbours; a hole before and after. */
  private static final long PAGE = 0x40;

  private static final long START = PAGE << MachineMemory.PAGE_SHIFT;
  private static final long SECOND = START + MachineMemory.PAGE_SIZE;
  private static final long END = SECOND + MachineMemory.PAGE_SIZE;

  private final World world = new World(Semantics.baseline(SecurityPolicy.DUMMY), FIRST, 16, REACH, 0);
  private final Domain domain = world.addDomain(DomainConfig.guest(1, 8));
  private final Vcpu vcpu = domain.vcpu(0);
  private final List<String> stuck = new ArrayList<>();

  VcpuTest() {
    domain.ownRam(PAGE, FIRST + 5, 1);
    domain.ownRam(PAGE + 1, FIRST + 2, 1);
    world.watch(
        new Trace() {
          @Override
          public void decided(int domid, int vcpu, long element, Rule rule) {}

          @Override
          public void stuck(int domid, int vcpu, long address) {
            stuck.add("vcpu %d of domain %d at 0x%x".formatted(vcpu, domid, address));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void a_store_of_any_size_is_loaded_again_and_touches_no_neighbour(int size) {
    long mask = size == 8 ? -1 : (1L << (8 * size)) - 1;
    for (int offset : new int[] {0, 1, 3, 7, 250, 4080}) {
      long at = START + 16 + offset;
      vcpu.store(at, size, 0xf1e2d3c4b5a69788L);
      assertThat(vcpu.load(at, size)).isEqualTo(0xf1e2d3c4b5a69788L & mask);
      assertThat(vcpu.load(at - 1, 1)).isZero();
      assertThat(vcpu.load(at + size, 1)).isZero();
      vcpu.store(at, size, 0);
    }
    assertThat(vcpu.takeAbort()).isFalse();
  }

  @Test
  void memory_is_little_endian() {
    vcpu.store(START, 8, 0x0807060504030201L);
    for (int i = 0; i < 8; i++) {
      assertThat(vcpu.load(START + i, 1)).isEqualTo(i + 1);
    }
    assertThat(world.memory().content().getInt(world.memory().address(FIRST + 5))).isEqualTo(0x04030201);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void an_access_across_pages_goes_to_both_frames(int inFirst) {
    vcpu.store(SECOND - inFirst, 8, 0x0807060504030201L);
    assertThat(vcpu.load(SECOND - inFirst, 8)).isEqualTo(0x0807060504030201L);
    assertThat(world.memory().content().getByte(world.memory().address(FIRST + 5) + 4095)).isEqualTo((byte) inFirst);
    assertThat(world.memory().content().getByte(world.memory().address(FIRST + 2))).isEqualTo((byte) (inFirst + 1));
  }

  @Test
  void a_load_from_a_hole_is_0_and_aborts() {
    assertThat(vcpu.access(END, false)).isEqualTo(Access.ABORT);
    assertThat(vcpu.load(END, 8)).isZero();
    assertThat(vcpu.takeAbort()).isTrue();
    assertThat(vcpu.isStuck()).isFalse();
  }

  @Test
  void V27_a_domain_may_be_created_that_reads_ones_from_holes_and_whose_stores_there_are_dropped() {
    DomainConfig config = DomainConfig.guest(2, 8).with(HoleAccess.class, HoleAccess.READ_ONES);
    Vcpu other = world.addDomain(config).vcpu(0);
    other.domain().ownRam(PAGE, FIRST + 7, 1);
    assertThat(other.load(END, 1)).isEqualTo(0xff);
    assertThat(other.load(END, 8)).isEqualTo(-1);
    other.store(END, 8, 5);
    other.store(SECOND - 4, 8, 5);
    assertThat(other.takeAbort()).isFalse();
    assertThat(other.load(SECOND - 4, 4)).as("of a store that begins in a page").isZero();
    assertThat(other.compareAndSwap(END, 4, -1, 5)).isZero();
    assertThat(other.takeAbort()).as("an atomic access aborts").isTrue();
    World before = new World(new Semantics(Release.V4_20, SecurityPolicy.DUMMY), FIRST, 16, REACH, 0);
    assertThat(before.refusal(config)).isEqualTo(ToolstackRule.CREATE_06);
  }

  @Test
  void the_mark_of_an_abort_goes_when_read_and_with_the_next_access() {
    vcpu.load(END, 1);
    assertThat(vcpu.takeAbort()).isTrue();
    assertThat(vcpu.takeAbort()).isFalse();
    vcpu.load(END, 1);
    vcpu.load(START, 1);
    assertThat(vcpu.takeAbort()).isFalse();
  }

  @Test
  void an_access_that_runs_into_a_hole_aborts_and_stores_nothing() {
    vcpu.store(END - 4, 8, -1);
    assertThat(vcpu.takeAbort()).isTrue();
    assertThat(vcpu.load(END - 4, 4)).isZero();
    vcpu.store(START - 4, 8, -1);
    assertThat(vcpu.takeAbort()).isTrue();
    assertThat(vcpu.load(START, 4)).isZero();
    assertThat(vcpu.load(END - 4, 8)).isZero();
    assertThat(vcpu.takeAbort()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {REACH << 12, -8, Long.MIN_VALUE})
  void beyond_the_reach_of_the_physmap_an_access_aborts(long address) {
    vcpu.load(address, 8);
    assertThat(vcpu.takeAbort()).isTrue();
    vcpu.store(address, 8, 1);
    assertThat(vcpu.takeAbort()).isTrue();
  }

  @Test
  void MMIO_without_memory_behind_it_aborts() {
    domain.physmap().set(PAGE, 0x22000, EntryType.MMIO_DIRECT);
    assertThat(vcpu.load(START, 4)).isZero();
    assertThat(vcpu.takeAbort()).isTrue();
    vcpu.store(START, 4, 1);
    assertThat(vcpu.takeAbort()).isTrue();
    assertThat(vcpu.isStuck()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"RAM_RO", "MAP_FOREIGN_RO", "GRANT_MAP_RO"})
  void I33_a_store_through_a_read_only_entry_is_repeated_for_ever(EntryType type) {
    vcpu.store(START, 4, 42);
    domain.physmap().set(PAGE, FIRST + 5, type);
    vcpu.setGuest(new Idle());
    assertThat(vcpu.load(START, 4)).isEqualTo(42);
    assertThat(vcpu.runnable()).isTrue();
    vcpu.store(START + 8, 4, 43);
    assertThat(vcpu.isStuck()).isTrue();
    assertThat(vcpu.takeAbort()).as("no abort is injected").isFalse();
    assertThat(vcpu.runnable()).isFalse();
    assertThat(stuck).containsExactly("vcpu 0 of domain 1 at 0x40008");
    assertThat(world.memory().content().getInt(world.memory().address(FIRST + 5) + 8)).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"RAM_RW", "MAP_FOREIGN_RW", "GRANT_MAP_RW"})
  void a_store_through_a_writable_entry_is_done(EntryType type) {
    domain.physmap().set(PAGE, FIRST + 5, type);
    vcpu.store(START, 4, 43);
    assertThat(vcpu.load(START, 4)).isEqualTo(43);
    assertThat(vcpu.isStuck()).isFalse();
  }

  @Test
  void a_store_that_runs_into_a_read_only_page_stores_nothing() {
    domain.physmap().set(PAGE + 1, FIRST + 2, EntryType.GRANT_MAP_RO);
    vcpu.store(SECOND - 4, 8, -1);
    assertThat(vcpu.isStuck()).isTrue();
    assertThat(stuck).containsExactly("vcpu 0 of domain 1 at 0x41003");
    assertThat(vcpu.load(SECOND - 4, 4)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void a_compare_and_swap_replaces_what_was_expected_and_tells_what_was_there(int size) {
    vcpu.store(START, 8, 0x1212121212121212L);
    vcpu.store(START + 8, 1, 0x12);
    long there = vcpu.load(START, size);
    assertThat(vcpu.compareAndSwap(START, size, there + 1, 0)).isEqualTo(there);
    assertThat(vcpu.load(START, 8)).isEqualTo(0x1212121212121212L);
    assertThat(vcpu.compareAndSwap(START, size, there, 5)).isEqualTo(there);
    assertThat(vcpu.load(START, size)).isEqualTo(5);
    assertThat(vcpu.load(START + size, 1)).isEqualTo(0x12);
    assertThat(vcpu.takeAbort()).isFalse();
  }

  @Test
  void a_compare_and_swap_is_a_store_even_if_it_stores_nothing() {
    assertThat(vcpu.compareAndSwap(END, 4, 0, 1)).isZero();
    assertThat(vcpu.takeAbort()).isTrue();
    domain.physmap().set(PAGE, FIRST + 5, EntryType.GRANT_MAP_RO);
    vcpu.compareAndSwap(START, 4, 99, 1);
    assertThat(vcpu.isStuck()).isTrue();
    assertThat(stuck).containsExactly("vcpu 0 of domain 1 at 0x40000");
  }

  @Test
  void a_call_s_arguments_are_gone_after_it_and_its_result_stays() {
    vcpu.issue(12, 1, 2, 3, 4, 5);
    assertThat(vcpu.atHypercall()).isTrue();
    assertThat(List.of(vcpu.x(0), vcpu.x(1), vcpu.x(2), vcpu.x(3), vcpu.x(4))).containsExactly(1L, 2L, 3L, 4L, 5L);
    vcpu.takeHypercall();
    vcpu.setX(0, -14);
    vcpu.endHypercall();
    assertThat(vcpu.atHypercall()).isFalse();
    assertThat(vcpu.number()).isZero();
    assertThat(List.of(vcpu.x(0), vcpu.x(1), vcpu.x(2), vcpu.x(3), vcpu.x(4))).containsExactly(-14L, 0L, 0L, 0L, 0L);
  }

  @Test
  void a_planned_preemption_comes_once_at_its_point() {
    assertThat(vcpu.preempts()).isFalse();
    vcpu.preemptAfter(2);
    assertThat(List.of(vcpu.preempts(), vcpu.preempts(), vcpu.preempts(), vcpu.preempts())).containsExactly(false, false, true, false);
    vcpu.preemptAfter(0);
    vcpu.preemptAfter(Vcpu.NEVER);
    assertThat(vcpu.preempts()).isFalse();
  }

  @Test
  void a_sleep_is_asked_for_once() {
    vcpu.sleep(500);
    assertThat(vcpu.takeSleep()).isEqualTo(500);
    assertThat(vcpu.takeSleep()).isZero();
  }

  @Test
  void it_can_run_while_it_is_at_or_in_a_call_or_has_guest_code_and_its_domain_lives() {
    assertThat(vcpu.runnable()).isFalse();
    vcpu.issue(12, 0, 0, 0);
    assertThat(vcpu.runnable()).isTrue();
    vcpu.takeHypercall();
    assertThat(vcpu.runnable()).isFalse();
    vcpu.setCall(new Idle());
    assertThat(vcpu.runnable()).isTrue();
    vcpu.setCall(null);
    vcpu.setGuest(new Idle());
    assertThat(vcpu.runnable()).isTrue();
    domain.run().setLife(Life.DYING);
    assertThat(vcpu.runnable()).isFalse();
  }

  @Test
  void halted_it_stops_for_good_and_is_not_stuck() {
    vcpu.setGuest(new Idle());
    assertThat(vcpu.isHalted()).isFalse();
    vcpu.halt();
    assertThat(vcpu.isHalted()).isTrue();
    assertThat(vcpu.runnable()).isFalse();
    assertThat(vcpu.isStuck()).isFalse();
  }

  private static final class Idle extends Routine {
    @Override
    public boolean step(Vcpu vcpu) {
      return true;
    }

    @Override
    public void digest(Digest digest) {}
  }
}
