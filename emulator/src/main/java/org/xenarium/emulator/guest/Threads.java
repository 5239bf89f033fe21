package org.xenarium.emulator.guest;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/**
 * Several threads on one vCPU, as under Zephyr's scheduler with threads of one priority and no time slices: the running thread goes on until
 * it waits, sleeps or ends; then comes the next one that can go on, in the order of their numbers, from 0 again after the last. When all that
 * are left sleep, so does the vCPU.
 *
 * <p>{@link #choose} overrides that order between any two steps, as an interrupt that makes a thread run would, but not while the running
 * thread has interrupts masked. Such masks, like x0, belong to the thread: another one that runs meanwhile has its own.
 *
 * <p>What each thread does is a {@link Routine} that asks for sleep by {@link Vcpu#sleep} and waits by {@link Routine#isWaiting}.
 */
public final class Threads extends Routine {
  private static final long AWAKE = -1;

  private @Nullable Routine[] code;

  /** Virtual nanoseconds at which a sleeping thread goes on. */
  private long[] wake;

  private long[] x0;
  private int[] masks;
  private int current;

  /** Threads 0, 1, and so on. */
  public Threads(Routine... threads) {
    code = threads.clone();
    wake = new long[code.length];
    x0 = new long[code.length];
    masks = new int[code.length];
    Arrays.fill(wake, AWAKE);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    int thread = next(vcpu);
    if (thread < 0) {
      return sleepOrWait(vcpu);
    }
    switchTo(vcpu, thread);
    wake[thread] = AWAKE;
    Routine routine = code[thread];
    boolean more = routine != null && routine.step(vcpu);
    long nanos = vcpu.takeSleep();
    if (!more) {
      code[thread] = null;
      x0[thread] = vcpu.x(0);
    } else if (nanos > 0) {
      wake[thread] = vcpu.world().now() + nanos;
    }
    return isAlive();
  }

  /** Nobody can go on: the vCPU sleeps until the first sleeper wakes. */
  private boolean sleepOrWait(Vcpu vcpu) {
    long first = firstWake();
    if (first != AWAKE) {
      vcpu.sleep(first - vcpu.world().now());
    }
    return isAlive();
  }

  private long firstWake() {
    long first = AWAKE;
    for (int thread = 0; thread < code.length; thread++) {
      if (wake[thread] != AWAKE && (first == AWAKE || wake[thread] < first)) {
        first = wake[thread];
      }
    }
    return first;
  }

  /** The running thread if it can go on, else the next one in turn; -1 when none can. */
  private int next(Vcpu vcpu) {
    for (int i = 0; i < code.length; i++) {
      int thread = (current + i) % code.length;
      if (canGoOn(vcpu, thread)) {
        return thread;
      }
    }
    return -1;
  }

  /** True for a thread that has not ended, does not sleep, and does not wait. */
  public boolean canGoOn(Vcpu vcpu, int thread) {
    Routine routine = code[thread];
    return routine != null && wake[thread] <= vcpu.world().now() && !routine.isWaiting(vcpu);
  }

  /**
   * Makes that thread the running one.
   *
   * @return false, and nothing changes, when it cannot go on, or when the running one is in a hypercall or has interrupts masked
   */
  public boolean choose(Vcpu vcpu, int thread) {
    boolean held = vcpu.interruptMasks() > 0 && canGoOn(vcpu, current);
    if (thread != current && (held || vcpu.atHypercall() || vcpu.call() != null) || !canGoOn(vcpu, thread)) {
      return false;
    }
    switchTo(vcpu, thread);
    return true;
  }

  private void switchTo(Vcpu vcpu, int thread) {
    if (thread == current) {
      return;
    }
    if (code[current] != null) {
      x0[current] = vcpu.x(0);
      masks[current] = vcpu.interruptMasks();
    }
    vcpu.setX(0, x0[thread]);
    vcpu.setInterruptMasks(masks[thread]);
    vcpu.setThread(thread);
    x0[thread] = 0;
    masks[thread] = 0;
    current = thread;
  }

  /** How many threads there are, ended ones included. */
  public int count() {
    return code.length;
  }

  /** True when the thread has ended. */
  public boolean hasEnded(int thread) {
    return code[thread] == null;
  }

  /** What a thread that has ended left in x0. */
  public long result(int thread) {
    return x0[thread];
  }

  /** The thread's code in flight, or null when it has ended. */
  public @Nullable Routine code(int thread) {
    return code[thread];
  }

  private boolean isAlive() {
    for (Routine routine : code) {
      if (routine != null) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    return next(vcpu) < 0 && firstWake() == AWAKE;
  }

  @Override
  public Routine copy() {
    Threads copy = (Threads) super.copy();
    copy.code = code.clone();
    for (int i = 0; i < code.length; i++) {
      Routine routine = code[i];
      copy.code[i] = routine == null ? null : routine.copy();
    }
    copy.wake = wake.clone();
    copy.x0 = x0.clone();
    copy.masks = masks.clone();
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(code.length).add(current);
    for (int i = 0; i < code.length; i++) {
      Routine routine = code[i];
      digest.add(routine != null).add(wake[i]).add(x0[i]).add(masks[i]);
      if (routine != null) {
        routine.digest(digest);
      }
    }
  }
}
