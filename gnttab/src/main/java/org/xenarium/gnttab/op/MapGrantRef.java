package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.MAP_03;
import static org.xenarium.gnttab.rule.GrantRule.MAP_04;
import static org.xenarium.gnttab.rule.GrantRule.MAP_08D;
import static org.xenarium.gnttab.rule.GrantRule.MAP_08E;
import static org.xenarium.gnttab.rule.GrantRule.MAP_09;
import static org.xenarium.gnttab.rule.GrantRule.MAP_11;
import static org.xenarium.gnttab.rule.GrantRule.MAP_14;
import static org.xenarium.gnttab.rule.GrantRule.MAP_15;
import static org.xenarium.gnttab.rule.GrantRule.MAP_F1;
import static org.xenarium.gnttab.rule.GrantRule.MAP_F2;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.Pins;
import org.xenarium.gnttab.table.SharedEntries;

/**
 * GNTTABOP_map_grant_ref (spec §3.3): the steps M1 to M9 of §8.2, with M4 as PIN, CAS and FRAME because guest stores can fall between them.
 * What refuses a request is in {@link MapChecks}.
 */
final class MapGrantRef extends BatchOperation {
  private enum Phase {
    COPY_IN,
    CHECK,
    TAKE_HANDLE,
    PIN,
    CAS,
    MARK,
    RECHECK,
    FRAME,
    INSERT,
    PUBLISH,
    UNPIN,
    FREE_HANDLE,
    COPY_OUT,
    DONE
  }

  private Phase next = Phase.COPY_IN;

  // The element; handle and device address are the guest's own values until the map succeeds.
  private long hostAddr;
  private int flags;
  private int ref;
  private int dom;
  private int handle;
  private long devBusAddr;

  // What the steps of one element pass on; all zero between elements.
  private int granter;
  private int taken;
  private int header;
  private int attempts;
  private long mfn;
  private boolean referenced;
  private @Nullable GrantRule rule;

  MapGrantRef(int command) {
    super(command, MapLayout.SIZE);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    next =
        switch (next) {
          case COPY_IN -> copyIn(vcpu);
          case CHECK -> check(vcpu);
          case TAKE_HANDLE -> takeHandle(vcpu);
          case PIN -> pin(vcpu);
          case CAS -> compareAndSwap(vcpu);
          case MARK -> mark(vcpu);
          case RECHECK -> recheck(vcpu);
          case FRAME -> frame(vcpu);
          case INSERT -> insert(vcpu);
          case PUBLISH -> publish(vcpu);
          case UNPIN -> unpin(vcpu);
          case FREE_HANDLE -> freeHandle(vcpu);
          case COPY_OUT -> copyOut(vcpu);
          case DONE -> Phase.DONE;
        };
    if (next != Phase.DONE) {
      return true;
    }
    next = Phase.COPY_IN;
    vcpu.world().host().keep(command(), this);
    return false;
  }

  /** M1. */
  private Phase copyIn(Vcpu vcpu) {
    if (!takesElement(vcpu, MAP_F1)) {
      return Phase.DONE;
    }
    byte[] struct = vcpu.world().host().scratch;
    hostAddr = Bytes.getLong(struct, MapLayout.HOST_ADDR);
    flags = Bytes.getInt(struct, MapLayout.FLAGS);
    ref = Bytes.getInt(struct, MapLayout.REF);
    dom = Bytes.getShort(struct, MapLayout.DOM);
    handle = Bytes.getInt(struct, MapLayout.HANDLE);
    devBusAddr = Bytes.getLong(struct, MapLayout.DEV_BUS_ADDR);
    return Phase.CHECK;
  }

  /** M2: checks 1 to 4. */
  private Phase check(Vcpu vcpu) {
    GrantRule refusal = MapChecks.flags(flags);
    if (refusal != null) {
      return fail(refusal, Phase.COPY_OUT);
    }
    Domain found = vcpu.world().domain(dom);
    if (found == null) {
      return fail(MAP_03, Phase.COPY_OUT);
    }
    granter = found.incarnation();
    return Policy.mayMap(vcpu.domain(), found) ? Phase.TAKE_HANDLE : fail(MAP_04, Phase.COPY_OUT);
  }

  /** M3: check 5. */
  private Phase takeHandle(Vcpu vcpu) {
    taken = GrantTable.of(vcpu.domain()).maptrack().allocate(vcpu);
    return taken == Maptrack.NONE ? fail(MapChecks.noHandle(vcpu.world().semantics()), Phase.COPY_OUT) : Phase.PIN;
  }

  /** M4 begins: checks 6 and 7, then either the shared entry must be marked or the pin is there already. */
  private Phase pin(Vcpu vcpu) {
    Domain granter = granter(vcpu);
    GrantTable table = GrantTable.of(granter);
    GrantRule refusal = MapChecks.pin(table, ref, vcpu.domain(), readonly());
    if (refusal != null) {
      return fail(refusal, Phase.FREE_HANDLE);
    }
    ActiveEntries active = table.active();
    int pin = active.pin(ref);
    if (pin == 0 || (!readonly() && !Pins.isWritePinned(pin))) {
      header = SharedEntries.header(granter, table, ref);
      return table.version() == 1 ? Phase.CAS : Phase.MARK;
    }
    return pinAgain(active);
  }

  /** One attempt to mark the shared entry. */
  private Phase compareAndSwap(Vcpu vcpu) {
    Domain granter = granter(vcpu);
    GrantTable table = GrantTable.of(granter);
    GrantRule refusal = MapChecks.header(header, table.active().pin(ref), vcpu.domain().id(), readonly());
    if (refusal != null) {
      return fail(refusal, Phase.FREE_HANDLE);
    }
    if (SharedEntries.compareAndSet(granter, table, ref, header, Marking.marked(header, readonly()))) {
      return table.active().pin(ref) == 0 ? Phase.FRAME : pinAgain(table.active());
    }
    header = SharedEntries.header(granter, table, ref);
    return ++attempts == Marking.ATTEMPTS ? fail(MAP_08D, Phase.FREE_HANDLE) : Phase.CAS;
  }

  /** Version 2: the header is only looked at, the mark goes into the status word. */
  private Phase mark(Vcpu vcpu) {
    Domain granter = granter(vcpu);
    GrantTable table = GrantTable.of(granter);
    GrantRule refusal = MapChecks.header(header, table.active().pin(ref), vcpu.domain().id(), readonly());
    if (refusal != null) {
      return fail(refusal, Phase.FREE_HANDLE);
    }
    SharedEntries.setStatus(granter, table, ref, Marking.marked(0, readonly()));
    return Phase.RECHECK;
  }

  /** Version 2: the header must still allow the request, else the mark is taken back. */
  private Phase recheck(Vcpu vcpu) {
    Domain granter = granter(vcpu);
    GrantTable table = GrantTable.of(granter);
    int pin = table.active().pin(ref);
    header = SharedEntries.header(granter, table, ref);
    if (MapChecks.header(header, pin, vcpu.domain().id(), readonly()) != null) {
      SharedEntries.clearStatus(granter, table, ref, Marking.takenBack(pin));
      return fail(MAP_08E, Phase.FREE_HANDLE);
    }
    return pin == 0 ? Phase.FRAME : pinAgain(table.active());
  }

  /** The first pin: looks the frame up, check 9. */
  private Phase frame(Vcpu vcpu) {
    Domain granter = granter(vcpu);
    GrantTable table = GrantTable.of(granter);
    long gfn = SharedEntries.frame(granter, table, ref);
    boolean isOut = vcpu.world().strikes(MapFault.PAGE_IS_OUT, dom, gfn);
    mfn = isOut ? Mfn.NONE : granter.physmap().lookupOwnedAndGet(gfn);
    if (mfn == Mfn.NONE) {
      SharedEntries.reduce(granter, table, ref, 0, readonly());
      return fail(isOut ? MAP_15 : MAP_09, Phase.FREE_HANDLE);
    }
    referenced = true;
    table.active().pinFirst(ref, readonly(), vcpu.domain().id(), mfn);
    return Phase.INSERT;
  }

  /** A further pin: whatever the shared entry says now, the frame is the one that is pinned. */
  private Phase pinAgain(ActiveEntries active) {
    mfn = active.mfn(ref);
    active.increment(ref, readonly());
    return Phase.INSERT;
  }

  /** M5: checks 11 to 13. */
  private Phase insert(Vcpu vcpu) {
    MachineMemory memory = vcpu.world().memory();
    if (!referenced && !memory.get(mfn, granter)) {
      return fail(MAP_11, Phase.UNPIN);
    }
    GrantRule refusal = MapChecks.unknownFlags(flags);
    if (refusal == null) {
      refusal = mapAt(vcpu.domain());
    }
    if (refusal == null) {
      return Phase.PUBLISH;
    }
    memory.put(mfn);
    return fail(refusal, Phase.UNPIN);
  }

  private @Nullable GrantRule mapAt(Domain mapper) {
    EntryType type = readonly() ? EntryType.GRANT_MAP_RO : EntryType.GRANT_MAP_RW;
    return MapChecks.change(mapper.physmap().set(hostAddr >>> MachineMemory.PAGE_SHIFT, mfn, type));
  }

  /** M6. */
  private Phase publish(Vcpu vcpu) {
    GrantTable.of(vcpu.domain()).maptrack().publish(taken, dom, ref, flags);
    handle = taken;
    devBusAddr = mfn << MachineMemory.PAGE_SHIFT;
    rule = MAP_14;
    return Phase.COPY_OUT;
  }

  /** M8 of a failed map. */
  private Phase unpin(Vcpu vcpu) {
    GrantTable.of(granter(vcpu)).unpin(ref, readonly());
    return Phase.FREE_HANDLE;
  }

  /** M9 of a failed map: the handle goes to the end of its list. */
  private Phase freeHandle(Vcpu vcpu) {
    GrantTable.of(vcpu.domain()).maptrack().free(taken);
    return Phase.COPY_OUT;
  }

  /** M7: the whole element. */
  private Phase copyOut(Vcpu vcpu) {
    GrantRule decided = ruleOf(rule);
    byte[] struct = vcpu.world().host().scratch;
    Bytes.setLong(struct, MapLayout.HOST_ADDR, hostAddr);
    Bytes.setInt(struct, MapLayout.FLAGS, flags);
    Bytes.setInt(struct, MapLayout.REF, ref);
    Bytes.setShort(struct, MapLayout.DOM, dom);
    Bytes.setShort(struct, MapLayout.STATUS, decided.result());
    Bytes.setInt(struct, MapLayout.HANDLE, handle);
    Bytes.setLong(struct, MapLayout.DEV_BUS_ADDR, devBusAddr);
    decided(vcpu, decided);
    boolean written = writeElement(vcpu);
    forget();
    if (!written) {
      end(vcpu, MAP_F2);
      return Phase.DONE;
    }
    nextElement();
    return Phase.COPY_IN;
  }

  private Phase fail(GrantRule because, Phase then) {
    rule = because;
    return then;
  }

  private void forget() {
    hostAddr = 0;
    flags = 0;
    ref = 0;
    dom = 0;
    handle = 0;
    devBusAddr = 0;
    granter = 0;
    taken = 0;
    header = 0;
    attempts = 0;
    mfn = 0;
    referenced = false;
    rule = null;
  }

  private boolean readonly() {
    return (flags & MapFlags.READONLY) != 0;
  }

  private Domain granter(Vcpu vcpu) {
    return found(vcpu.world(), granter);
  }

  @Override
  public long hostAddress() {
    return hostAddr;
  }

  @Override
  public int handleInHand() {
    return switch (next) {
      case PIN, CAS, MARK, RECHECK, FRAME, INSERT, PUBLISH, UNPIN, FREE_HANDLE -> taken;
      case COPY_IN, CHECK, TAKE_HANDLE, COPY_OUT, DONE -> Maptrack.NONE;
    };
  }

  @Override
  public void forEachPin(Vcpu vcpu, PinVisitor visitor) {
    if (next == Phase.INSERT || next == Phase.PUBLISH || next == Phase.UNPIN) {
      visitor.pin(granter, ref, readonly(), vcpu.domain().id());
    }
  }

  @Override
  public boolean refersTo(int incarnation) {
    return next != Phase.COPY_IN && next != Phase.CHECK && granter == incarnation;
  }

  @Override
  public long holds(Vcpu vcpu) {
    return next == Phase.CAS || next == Phase.MARK || next == Phase.RECHECK || next == Phase.FRAME ? Lock.entry(granter, ref) : Lock.NONE;
  }

  @Override
  public long needs(Vcpu vcpu) {
    return switch (next) {
      case PIN, CAS, MARK, RECHECK, FRAME, UNPIN -> Lock.entry(granter, ref);
      case COPY_IN, CHECK, TAKE_HANDLE, INSERT, PUBLISH, FREE_HANDLE, COPY_OUT, DONE -> Lock.NONE;
    };
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(next).add(hostAddr).add(flags).add(ref).add(dom).add(handle).add(devBusAddr);
    digest.add(granter).add(taken).add(header).add(attempts).add(mfn).add(referenced).add(rule);
  }
}
