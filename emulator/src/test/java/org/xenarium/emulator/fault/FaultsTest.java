package org.xenarium.emulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.xenarium.emulator.fault.MemoryFault.POPULATE_PHYSMAP;
import static org.xenarium.emulator.fault.MemoryFault.REMOVE_FROM_PHYSMAP;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.state.Digest;

class FaultsTest {
  private final Faults faults = new Faults();

  private boolean strike(long key, long now) {
    return faults.strike(REMOVE_FROM_PHYSMAP, 1, key, now);
  }

  @Test
  void nothing_fails_that_nobody_ordered_to_fail() {
    assertThat(strike(0, 0)).isFalse();
    faults.add(Fault.of(POPULATE_PHYSMAP, 1));
    faults.add(Fault.of(REMOVE_FROM_PHYSMAP, 2));
    assertThat(strike(0, 0)).as("another point, another domain").isFalse();
    assertThat(faults.strike(POPULATE_PHYSMAP, 1, 0, 0)).isTrue();
  }

  @Test
  void a_fault_strikes_at_its_key_and_in_its_time() {
    faults.add(Fault.of(REMOVE_FROM_PHYSMAP, 1).at(7).from(10).until(20));
    assertThat(strike(7, 9)).isFalse();
    assertThat(strike(7, 10)).isTrue();
    assertThat(strike(8, 10)).isFalse();
    assertThat(strike(7, 19)).isTrue();
    assertThat(strike(7, 20)).isFalse();
  }

  @Test
  void a_fault_lets_some_pass_and_strikes_some_times() {
    faults.add(Fault.of(REMOVE_FROM_PHYSMAP, 1).after(2).times(3));
    assertThat(Stream.generate(() -> strike(0, 0)).limit(7)).containsExactly(false, false, true, true, true, false, false);
  }

  @Test
  void two_faults_count_each_for_itself() {
    faults.add(Fault.of(REMOVE_FROM_PHYSMAP, 1).times(1));
    faults.add(Fault.of(REMOVE_FROM_PHYSMAP, 1).after(1).times(1));
    assertThat(Stream.generate(() -> strike(0, 0)).limit(3)).containsExactly(true, true, false);
  }

  @Test
  void a_copy_counts_on_by_itself_and_the_count_shows_in_the_digest() {
    faults.add(Fault.of(REMOVE_FROM_PHYSMAP, 1).times(1));
    Faults copy = faults.copy();
    assertThat(digest(copy)).isEqualTo(digest(faults));
    assertThat(strike(0, 0)).isTrue();
    assertThat(digest(copy)).isNotEqualTo(digest(faults));
    assertThat(copy.strike(REMOVE_FROM_PHYSMAP, 1, 0, 0)).isTrue();
    copy.add(Fault.of(POPULATE_PHYSMAP, 1));
    assertThat(faults.strike(POPULATE_PHYSMAP, 1, 0, 0)).isFalse();
  }

  @Test
  void every_part_of_an_order_shows_in_the_digest() {
    Fault fault = Fault.of(REMOVE_FROM_PHYSMAP, 1);
    List<Fault> all =
        List.of(
            fault,
            Fault.of(POPULATE_PHYSMAP, 1),
            Fault.of(REMOVE_FROM_PHYSMAP, 2),
            fault.at(1),
            fault.from(1),
            fault.until(1),
            fault.after(1),
            fault.times(1));
    assertThat(all.stream().map(FaultsTest::digestWith)).doesNotHaveDuplicates();
  }

  @Test
  void an_order_that_can_never_be_meant_is_refused() {
    Fault fault = Fault.of(REMOVE_FROM_PHYSMAP, 1);
    assertThatThrownBy(() -> fault.from(2).until(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> fault.times(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> fault.after(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static long digestWith(Fault fault) {
    Faults faults = new Faults();
    faults.add(fault);
    return digest(faults);
  }

  private static long digest(Faults faults) {
    Digest digest = new Digest();
    faults.digest(digest);
    return digest.value();
  }
}
