package org.xenarium.gnttab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.PLACE;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.rule.GrantRule;

/** Where handles come from and go to: the lists, growth, sentinels and stealing of spec §3.2. */
class MaptrackTest extends OnBench {
  private int places;

  private Answer map(Guest guest) {
    int ref = 8 + places / 100;
    if (places % 100 == 0) {
      a.grant(ref, B, GRANTED);
    }
    return guest.map(A, ref, RW, place(places++));
  }

  private List<Integer> handles(Guest guest, int count) {
    List<Integer> handles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      handles.add(map(guest).says(GntStatus.OKAY, GrantRule.MAP_14).handle());
    }
    return handles;
  }

  private static List<Integer> range(int from, int to) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private Guest twoVcpus(int frames) {
    startFrom(Bench.setup().vcpus(B, 2).limits(B, 64, frames).start());
    return bench.guest(B, 1);
  }

  @Test
  void handles_come_in_ascending_order_but_the_first_sentinel_stays_behind() {
    assertThat(handles(b, 255)).isEqualTo(range(0, 254));
    assertThat(handles(b, 512)).isEqualTo(range(256, 767));
  }

  @Test
  void a_new_frame_goes_to_the_front_of_the_list_and_freed_handles_to_the_end() {
    handles(b, 255);
    b.unmap(place(3), 3);
    assertThat(handles(b, 1)).as("255 has a successor now").containsExactly(255);
    assertThat(handles(b, 256)).isEqualTo(range(256, 511));
    assertThat(handles(b, 1)).as("3 is the sentinel now").containsExactly(512);
  }

  @Test
  void freed_handles_come_again_first_in_first_out() {
    handles(b, 255);
    for (int handle : new int[] {7, 5, 6}) {
      b.unmap(place(handle), handle);
    }
    assertThat(handles(b, 3)).containsExactly(255, 7, 5);
    assertThat(handles(b, 1)).as("6 stays behind").containsExactly(256);
  }

  @Test
  void one_vcpu_can_hold_256_per_frame_less_one() {
    startFrom(Bench.setup().limits(B, 64, 2).start());
    handles(b, 511);
    map(b).says(GntStatus.NO_SPACE, GrantRule.MAP_05);
    b.unmap(place(100), 100);
    assertThat(handles(b, 1)).containsExactly(255);
    map(b).says(GntStatus.NO_SPACE, GrantRule.MAP_05);
  }

  @Test
  void two_vcpus_with_a_list_each_can_hold_256_per_frame_less_two() {
    Guest other = twoVcpus(2);
    assertThat(handles(b, 1)).containsExactly(0);
    assertThat(handles(other, 1)).containsExactly(256);
    handles(b, 254);
    handles(other, 254);
    map(b).says(GntStatus.NO_SPACE, GrantRule.MAP_05);
    map(other).says(GntStatus.NO_SPACE, GrantRule.MAP_05);
  }

  @Test
  void a_vcpu_whose_list_is_short_takes_from_the_others() {
    Guest other = twoVcpus(2);
    handles(b, 1);
    handles(other, 1);
    handles(b, 254);
    assertThat(handles(b, 3)).as("stolen from the other's list").containsExactly(257, 258, 259);
    assertThat(handles(other, 1)).containsExactly(260);
  }

  @Test
  void a_stolen_handle_goes_back_to_the_list_of_the_thief() {
    Guest other = twoVcpus(2);
    handles(b, 1);
    handles(other, 1);
    handles(b, 255);
    assertThat(bench.table(B).maptrack().tail(0)).isEqualTo(255);
    other.unmap(place(256), 257);
    assertThat(bench.table(B).maptrack().tail(0)).isEqualTo(257);
    assertThat(bench.table(B).maptrack().tail(1)).isEqualTo(511);
  }

  @Test
  void a_handle_goes_back_to_the_list_it_was_taken_from_whoever_unmaps() {
    Guest other = twoVcpus(2);
    handles(b, 1);
    other.unmap(place(0), 0).says(GntStatus.OKAY, GrantRule.UNMAP_11);
    assertThat(bench.table(B).maptrack().tail(0)).isZero();
    assertThat(bench.table(B).maptrack().tail(1)).isEqualTo(Maptrack.NONE);
  }

  @Test
  void a_vcpu_without_a_list_steals_a_sentinel_first() {
    Guest other = twoVcpus(1);
    assertThat(handles(b, 3)).containsExactly(0, 1, 2);
    assertThat(handles(other, 1)).containsExactly(4);
    assertThat(bench.table(B).maptrack().tail(1)).isEqualTo(3);
    assertThat(handles(b, 1)).containsExactly(5);
  }

  @Test
  void a_stolen_sentinel_is_kept_even_when_no_handle_can_be_had() {
    Guest other = twoVcpus(1);
    handles(b, 254);
    map(other).says(GntStatus.NO_SPACE, GrantRule.MAP_05);
    assertThat(bench.table(B).maptrack().tail(1)).isEqualTo(254);
    map(b).says(GntStatus.NO_SPACE, GrantRule.MAP_05);
    other.unmap(place(0), 0);
    assertThat(handles(other, 1)).as("taken from the list of the first vCPU").containsExactly(255);
  }

  @Test
  void stealing_begins_at_a_vcpu_that_the_seed_decides() {
    Set<Integer> first = new TreeSet<>();
    for (int seed = 0; seed < 32; seed++) {
      places = 0;
      startFrom(Bench.setup().vcpus(B, 3).limits(B, 64, 2).seed(seed).start());
      handles(b, 1);
      handles(bench.guest(B, 1), 1);
      List<Integer> stolen = handles(bench.guest(B, 2), 4);
      places = 0;
      startFrom(Bench.setup().vcpus(B, 3).limits(B, 64, 2).seed(seed).start());
      handles(b, 1);
      handles(bench.guest(B, 1), 1);
      assertThat(handles(bench.guest(B, 2), 4)).as("seed %d again", seed).isEqualTo(stolen);
      first.add(stolen.get(0));
    }
    assertThat(first).as("sentinel 1 or 257; then the handle from either list").containsExactly(1, 2, 257, 258);
  }

  @Test
  void the_round_begins_at_the_drawn_number_modulo_the_vcpus() {
    for (int drawn = 0; drawn < 6; drawn++) {
      places = 0;
      startFrom(Bench.setup().vcpus(B, 3).limits(B, 64, 2).start());
      handles(b, 1);
      handles(bench.guest(B, 1), 1);
      bench.machine().world().generator().feed(drawn, drawn);
      int sentinel = drawn % 3 == 1 ? 257 : 1; // the list of vCPU 2 is empty: the next in the round is vCPU 0
      assertThat(handles(bench.guest(B, 2), 1)).as("drawn %d", drawn).containsExactly(sentinel + 1);
      assertThat(bench.table(B).maptrack().tail(2)).isEqualTo(sentinel);
    }
  }

  @Test
  void the_maptrack_grows_by_whole_frames_and_never_shrinks() {
    assertThat(bench.table(B).maptrack().limit()).isZero();
    map(b);
    assertThat(bench.table(B).maptrack().limit()).isEqualTo(256);
    b.unmap(PLACE, 0);
    assertThat(bench.table(B).maptrack().limit()).isEqualTo(256);
  }
}
