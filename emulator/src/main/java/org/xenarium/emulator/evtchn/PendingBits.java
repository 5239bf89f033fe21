package org.xenarium.emulator.evtchn;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.SparseBytes;

/**
 * The bits in shared_info and vcpu_info by which Xen tells a guest of pending events ({@code xen/include/public/xen.h}): a pending and a mask
 * bit for each port, and for each vCPU a selector with a bit for each word of pending bits, and a byte that says "look". Keeps nothing itself.
 */
final class PendingBits {
  // struct shared_info on Arm: vcpu_info of vCPU 0, of 48 bytes, then pending u64[64], mask u64[64].
  private static final int PENDING = 48;
  private static final int MASK = PENDING + 512;
  private static final int WORD_BITS = 64;

  // struct vcpu_info: upcall_pending u8@0, pending_sel u64@8.
  private static final int PENDING_SEL = 8;

  private final Domain domain;

  PendingBits(Domain domain) {
    this.domain = domain;
  }

  /** True when those bytes of a shared_info are one word of pending bits. */
  static boolean isWord(int offset, int length) {
    return offset >= PENDING && offset < MASK && length == Long.BYTES;
  }

  boolean isPending(int port) {
    return bit(PENDING, port);
  }

  boolean isMasked(int port) {
    return bit(MASK, port);
  }

  /** Returns whether that has changed anything. */
  boolean setPending(int port, boolean value) {
    return setBit(PENDING, port, value);
  }

  /** Returns whether that has changed anything. */
  boolean setMasked(int port, boolean value) {
    return setBit(MASK, port, value);
  }

  /** Leads the vCPU to a pending port, if it has a vcpu_info; it hears of it unless it has something to look at already. */
  void tell(Vcpu vcpu, int port) {
    long info = vcpu.infoAddress();
    if (info < 0) {
      return;
    }
    long word = content().getLong(info + PENDING_SEL);
    long bit = 1L << (port / WORD_BITS);
    if ((word & bit) != 0) {
      return;
    }
    content().setLong(info + PENDING_SEL, word | bit);
    if (content().getByte(info) == 0) {
      content().setByte(info, 1);
      vcpu.upcalls().told();
    }
  }

  private boolean bit(int array, int port) {
    return (content().getLong(wordAddress(array, port)) >>> (port % WORD_BITS) & 1) != 0;
  }

  private boolean setBit(int array, int port, boolean value) {
    long at = wordAddress(array, port);
    long bit = 1L << (port % WORD_BITS);
    long word = content().getLong(at);
    long changed = value ? word | bit : word & ~bit;
    if (changed != word) {
      content().setLong(at, changed);
    }
    return changed != word;
  }

  private long wordAddress(int array, int port) {
    return domain.world().memory().address(domain.sharedInfo()) + array + (long) port / WORD_BITS * Long.BYTES;
  }

  private SparseBytes content() {
    return domain.world().memory().content();
  }
}
