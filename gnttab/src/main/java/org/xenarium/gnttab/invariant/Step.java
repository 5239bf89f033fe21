package org.xenarium.gnttab.invariant;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Multicall;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.SharedEntries;

/** The step that is being looked at: who takes it, as part of what, and what it has turned out to do. */
final class Step {
  /** Who takes it. */
  enum By {
    /** Whoever builds or drives the machine. */
    OUTSIDE,
    GUEST,
    CALL,
    DEATH
  }

  /** No operation. */
  static final int NONE = -1;

  By by = By.OUTSIDE;
  @Nullable DomainView actor;
  @Nullable VcpuView vcpu;

  // Of a call, as it was before the step.
  int operation = NONE;
  int memoryOperation = NONE;
  boolean starts;
  long elementAddress;
  long elementsLeft;
  long hostAddress;
  int handleInHand = Maptrack.NONE;
  long lock;
  int header;
  long windowFrame;
  int windowStart;
  int windowLength;
  private final GrantCall.WindowVisitor toWindow = this::setWindow;

  // What it has turned out to do.
  final Rule[] decided = new Rule[8];
  int decidedCount;
  int counterChanges;
  int changedEntries;
  boolean chained;
  int retired = Maptrack.NONE;
  boolean framesChanged;
  boolean dropsOwnFrames;
  private final long[] written = new long[16];
  private int writtenCount;

  /** What is known of the step before it is taken. */
  void begin(By who, @Nullable DomainView domain, @Nullable VcpuView view) {
    by = who;
    actor = domain;
    vcpu = view;
    operation = NONE;
    memoryOperation = NONE;
    starts = false;
    elementAddress = 0;
    elementsLeft = 0;
    hostAddress = 0;
    handleInHand = Maptrack.NONE;
    lock = Lock.NONE;
    header = 0;
    windowFrame = 0;
    windowStart = 0;
    windowLength = 0;
    Arrays.fill(decided, 0, decidedCount, null);
    decidedCount = 0;
    counterChanges = 0;
    changedEntries = 0;
    chained = false;
    retired = Maptrack.NONE;
    framesChanged = false;
    dropsOwnFrames = false;
    writtenCount = 0;
  }

  /** It is one of a hypercall; the grant call that this is in, or null. */
  @Nullable GrantCall beginCall(Vcpu raw) {
    Routine call = raw.call();
    GrantCall grant = State.callOf(raw);
    starts = raw.atHypercall();
    if (grant != null) {
      operation = grant.operation();
      elementAddress = grant.elementAddress();
      elementsLeft = grant.elementsLeft();
      hostAddress = grant.hostAddress();
      handleInHand = grant.handleInHand();
      grant.forEachWindow(toWindow);
    } else if (starts && raw.number() == GnttabOp.HYPERCALL) {
      operation = (int) raw.x(0) & GnttabOp.CMD_MASK;
      elementAddress = raw.x(1);
      elementsLeft = raw.x(2);
    } else if (raw.number() == MemoryAbi.HYPERCALL && (starts || call != null && !(call.innermost() instanceof Multicall))) {
      memoryOperation = (int) raw.x(0) & ((1 << MemoryAbi.CMD_BITS) - 1);
    }
    if (call != null) {
      lock = call.needs(raw);
      header = header(raw.domain(), lock);
    }
    return grant;
  }

  private void setWindow(long mfn, int offset, int length) {
    windowFrame = mfn;
    windowStart = offset;
    windowLength = length;
  }

  private static int header(Domain caller, long lock) {
    Domain granter = Lock.isEntry(lock) ? caller.world().incarnation(Lock.incarnation(lock)) : null;
    if (granter == null) {
      return 0;
    }
    GrantTable table = GrantTable.of(granter);
    return table.contains(Lock.ref(lock)) ? SharedEntries.header(granter, table, Lock.ref(lock)) : 0;
  }

  void decided(Rule rule) {
    if (decidedCount < decided.length) {
      decided[decidedCount++] = rule;
    }
  }

  /** The step has written into the content of that frame. */
  void wrote(long mfn) {
    if (writtenCount < written.length) {
      written[writtenCount++] = mfn;
    }
  }

  boolean wroteInto(long mfn) {
    for (int i = 0; i < writtenCount; i++) {
      if (written[i] == mfn) {
        return true;
      }
    }
    return false;
  }

  boolean isCall(int grantOperation) {
    return by == By.CALL && operation == grantOperation;
  }

  boolean isUnmap() {
    return isCall(GnttabOp.UNMAP_GRANT_REF) || isCall(GnttabOp.UNMAP_AND_REPLACE);
  }

  boolean isMemoryCall(int memory) {
    return by == By.CALL && memoryOperation == memory;
  }

  /** True when the step was taken with the lock of that entry. */
  boolean hasLocked(int incarnation, int ref) {
    return lock == Lock.entry(incarnation, ref);
  }

  /** The call in words. */
  String call() {
    return switch (by) {
      case OUTSIDE -> "something outside";
      case GUEST -> "guest code";
      case DEATH -> "the death of a domain";
      case CALL -> operation >= 0 ? grantCall(operation) : memoryOperation >= 0 ? memoryCall(memoryOperation) : "a hypercall";
    };
  }

  private static String memoryCall(int operation) {
    return switch (operation) {
      case MemoryAbi.INCREASE_RESERVATION -> "increase_reservation";
      case MemoryAbi.DECREASE_RESERVATION -> "decrease_reservation";
      case MemoryAbi.POPULATE_PHYSMAP -> "populate_physmap";
      case MemoryAbi.ADD_TO_PHYSMAP -> "add_to_physmap";
      case MemoryAbi.REMOVE_FROM_PHYSMAP -> "remove_from_physmap";
      default -> "memory_op " + operation;
    };
  }

  private static String grantCall(int operation) {
    return switch (operation) {
      case GnttabOp.MAP_GRANT_REF -> "map_grant_ref";
      case GnttabOp.UNMAP_GRANT_REF -> "unmap_grant_ref";
      case GnttabOp.SETUP_TABLE -> "setup_table";
      case GnttabOp.COPY -> "copy";
      case GnttabOp.QUERY_SIZE -> "query_size";
      case GnttabOp.UNMAP_AND_REPLACE -> "unmap_and_replace";
      case GnttabOp.SET_VERSION -> "set_version";
      case GnttabOp.GET_STATUS_FRAMES -> "get_status_frames";
      case GnttabOp.GET_VERSION -> "get_version";
      case GnttabOp.SWAP_GRANT_REF -> "swap_grant_ref";
      case GnttabOp.CACHE_FLUSH -> "cache_flush";
      default -> "grant_table_op " + operation;
    };
  }
}
