package org.xenarium.scenarios.play;

import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/**
 * The code of a handler of upcalls: clears {@code evtchn_upcall_pending}, takes the selector, and of each pending port that is not masked clears
 * the bit and counts one event. Each access that the hypervisor or another vCPU could come in between of is a step.
 */
final class CountingEvents extends Routine {
  // struct shared_info on Arm: vcpu_info of vCPU 0 (upcall_pending u8@0, pending_sel u64@8), then pending u64[64], mask u64[64].
  private static final int SELECTOR = 8;
  private static final int PENDING = 48;
  private static final int MASK = PENDING + 512;

  private enum Phase {
    ACKNOWLEDGE,
    SELECT,
    LOOK,
    CLEAR,
    COUNT
  }

  private final long info;
  private final long counts;
  private Phase next = Phase.ACKNOWLEDGE;

  /** Words of pending bits that are still to be looked at. */
  private long words;

  /** Pending bits of the first of them. */
  private long bits;

  CountingEvents(long info, long counts) {
    this.info = info;
    this.counts = counts;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    next =
        switch (next) {
          case ACKNOWLEDGE -> {
            vcpu.store(info, 1, 0);
            yield Phase.SELECT;
          }
          case SELECT -> {
            words = swap(vcpu, info + SELECTOR, 0);
            yield Phase.LOOK;
          }
          case LOOK -> look(vcpu);
          case CLEAR -> clear(vcpu);
          case COUNT -> count(vcpu);
        };
    return !vcpu.takeAbort() && (next != Phase.LOOK || words != 0);
  }

  /** One indivisible exchange. */
  private static long swap(Vcpu vcpu, long address, long value) {
    long was = vcpu.load(address, Long.BYTES);
    vcpu.store(address, Long.BYTES, value);
    return was;
  }

  private int word() {
    return Long.numberOfTrailingZeros(words);
  }

  private Phase look(Vcpu vcpu) {
    long offset = (long) Long.BYTES * word();
    bits = vcpu.load(info + PENDING + offset, Long.BYTES) & ~vcpu.load(info + MASK + offset, Long.BYTES);
    return bits == 0 ? nextWord() : Phase.CLEAR;
  }

  private Phase nextWord() {
    words &= words - 1;
    return Phase.LOOK;
  }

  private Phase clear(Vcpu vcpu) {
    long at = info + PENDING + (long) Long.BYTES * word();
    vcpu.store(at, Long.BYTES, vcpu.load(at, Long.BYTES) & ~Long.lowestOneBit(bits));
    return Phase.COUNT;
  }

  private Phase count(Vcpu vcpu) {
    long port = (long) word() * Long.SIZE + Long.numberOfTrailingZeros(bits);
    long at = counts + Integer.BYTES * port;
    vcpu.store(at, Integer.BYTES, vcpu.load(at, Integer.BYTES) + 1);
    bits &= bits - 1;
    return bits == 0 ? nextWord() : Phase.CLEAR;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(info).add(counts).add(next).add(words).add(bits);
  }
}
