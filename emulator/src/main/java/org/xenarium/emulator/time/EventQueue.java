package org.xenarium.emulator.time;

import java.util.Arrays;
import java.util.function.LongPredicate;
import org.xenarium.emulator.state.Digest;

/**
 * What happens next: events ordered by virtual time, then by the order in which they were scheduled. An event says only who acts, as a
 * number that the machine understands, so the whole queue is a few arrays of numbers. A binary heap.
 */
public final class EventQueue {
  private long[] times = new long[8];
  private long[] orders = new long[8];
  private long[] actors = new long[8];
  private int size;
  private long now;
  private long scheduled;

  /** Virtual nanoseconds since the start of the machine. */
  public long now() {
    return now;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The time of the next event; the queue must not be empty. */
  public long nextTime() {
    return times[0];
  }

  /** Lets {@code actor} act {@code delay} nanoseconds from now, after everything already scheduled for that time. */
  public void schedule(long delay, long actor) {
    if (delay < 0) {
      throw new IllegalArgumentException("an event cannot be scheduled " + -delay + " ns in the past");
    }
    add(now + delay, scheduled++, actor);
  }

  private void add(long time, long order, long actor) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      orders = Arrays.copyOf(orders, 2 * size);
      actors = Arrays.copyOf(actors, 2 * size);
    }
    int at = size++;
    put(at, time, order, actor);
    while (at > 0 && before(at, (at - 1) / 2)) {
      swap(at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
  }

  /** Advances the clock to the next event, removes it and returns its actor. */
  public long take() {
    long actor = actors[0];
    now = Math.max(now, times[0]);
    size--;
    put(0, times[size], orders[size], actors[size]);
    put(size, 0, 0, 0);
    for (int at = 0; 2 * at + 1 < size; ) {
      int child = 2 * at + 1;
      if (child + 1 < size && before(child + 1, child)) {
        child++;
      }
      if (!before(child, at)) {
        break;
      }
      swap(at, child);
      at = child;
    }
    return actor;
  }

  /** Takes all events of {@code actor} out, unheard. */
  public void remove(long actor) {
    removeIf(each -> each == actor);
  }

  /** Takes all events of those actors out, unheard. */
  public void removeIf(LongPredicate whose) {
    EventQueue kept = new EventQueue();
    for (int i = 0; i < size; i++) {
      if (!whose.test(actors[i])) {
        kept.add(times[i], orders[i], actors[i]);
      }
    }
    times = kept.times;
    orders = kept.orders;
    actors = kept.actors;
    size = kept.size;
  }

  /** Moves the clock on to {@code time} unless it is there already; no event may lie before. */
  public void advance(long time) {
    now = Math.max(now, time);
  }

  /** True when an event of that actor is to come. */
  public boolean contains(long actor) {
    for (int i = 0; i < size; i++) {
      if (actors[i] == actor) {
        return true;
      }
    }
    return false;
  }

  /** How many events are to come. */
  public int size() {
    return size;
  }

  public EventQueue copy() {
    EventQueue copy = new EventQueue();
    copy.times = times.clone();
    copy.orders = orders.clone();
    copy.actors = actors.clone();
    copy.size = size;
    copy.now = now;
    copy.scheduled = scheduled;
    return copy;
  }

  /** Adds the clock and the events in the order in which they will be taken; how the heap happens to lie does not show. */
  public void digest(Digest digest) {
    digest.add(now).add(size);
    EventQueue rest = copy();
    while (!rest.isEmpty()) {
      digest.add(rest.take()).add(rest.now);
    }
  }

  private boolean before(int a, int b) {
    return times[a] < times[b] || (times[a] == times[b] && orders[a] < orders[b]);
  }

  private void put(int at, long time, long order, long actor) {
    times[at] = time;
    orders[at] = order;
    actors[at] = actor;
  }

  private void swap(int a, int b) {
    long time = times[a];
    long order = orders[a];
    long actor = actors[a];
    put(a, times[b], orders[b], actors[b]);
    put(b, time, order, actor);
  }
}
