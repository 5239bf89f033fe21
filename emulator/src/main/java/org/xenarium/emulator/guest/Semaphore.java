package org.xenarium.emulator.guest;

import java.util.Arrays;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/**
 * A counting semaphore, as Zephyr's {@code k_sem}: who gives while others wait hands the unit to the one who has waited longest, so that
 * nobody who comes later can take it first.
 *
 * <p>A waiting thread is known by a ticket, which it keeps for as long as it waits.
 */
public final class Semaphore {
  private final int limit;
  private int count;
  private long[] queue = {};

  /** A semaphore with {@code count} units, which never has more than {@code limit}. */
  public Semaphore(int count, int limit) {
    this.count = count;
    this.limit = limit;
  }

  public Semaphore copy() {
    Semaphore copy = new Semaphore(count, limit);
    copy.queue = queue.clone();
    return copy;
  }

  public void digest(Digest digest) {
    digest.add(limit).add(count).add(queue.length);
    for (long ticket : queue) {
      digest.add(ticket);
    }
  }

  /** Units that can be had without waiting. */
  public int count() {
    return count;
  }

  /** How many threads wait. */
  public int waiting() {
    return queue.length;
  }

  /** The ticket of the thread that runs on the vCPU; not 0. */
  public static long ticket(Vcpu vcpu) {
    return ((long) vcpu.id() << 32 | vcpu.thread()) + 1;
  }

  /** Takes a unit; or else puts the ticket at the end of the queue and returns false. */
  public boolean take(long ticket) {
    if (count > 0) {
      count--;
      return true;
    }
    queue = Arrays.copyOf(queue, queue.length + 1);
    queue[queue.length - 1] = ticket;
    return false;
  }

  /** True until the ticket's turn has come. */
  public boolean isQueued(long ticket) {
    for (long waiting : queue) {
      if (waiting == ticket) {
        return true;
      }
    }
    return false;
  }

  /** Gives a unit, to the first in the queue if there is one. */
  public void give() {
    if (queue.length > 0) {
      queue = Arrays.copyOfRange(queue, 1, queue.length);
    } else if (count < limit) {
      count++;
    }
  }
}
