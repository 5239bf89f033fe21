package org.xenarium.emulator.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Any sequence of events, beside a list that is searched for the first. */
class EventQueueProperties {
  private static final int TAKE = -1;

  private record Event(long time, int order, long actor) {}

  /** Delays of events to schedule, with few different values, or {@value #TAKE}. */
  @Provide
  Arbitrary<List<Integer>> histories() {
    return Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.integers().between(0, 6)), Tuple.of(2, Arbitraries.just(TAKE)))
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 500)
  void events_come_in_the_order_of_time_and_then_of_scheduling(@ForAll("histories") List<Integer> history) {
    EventQueue queue = new EventQueue();
    List<Event> model = new ArrayList<>();
    int order = 0;
    for (int delay : history) {
      if (delay != TAKE) {
        // Actors are in no order, so that theirs cannot pass for that of scheduling.
        long actor = order * 37 % 100;
        model.add(new Event(queue.now() + delay, order++, actor));
        queue.schedule(delay, actor);
      } else if (!model.isEmpty()) {
        Event first = model.stream().min(Comparator.comparing(Event::time).thenComparing(Event::order)).orElseThrow();
        model.remove(first);
        assertThat(queue.nextTime()).isEqualTo(first.time);
        assertThat(queue.take()).isEqualTo(first.actor);
        assertThat(queue.now()).isEqualTo(first.time);
      }
      assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
    }
    model.sort(Comparator.comparing(Event::time).thenComparing(Event::order));
    assertThat(EventQueueTest.drain(queue)).isEqualTo(model.stream().map(event -> event.actor + "@" + event.time).toList());
  }

  @Property(tries = 500)
  void the_digest_is_that_of_the_order_to_come_however_the_heap_lies(@ForAll("histories") List<Integer> history) {
    EventQueue queue = play(history);
    EventQueue rest = queue.copy();
    EventQueue rebuilt = new EventQueue();
    rebuilt.schedule(queue.now(), 0);
    rebuilt.take();
    while (!rest.isEmpty()) {
      long delay = rest.nextTime() - queue.now();
      rebuilt.schedule(delay, rest.take());
    }
    assertThat(EventQueueTest.digest(rebuilt)).isEqualTo(EventQueueTest.digest(queue));
  }

  @Property(tries = 500)
  void a_copy_is_equal_until_one_side_goes_on(@ForAll("histories") List<Integer> before, @ForAll("histories") List<Integer> after) {
    EventQueue queue = play(before);
    long digest = EventQueueTest.digest(queue);
    EventQueue copy = queue.copy();
    assertThat(EventQueueTest.digest(copy)).isEqualTo(digest);
    play(copy, after);
    assertThat(EventQueueTest.digest(queue)).isEqualTo(digest);
    play(queue, after);
    assertThat(EventQueueTest.digest(copy)).isEqualTo(EventQueueTest.digest(queue));
    assertThat(EventQueueTest.drain(copy)).isEqualTo(EventQueueTest.drain(queue));
  }

  private static EventQueue play(List<Integer> history) {
    EventQueue queue = new EventQueue();
    play(queue, history);
    return queue;
  }

  private static void play(EventQueue queue, List<Integer> history) {
    int actor = 0;
    for (int delay : history) {
      if (delay != TAKE) {
        queue.schedule(delay, actor++ * 37 % 100);
      } else if (!queue.isEmpty()) {
        queue.take();
      }
    }
  }
}
