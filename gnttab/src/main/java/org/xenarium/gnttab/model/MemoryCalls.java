package org.xenarium.gnttab.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.gnttab.table.GrantTable;

/**
 * Follows memory_op calls: from how much of what was asked is said to be done, what must be so. Why something was refused is not judged, and
 * which frames Xen takes is learned.
 */
final class MemoryCalls {
  private static final long STATUS_INDEX = 1L << 31;

  private final Ledger ledger;

  MemoryCalls(Ledger ledger) {
    this.ledger = ledger;
  }

  /** An element of add_to_physmap_batch has been done with that result. */
  void elementEnds(Flight flight, Domain caller, int result) {
    MemoryRequest request = flight.request;
    int i = (int) flight.start + flight.index;
    Domain target = request == null ? null : target(caller, request);
    if (request != null && target != null && i < request.gfns().length && i < request.indexes().length) {
      ledger.learnTables();
      if (isChanged(flight, caller)) {
        ledger.lose();
      } else {
        added(target, request, i, result);
      }
    }
    flight.index++;
  }

  /** The call is over, or preempted: then {@code decided} is false. */
  void callEnds(Flight flight, Vcpu vcpu, boolean decided) {
    MemoryRequest request = flight.request;
    Domain caller = vcpu.domain();
    Domain target = request == null ? null : target(caller, request);
    if (request == null || target == null || ledger.state().domain(target.id()) == null) {
      return;
    }
    if (isChanged(flight, caller)) {
      ledger.lose();
      return;
    }
    long x0 = vcpu.x(0);
    switch (flight.operation - Flight.MEMORY) {
      case MemoryAbi.ADD_TO_PHYSMAP -> {
        ledger.learnTables();
        if (decided) {
          added(target, request, 0, x0);
        }
      }
      case MemoryAbi.ADD_TO_PHYSMAP_BATCH -> ledger.learnTables();
      case MemoryAbi.REMOVE_FROM_PHYSMAP -> {
        if (x0 == 0 && decided) {
          ledger.succeed(new Call.Remove(target.id(), request.gfns()[0]));
        }
      }
      case MemoryAbi.ACQUIRE_RESOURCE -> {
        ledger.learnTables();
        acquire(caller, target, request, (int) flight.start, x0 == 0 && decided);
      }
      default -> reservation(flight, caller, target, request, decided ? x0 : x0 >>> MemoryAbi.CMD_BITS);
    }
  }

  /** Whether a guest has overwritten the lists since the call began. */
  private static boolean isChanged(Flight flight, Domain caller) {
    MemoryRequest request = flight.request;
    return request != null && request.isChanged(MemoryRequest.read(caller, flight.argument, flight.operation - Flight.MEMORY));
  }

  private static @Nullable Domain target(Domain caller, MemoryRequest request) {
    return caller.world().domainOrSelf(request.domid(), caller);
  }

  // add_to_physmap and acquire_resource.

  private void added(Domain target, MemoryRequest request, int i, long result) {
    if (request.space() == MemoryAbi.SPACE_GRANT_TABLE && !target.world().semantics().has(Difference.ADDED_FRAME_STAYS)) {
      left(target, tableFrame(target, request.indexes()[i]));
    }
    if (result == 0) {
      add(target, request, i);
    }
  }

  /**
   * A grant frame that is moved leaves its place first (V20): where it cannot arrive, it is nowhere. Its place is where it was put, even if
   * it has been mapped there by a grant since, which Xen takes for a change of the type.
   */
  private void left(Domain target, long frame) {
    LongMap<Reach> known = ledger.state().known(target.id()).reach();
    Long gfn = known.first((at, reach) -> reach.frame() == frame && Abstraction.reach(target, at) == null ? (Long) at : null);
    if (gfn != null) {
      ledger.succeed(new Call.Remove(target.id(), gfn));
    }
  }

  private void add(Domain target, MemoryRequest request, int i) {
    long gfn = request.gfns()[i];
    long index = request.indexes()[i];
    Reach what =
        switch (request.space()) {
          case MemoryAbi.SPACE_SHARED_INFO -> new Reach(Reach.By.OWNERSHIP, target.sharedInfo(), true);
          case MemoryAbi.SPACE_GRANT_TABLE -> new Reach(Reach.By.OWNERSHIP, tableFrame(target, index), true);
          case MemoryAbi.SPACE_GMFN_FOREIGN -> foreign(target, request, index);
          default -> device(target, gfn, index);
        };
    if (what != null) {
      ledger.succeed(new Call.Place(target.id(), gfn, what, request.space() == MemoryAbi.SPACE_GRANT_TABLE));
    }
  }

  private static long tableFrame(Domain target, long index) {
    GrantTable table = GrantTable.of(target);
    if (table.version() == 2 && (index & STATUS_INDEX) != 0) {
      int i = (int) (index & (STATUS_INDEX - 1));
      return i < table.statusFrameCount() ? table.statusFrame(i) : Mfn.NONE;
    }
    return (int) index >= 0 && (int) index < table.frameCount() ? table.frame((int) index) : Mfn.NONE;
  }

  /** A page of another domain's, as that one reaches it. */
  private @Nullable Reach foreign(Domain target, MemoryRequest request, long index) {
    DomainState owner = ledger.state().domain(request.foreign());
    Reach there = owner == null ? null : owner.reach().get(index);
    boolean own = there != null && there.by() == Reach.By.OWNERSHIP && ledger.state().isHeld(there.frame(), Objects.requireNonNull(owner));
    if (there == null || !own) {
      ledger.differs("answer", "a failure of add_to_physmap_batch: domain " + request.foreign() + " has no page at 0x" + Long.toHexString(index), "success");
      return null;
    }
    return new Reach(Reach.By.FOREIGN, there.frame(), there.writable());
  }

  /** Devices that a domain may not map are not mapped, with the same answer. */
  private static @Nullable Reach device(Domain target, long gfn, long index) {
    Reach is = Abstraction.reach(target, gfn);
    return is != null && is.by() == Reach.By.DEVICE && is.frame() == index ? is : null;
  }

  /** What does not succeed may have been done in part: then something is there that was not. */
  private void acquire(Domain caller, Domain target, MemoryRequest request, int start, boolean done) {
    if (request.space() != MemoryAbi.RESOURCE_GRANT_TABLE) {
      return;
    }
    for (int i = start; i < request.gfns().length; i++) {
      long index = request.indexes()[i];
      long frame = tableFrame(target, request.foreign() == 1 ? index | STATUS_INDEX : index);
      Reach what = new Reach(Reach.By.FOREIGN, frame, true);
      if (frame != Mfn.NONE && (done || hasArrived(caller, request.gfns()[i], what))) {
        ledger.succeed(new Call.Place(caller.id(), request.gfns()[i], what, false));
      }
    }
  }

  /** A frame that arrives where it is already changes nothing but how often it is used. */
  private boolean hasArrived(Domain caller, long gfn, Reach what) {
    if (!what.equals(Abstraction.reach(caller, gfn))) {
      return false;
    }
    Frame known = ledger.state().frame(what.frame());
    Frame is = Abstraction.frame(caller.world().memory(), what.frame());
    boolean usedMore = known != null && is != null && is.uses() > known.uses();
    return usedMore || !what.equals(ledger.state().known(caller.id()).reach().get(gfn));
  }

  // Reservations.

  private void reservation(Flight flight, Domain caller, Domain target, MemoryRequest request, long done) {
    int operation = flight.operation - Flight.MEMORY;
    int order = request.space();
    boolean known = operation == MemoryAbi.INCREASE_RESERVATION || done <= request.gfns().length;
    if (!known || order < 0 || order > 18) {
      if (done > flight.start) {
        ledger.lose();
      }
      return;
    }
    long pages = 1L << order;
    int begun = operation == MemoryAbi.INCREASE_RESERVATION ? 0 : (int) Math.min(done + 1, request.gfns().length);
    for (int i = (int) Math.min(flight.start, begun); i < begun; i++) {
      boolean whole = i < done;
      for (long gfn = request.gfns()[i]; gfn != request.gfns()[i] + pages; gfn++) {
        boolean goesOn = operation == MemoryAbi.DECREASE_RESERVATION ? decrease(target, gfn, whole) : populate(target, gfn, whole);
        if (!goesOn) {
          break;
        }
      }
    }
    if (operation != MemoryAbi.DECREASE_RESERVATION) {
      given(target);
    }
  }

  /** Of an extent that failed, pages may be gone. */
  private boolean decrease(Domain target, long gfn, boolean whole) {
    Call.Decrease call = new Call.Decrease(target.id(), gfn, target.memoryConfig().directMapped());
    boolean partly = Abstraction.reach(target, gfn) == null && ledger.allowed(call).has(0);
    if (whole || partly) {
      ledger.succeed(call);
    }
    return whole || partly;
  }

  /** Of an extent that failed, pages may have arrived. A guest frame that is named twice has only the last page. */
  private boolean populate(Domain target, long gfn, boolean whole) {
    Reach is = Abstraction.reach(target, gfn);
    boolean arrived = is != null && is.by() == Reach.By.OWNERSHIP && !is.equals(ledger.state().known(target.id()).reach().get(gfn));
    if (arrived && is != null) {
      boolean owns = target.memoryConfig().directMapped();
      Call.Populate call = new Call.Populate(target.id(), gfn, is.frame(), owns);
      if (whole || ledger.allowed(call).has(0)) {
        ledger.succeed(call);
      }
    }
    return whole || arrived;
  }

  /** Pages that the domain was given and that stand nowhere. */
  private void given(Domain target) {
    MachineMemory memory = target.world().memory();
    for (long mfn = memory.nextOwned(target.incarnation(), memory.firstMfn()); mfn != Mfn.NONE; mfn = memory.nextOwned(target.incarnation(), mfn + 1)) {
      if (!memory.isXenHeap(mfn) && isNew(target, mfn)) {
        ledger.succeed(new Call.Give(target.id(), mfn));
      }
    }
  }

  /** A page that nobody had, or one that a domain which dies has given back before its death is at its end. */
  private boolean isNew(Domain target, long mfn) {
    Frame known = ledger.state().frame(mfn);
    if (known == null || known.owner() == target.incarnation()) {
      return known == null;
    }
    Domain owner = target.world().incarnation(known.owner());
    return owner == null || owner.life() != Life.ALIVE;
  }
}
