package org.xenarium.emulator.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.state.Digest;

class EventQueueTest {
  private final EventQueue queue = new EventQueue();

  @Test
  void a_new_queue_is_empty_at_time_0() {
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.now()).isZero();
  }

  @Test
  void earlier_events_come_first() {
    queue.schedule(30, 1);
    queue.schedule(10, 2);
    queue.schedule(20, 3);
    assertThat(queue.nextTime()).isEqualTo(10);
    assertThat(drain(queue)).containsExactly("2@10", "3@20", "1@30");
  }

  @Test
  void events_of_one_time_come_in_the_order_in_which_they_were_scheduled() {
    for (int i = 0; i < 100; i++) {
      queue.schedule(5, i * 37 % 100);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(queue.take()).isEqualTo(i * 37 % 100);
    }
  }

  @Test
  void taking_an_event_moves_the_clock_to_it_and_delays_count_from_there() {
    queue.schedule(100, 1);
    queue.take();
    assertThat(queue.now()).isEqualTo(100);
    queue.schedule(5, 2);
    queue.schedule(0, 3);
    assertThat(drain(queue)).containsExactly("3@100", "2@105");
  }

  @Test
  void nothing_can_be_scheduled_in_the_past() {
    assertThatThrownBy(() -> queue.schedule(-3, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3 ns in the past");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void the_events_of_one_actor_can_be_taken_out() {
    for (int i = 0; i < 30; i++) {
      queue.schedule(i % 4, i % 3);
    }
    EventQueue without = scheduled();
    for (int i = 0; i < 30; i++) {
      if (i % 3 != 1) {
        without.schedule(i % 4, i % 3);
      }
    }
    queue.remove(1);
    queue.remove(99);
    assertThat(queue.size()).isEqualTo(20);
    assertThat(digest(queue)).isEqualTo(digest(without));
    queue.schedule(0, 7);
    without.schedule(0, 7);
    assertThat(drain(queue)).isEqualTo(drain(without));
    assertThat(queue.size()).isZero();
  }

  @Test
  void the_clock_can_be_moved_on_and_not_back() {
    queue.advance(50);
    queue.advance(20);
    assertThat(queue.now()).isEqualTo(50);
    queue.schedule(5, 1);
    assertThat(queue.nextTime()).isEqualTo(55);
  }

  @Test
  void a_copy_goes_its_own_way() {
    queue.schedule(10, 1);
    queue.schedule(20, 2);
    EventQueue copy = queue.copy();
    assertThat(copy.take()).isEqualTo(1);
    copy.schedule(1, 3);
    assertThat(drain(queue)).containsExactly("1@10", "2@20");
    assertThat(drain(copy)).containsExactly("3@11", "2@20");
  }

  @Test
  void the_digest_tells_times_actors_and_order_apart() {
    queue.schedule(10, 1);
    long digest = digest(queue);
    assertThat(digest(scheduled(11, 1))).isNotEqualTo(digest);
    assertThat(digest(scheduled(10, 2))).isNotEqualTo(digest);
    assertThat(digest(scheduled(10, 1))).isEqualTo(digest);
    assertThat(digest(scheduled(10, 1, 10, 2))).isNotEqualTo(digest(scheduled(10, 2, 10, 1)));
    assertThat(digest(scheduled(10, 1, 20, 2))).isEqualTo(digest(scheduled(20, 2, 10, 1)));
  }

  @Test
  void the_digest_tells_the_clock() {
    queue.schedule(10, 1);
    queue.take();
    assertThat(digest(queue)).isNotEqualTo(digest(new EventQueue()));
  }

  @Test
  void asking_for_the_digest_takes_nothing() {
    queue.schedule(10, 1);
    digest(queue);
    assertThat(drain(queue)).containsExactly("1@10");
  }

  private static EventQueue scheduled(long... delaysAndActors) {
    EventQueue queue = new EventQueue();
    for (int i = 0; i < delaysAndActors.length; i += 2) {
      queue.schedule(delaysAndActors[i], delaysAndActors[i + 1]);
    }
    return queue;
  }

  static long digest(EventQueue queue) {
    Digest digest = new Digest();
    queue.digest(digest);
    return digest.value();
  }

  /** All events, as {@code actor@time}. */
  static List<String> drain(EventQueue queue) {
    List<String> events = new ArrayList<>();
    while (!queue.isEmpty()) {
      long actor = queue.take();
      events.add(actor + "@" + queue.now());
    }
    return events;
  }
}
