package org.xenarium.emulator.memoryop;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;

/** What the {@code mem_flags} of a reservation ask for (spec §6.2 5): address bits in 7:0, node + 1 in 15:8, flags above. */
final class MemoryFlags {
  static final int POPULATE_ON_DEMAND = 1 << 16;

  private static final int ADDRESS_BITS = 0xff;
  private static final int NODE_SHIFT = 8;
  private static final int NODE = 0xff;
  private static final int EXACT_NODE = 1 << 17;
  private static final int VIRTUAL_NODE = 1 << 18;

  private MemoryFlags() {}

  /** Address bits are an upper limit; one that leaves not even a page is refused. */
  static boolean addressAllowed(int flags) {
    int bits = flags & ADDRESS_BITS;
    return bits == 0 || bits > MachineMemory.PAGE_SHIFT;
  }

  /** No page may lie at or beyond this machine frame. */
  static long limit(int flags) {
    int bits = flags & ADDRESS_BITS;
    return bits == 0 || bits >= Long.SIZE ? Long.MAX_VALUE : 1L << bits - MachineMemory.PAGE_SHIFT;
  }

  static boolean namesVirtualNode(int flags) {
    return (flags & VIRTUAL_NODE) != 0;
  }

  /** A domain without virtual nodes may name any. */
  static boolean virtualNodeAllowed(int flags, Domain target) {
    int nodes = target.memoryConfig().virtualNodes();
    return nodes == 0 || node(flags) < nodes;
  }

  /** A host node is only a wish for ordinary domains, which must not insist; others may insist, but Arm has one node. */
  static boolean nodeAllowed(int flags, Domain caller) {
    if ((flags >>> NODE_SHIFT & NODE) == 0) {
      return true;
    }
    return caller.privileged() || caller.hardware() ? node(flags) == 0 : (flags & EXACT_NODE) == 0;
  }

  /** The named node; 255 when none is named. */
  private static int node(int flags) {
    return (flags >>> NODE_SHIFT) - 1 & NODE;
  }
}
