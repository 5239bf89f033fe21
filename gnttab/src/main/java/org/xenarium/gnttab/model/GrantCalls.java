package org.xenarium.gnttab.model;

import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;

/** Follows the elements of map, unmap, copy and swap calls: reads what they ask, judges what they are answered, and puts it into the ledger. */
final class GrantCalls {
  private final Ledger ledger;
  private final CallReader reader;
  private final List<Flight> flights;
  private final Looks looks;
  private final Told told = new Told();

  /** The flight that {@link #told} is about. */
  private @Nullable Flight teller;

  GrantCalls(Ledger ledger, List<Flight> flights, List<Domain> dying) {
    this.ledger = ledger;
    this.flights = flights;
    reader = new CallReader(ledger.world);
    looks = new Looks(ledger, reader, flights, dying);
  }

  // Before a step.

  /** Looks at the element and at its entries before each step that can read them. */
  void look(Flight flight, Vcpu vcpu) {
    boolean begins = flight.element == null;
    looks.look(flight, vcpu);
    if (begins && flight.element != null) {
      meet(flight, flight.element);
    }
  }

  /** As {@link #look}, when somebody else has taken a step. An element that was not begun is looked at when it is. */
  void lookAfterOthers(Flight flight, Vcpu vcpu) {
    looks.lookAfterOthers(flight, vcpu);
  }

  // After a step.

  /** The element has been answered. */
  void elementEnds(Flight flight, Vcpu vcpu, int decided) {
    if (flight.element != null) {
      judge(flight, flight.element, reader.answer(flight, vcpu, decided));
    }
    flight.nextElement();
  }

  /** The call ended with an errno in the middle of an element: whether it took effect shows in the machine alone. */
  void unanswered(Flight flight, Domain caller) {
    Call element = flight.element;
    if (element instanceof Call.Map map && flight.allowed.has(OKAY)) {
      int handle = unknownHandle(caller, map);
      if (handle != Maptrack.NONE) {
        judge(flight, map, new Answer(OKAY, handle, ReferenceModel.frameOf(ledger.state(), map)));
      }
    } else if (element instanceof Call.Unmap unmap && ledger.state().known(caller.id()).mapping(unmap.handle()) != null) {
      if (Abstraction.mapping(caller, unmap.handle()) == null) {
        judge(flight, unmap, Answer.DONE);
      }
    }
    teller = null;
  }

  private int unknownHandle(Domain caller, Call.Map map) {
    Maptrack maptrack = GrantTable.of(caller).maptrack();
    for (int handle = 0; handle < maptrack.limit(); handle++) {
      boolean fits = maptrack.isLive(handle) && maptrack.domid(handle) == map.granter() && maptrack.ref(handle) == map.ref();
      if (fits && ledger.state().known(caller.id()).mapping(handle) == null) {
        return handle;
      }
    }
    return Maptrack.NONE;
  }

  private void judge(Flight flight, Call call, Answer answer) {
    boolean fails = !answer.isOkay();
    Statuses possible = flight.overlapped ? flight.seen : flight.allowed;
    boolean unknown = flight.spoilt || ledger.isLost();
    boolean mayFail = fails && (mayFail(flight) || !ledger.world.faults().isEmpty());
    if (!possible.has(answer.status()) && !unknown && !mayFail && !isHeld(flight, call)) {
      ledger.differs("domains/" + flight.domid + "/vcpus/" + flight.vcpu + "/answer", possible, GntStatus.name(answer.status()));
    }
    Statuses allowed = flight.allowed;
    switch (call) {
      case Call.Map map -> mapEnds(flight, map, answer, allowed.told());
      case Call.Unmap unmap -> unmapEnds(flight, unmap, answer);
      case Call.Copy copy -> copyEnds(flight, copy, answer);
      default -> {
        ledger.apply(call, answer);
        if (call instanceof Call.Swap swap && answer.isOkay()) {
          told.swap(swap.caller(), swap.a(), swap.b());
        }
      }
    }
  }

  /** Where calls overlap one failure is as good as another. */
  private static boolean mayFail(Flight flight) {
    return flight.overlapped ? flight.stirred || !flight.seen.failures().isEmpty() : flight.isOpen();
  }

  /** What the element before has claimed, Xen does not look at again, whatever is stored meanwhile (spec §3.5.1). */
  private static boolean isHeld(Flight flight, Call call) {
    Call.Copy held = flight.held;
    return held != null
        && call instanceof Call.Copy copy
        && (isStale(flight, held.source(), copy.source())
            || isStale(flight, held.source(), copy.dest())
            || isStale(flight, held.dest(), copy.source())
            || isStale(flight, held.dest(), copy.dest()));
  }

  /** Is what was claimed asked for again, and could it look different now? */
  private static boolean isStale(Flight flight, Call.Operand claimed, Call.Operand again) {
    boolean same = claimed.byRef() == again.byRef() && claimed.domid() == again.domid() && claimed.number() == again.number();
    return same && (flight.overlapped || flight.everVaried || claimed.entry() != null && !claimed.entry().says(again.entry()));
  }

  private void mapEnds(Flight flight, Call.Map map, Answer answer, boolean asked) {
    State state = ledger.state();
    DomainState granter = state.domain(map.granter());
    Pin before = granter == null ? null : granter.pin(map.ref());
    if (answer.isOkay()) {
      if (granter == null) {
        ledger.lose();
        return;
      }
      handleIsFresh(flight, answer.handle());
      if (before != null && before.holder() != flight.domid) {
        letsGo(before.holder(), map);
      }
      Frame frame = state.frame(answer.frame());
      boolean right = flight.isOpen() ? frame == null || frame.owner() == granter.incarnation() : answer.frame() == ReferenceModel.frameOf(state, map);
      if (!right && !ledger.isLost()) {
        String wanted = flight.isOpen() ? "a frame of domain " + map.granter() : "0x" + Long.toHexString(ReferenceModel.frameOf(state, map));
        ledger.differs("domains/" + flight.domid + "/vcpus/" + flight.vcpu + "/answer/frame", wanted, "0x" + Long.toHexString(answer.frame()));
      }
    }
    ledger.apply(map, answer);
    boolean begins = asked && (answer.isOkay() || answer.status() == GENERAL_ERROR || answer.status() == BAD_PAGE);
    if (begins && flight == teller) {
      told.begins(map.granter(), map.ref(), map.readonly());
      if (!answer.isOkay()) {
        told.ends(map.granter(), map.ref(), map.readonly(), before);
      }
    }
  }

  /** One domain at a time has an entry in use: if another one can map it, a domain that dies has let go of it, before its death is at its end. */
  private void letsGo(int holder, Call.Map map) {
    Domain domain = ledger.world.domain(holder);
    if (domain != null && domain.life() == Life.ALIVE) {
      return;
    }
    ledger.state().known(holder).mappings().forEach((handle, mapping) -> {
      if (mapping.granter() == map.granter() && mapping.ref() == map.ref()) {
        // Any address in its page that is not 0, which stands for none.
        long within = (mapping.gfn() << MachineMemory.PAGE_SHIFT) + Long.BYTES;
        ledger.apply(new Call.Unmap(holder, (int) (long) handle, within, 0, true, false), Answer.DONE);
      }
    });
  }

  /** A handle is not given out twice. It may be given out again before the call that freed it has said so (spec §8.3, R11). */
  private void handleIsFresh(Flight flight, int handle) {
    Mapping live = ledger.state().known(flight.domid).mapping(handle);
    for (Flight other : flights) {
      boolean frees = other != flight && other.domid == flight.domid && other.element instanceof Call.Unmap unmap && unmap.handle() == handle;
      if (live != null && frees && !other.ahead && other.element != null) {
        ledger.because(other);
        ledger.apply(other.element, Answer.DONE);
        ledger.because(flight);
        other.ahead = true;
        return;
      }
    }
    Domain domain = ledger.world.domain(flight.domid);
    int most = domain == null ? 0 : GrantTable.of(domain).maptrack().maxFrames() * Maptrack.PER_FRAME;
    String path = "domains/" + flight.domid + "/handles/" + Integer.toUnsignedString(handle);
    if (live != null && !ledger.isLost()) {
      ledger.differs(path, live, "given out again");
    } else if (Integer.compareUnsigned(handle, most) >= 0 && !ledger.isLost()) {
      ledger.differs(path, "a handle below " + most, Integer.toUnsignedString(handle));
    }
  }

  private void unmapEnds(Flight flight, Call.Unmap unmap, Answer answer) {
    if (flight.ahead) {
      return;
    }
    Mapping mapping = ledger.state().known(flight.domid).mapping(unmap.handle());
    if (answer.isOkay() && unmap.address() != 0 && mapping == null) {
      ledger.lose();
      return;
    }
    ledger.apply(unmap, answer);
    if (answer.isOkay() && unmap.address() != 0 && mapping != null && flight == teller) {
      DomainState granter = ledger.state().domain(mapping.granter());
      told.ends(mapping.granter(), mapping.ref(), mapping.readonly(), granter == null ? null : granter.pin(mapping.ref()));
    }
  }

  private void copyEnds(Flight flight, Call.Copy copy, Answer answer) {
    ledger.apply(copy, answer);
    // What is held from before the entry changed, the elements after this one hold, too.
    flight.everVaried |= answer.isOkay() && isHeld(flight, copy);
    if (!answer.isOkay() || copy.length() > 0) {
      flight.held = answer.isOkay() ? copy : null;
    }
    if (flight == teller && copy.length() > 0) {
      copied(copy, copy.source(), true, answer);
      copied(copy, copy.dest(), false, answer);
    } else if (flight == teller) {
      forget(copy, copy.source());
      forget(copy, copy.dest());
    }
    // A copy into a frame of Xen's can change entries that the batch goes on to use.
    if (answer.isOkay() && copy.length() > 0 && mayWriteLent(flight)) {
      flight.spoilt = true;
      teller = null;
    }
  }

  /** By the entry as any step has found it: the copy may have written over that, too. */
  private boolean mayWriteLent(Flight flight) {
    for (Call read : flight.read) {
      if (read instanceof Call.Copy copy && isLent(destination(copy))) {
        return true;
      }
    }
    return false;
  }

  private long destination(Call.Copy copy) {
    State state = ledger.state();
    Call.Operand dest = copy.dest();
    DomainState owner = ReferenceModel.named(state, state.known(copy.caller()), dest);
    if (owner == null) {
      return -1;
    }
    Pin pin = dest.byRef() ? owner.pin((int) dest.number()) : null;
    Entry entry = dest.entry();
    return pin != null ? pin.frame() : state.ownPage(owner, dest.byRef() && entry != null ? entry.frame() : dest.number());
  }

  private boolean isLent(long mfn) {
    Frame frame = ledger.state().frame(mfn);
    return frame != null && frame.lent();
  }

  private void copied(Call.Copy copy, Call.Operand operand, boolean readonly, Answer answer) {
    int ref = (int) operand.number();
    int granter = operand.owner(copy.caller());
    DomainState owner = ledger.state().domain(granter);
    if (!operand.byRef() || owner == null) {
      return;
    }
    if (!answer.isOkay() || operand.entry() == null || operand.entry().isPart()) {
      told.forget(granter, ref);
      return;
    }
    Pin pin = owner.pin(ref);
    if (ReferenceModel.asksEntry(pin, readonly)) {
      told.begins(granter, ref, readonly);
    }
    told.ends(granter, ref, readonly, pin);
  }

  private void forget(Call.Copy copy, Call.Operand operand) {
    if (operand.byRef()) {
      told.forget(operand.owner(copy.caller()), (int) operand.number());
    }
  }

  // What granters are told.

  /** Somebody else does something: it may be a store to an entry, so what the call tells cannot be followed any more. */
  void disturbed() {
    teller = null;
  }

  /** A call begins; what it tells is followed if nothing else goes on. */
  void callBegins(Flight flight, Vcpu vcpu) {
    told.clear();
    DomainState caller = ledger.state().known(flight.domid);
    long lastByte = flight.address + (long) flight.left * Flight.elementSize(flight.operation) - 1;
    flight.spoilt = isLentAt(caller, flight.address) || isLentAt(caller, lastByte);
    teller = flights.size() == 1 && Flight.elementSize(flight.operation) > 0 && !flight.spoilt ? flight : null;
  }

  private boolean isLentAt(DomainState caller, long address) {
    Reach at = caller.reach().get(address >>> MachineMemory.PAGE_SHIFT);
    return at != null && isLent(at.frame());
  }

  private void meet(Flight flight, Call element) {
    if (flight != teller) {
      return;
    }
    switch (element) {
      case Call.Map map -> meet(map.granter(), map.ref(), map.entry());
      case Call.Unmap unmap -> {
        Mapping mapping = ledger.state().known(unmap.caller()).mapping(unmap.handle());
        if (mapping != null) {
          meet(mapping.granter(), mapping.ref(), reader.entry(mapping.granter(), mapping.ref()));
        }
      }
      case Call.Copy copy -> {
        boolean passesOn = flight.held != null && flight.held.passesOn();
        meet(copy.caller(), copy.source(), passesOn);
        meet(copy.caller(), copy.dest(), passesOn);
      }
      case Call.Swap swap -> {
        meet(swap.caller(), swap.a(), reader.entry(swap.caller(), swap.a()));
        meet(swap.caller(), swap.b(), reader.entry(swap.caller(), swap.b()));
      }
      default -> {}
    }
  }

  /** The entry to which a held one passes on is told in use until Xen lets go of both, which may be before this element's turn (spec §3.5.1). */
  private void meet(int caller, Call.Operand operand, boolean passesOn) {
    Entry entry = operand.entry();
    if (entry != null) {
      told.meets(operand.owner(caller), (int) operand.number(), passesOn ? Told.UNKNOWN : entry.told());
    }
  }

  private void meet(int granter, int ref, @Nullable Entry entry) {
    if (entry != null) {
      told.meets(granter, ref, entry.told());
    }
  }

  /** The call is over: its entries must say what follows from what they said and from what it did. */
  void callEnds(Flight flight) {
    if (flight != teller || flight.isOpen() || !ledger.world.faults().isEmpty() || ledger.isLost()) {
      teller = null;
      return;
    }
    teller = null;
    for (int i = 0; i < told.count(); i++) {
      Entry entry = reader.entry(told.granter(i), told.ref(i));
      if (entry != null && told.bits(i) >= 0 && entry.told() != told.bits(i)) {
        String path = "domains/" + told.granter(i) + "/grants/" + Integer.toUnsignedString(told.ref(i)) + "/told";
        ledger.differs(path, use(told.bits(i)), use(entry.told()));
      }
    }
  }

  private static String use(int bits) {
    boolean reading = (bits & GrantFlags.READING) != 0;
    boolean writing = (bits & GrantFlags.WRITING) != 0;
    return reading && writing ? "reading and writing" : reading ? "reading" : writing ? "writing" : "not in use";
  }
}
