package org.xenarium.scenarios.vocabulary;

import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Operation;

/** Where guests map frames of Xen's: each kind in a part of the window for grants. */
final class Places {
  /** The page that tells of events. */
  static final long SHARED_INFO = Area.GRANTS.first() + 0x40;

  /** The first status frame of version 2. */
  static final long STATUS = Area.GRANTS.first() + 0x20;

  private static final long STATUS_INDEX = 1L << 31;

  private Places() {}

  /** What is mapped. */
  enum Kind {
    GRANTS,
    SHARED_INFO,
    STATUS
  }

  /** The guest frame for a frame of that kind. */
  static long gfn(Kind kind, int index) {
    return switch (kind) {
      case GRANTS -> Area.GRANTS.first() + index;
      case SHARED_INFO -> SHARED_INFO;
      case STATUS -> STATUS + index;
    };
  }

  static int space(Kind kind) {
    return kind == Kind.SHARED_INFO ? MemoryAbi.SPACE_SHARED_INFO : MemoryAbi.SPACE_GRANT_TABLE;
  }

  /** As the hypercall is told it. */
  static long index(Kind kind, int index) {
    return kind == Kind.STATUS ? STATUS_INDEX | index : index;
  }

  /** Maps a frame where those of its kind are. */
  static void add(Turn turn, int domid, Kind kind, int index) {
    turn.call(Operation.ADD_TO_PHYSMAP).with(domid).with(space(kind)).with(index(kind, index)).with(gfn(kind, index)).play();
  }
}
