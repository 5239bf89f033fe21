package org.xenarium.gnttab.model;

import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.semantics.Difference;

/** Looks, before each step of a call, at what the step may decide the element by: the element itself, its entries, and what others are doing. */
final class Looks {
  private final Ledger ledger;
  private final CallReader reader;
  private final List<Flight> flights;
  private final List<Domain> dying;

  Looks(Ledger ledger, CallReader reader, List<Flight> flights, List<Domain> dying) {
    this.ledger = ledger;
    this.reader = reader;
    this.flights = flights;
    this.dying = dying;
  }

  /** Looks at the element and at its entries before each step that can read them. */
  void look(Flight flight, Vcpu vcpu) {
    if (flight.element != null) {
      lookAgain(flight, vcpu);
    } else if (flight.left > 0) {
      flight.element = reader.element(ledger.state(), flight, vcpu, flights.size());
      if (flight.element != null) {
        flight.imprint = reader.imprint(flight, vcpu);
        glance(flight, flight.element);
        flight.allowed = ledger.allowed(flight.element).or(whileHeld(flight.held, flight.element));
        flight.read = List.of(flight.element);
        flight.seen = isShared(flight) ? Statuses.NONE : flight.allowed;
      }
    }
    if (flight.element != null && isShared(flight)) {
      see(flight, flight.element, vcpu);
    }
  }

  /**
   * Xen lets go of the source of the element before when it claims another one, and of its destination only after that. As all counters of an
   * entry count before V13, the source can find that entry full.
   */
  private Statuses whileHeld(Call.@Nullable Copy held, Call element) {
    if (held == null || !(element instanceof Call.Copy copy) || ledger.world.semantics().has(Difference.ONE_COUNTER_FULL)) {
      return Statuses.NONE;
    }
    Call.Operand dest = held.dest();
    DomainState owner = ledger.state().domain(dest.owner(held.caller()));
    int ref = (int) dest.number();
    Pin pin = owner == null || !dest.byRef() ? null : owner.pin(ref);
    return pin == null || owner == null ? Statuses.NONE : ledger.allowedIn(ledger.state().with(owner.withPin(ref, pin.with(false, 1))), copy);
  }

  /** As {@link #look}, when somebody else has taken a step: if that wrote over the element itself, nobody knows which of the two Xen reads. */
  void lookAfterOthers(Flight flight, Vcpu vcpu) {
    if (flight.element != null) {
      if (flight.imprint != reader.imprint(flight, vcpu)) {
        ledger.lose();
      }
      look(flight, vcpu);
    }
  }

  private boolean isShared(Flight flight) {
    return flight.overlapped || flights.size() + dying.size() > 1;
  }

  /**
   * Others are under way, and the next step may decide the element: by what the machine has now, and by the entry as any step has found it. Once
   * the element has pinned the entry, only a failure can still follow.
   */
  private void see(Flight flight, Call element, Vcpu vcpu) {
    Call now = reader.element(ledger.state(), flight, vcpu, flights.size());
    if (now != null && now.getClass() == element.getClass()) {
      flight.reads(now);
    }
    flight.pinned |= element instanceof Call.Map && CallReader.hasPins(vcpu);
    for (Call read : flight.read) {
      Statuses allowed = ledger.allowedNow(read);
      flight.seen = flight.seen.or(flight.pinned ? allowed.failures() : allowed);
    }
    if (element instanceof Call.Map map && reader.isPartInUse(map)) {
      flight.seen = flight.seen.or(GENERAL_ERROR);
    }
  }

  /** If the granter has stored something else meanwhile, or another call has ended, either may have been what Xen saw. */
  private void lookAgain(Flight flight, Vcpu vcpu) {
    Call element = flight.element;
    if (element == null || element instanceof Call.Swap) {
      return;
    }
    long first = flight.firstSeen;
    long second = flight.secondSeen;
    State known = flight.known;
    glance(flight, element);
    if (first != flight.firstSeen || second != flight.secondSeen || known != flight.known) {
      Call again = reader.element(ledger.state(), flight, vcpu, flights.size());
      flight.stirred |= first != flight.firstSeen || second != flight.secondSeen;
      flight.varied = true;
      flight.everVaried = true;
      if (again != null && again.getClass() == element.getClass()) {
        flight.element = again;
        flight.reads(again);
        for (Call read : flight.read) {
          flight.allowed = flight.allowed.or(ledger.allowed(read));
        }
        flight.seen = isShared(flight) ? flight.seen : flight.allowed;
      }
    }
  }

  private void glance(Flight flight, Call element) {
    flight.known = ledger.state();
    switch (element) {
      case Call.Map map -> flight.firstSeen = reader.glance(map.granter(), map.ref());
      case Call.Copy copy -> {
        flight.firstSeen = glance(copy.caller(), copy.source());
        flight.secondSeen = glance(copy.caller(), copy.dest());
      }
      default -> {}
    }
  }

  private long glance(int caller, Call.Operand operand) {
    return operand.byRef() ? reader.glance(operand.owner(caller), (int) operand.number()) : 0;
  }
}
