package org.xenarium.gnttab.model;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.World;

/**
 * What a call finds while others are under way. What those have done so far is in no state of the model, so whatever the answer depends on is
 * taken from the machine; what follows from it is the model's to say.
 */
final class Sight {
  private final World world;

  Sight(World world) {
    this.world = world;
  }

  /**
   * That state, in which all that the answer depends on is as the machine has it now; null if the model does not know who is asked,
   * and of copies: their two ends are decided one after the other, and each may be held from the element before.
   */
  @Nullable State of(State state, Call call) {
    return switch (call) {
      case Call.Map map -> knows(state, map.caller()) && knows(state, map.granter()) ? map(state, map) : null;
      case Call.Unmap unmap -> knows(state, unmap.caller()) ? unmap(state, unmap) : null;
      case Call.Swap swap -> knows(state, swap.caller()) ? pin(pin(state, swap.caller(), swap.a()), swap.caller(), swap.b()) : null;
      default -> null;
    };
  }

  private boolean knows(State state, int id) {
    Domain domain = world.domain(id);
    DomainState known = state.domain(id);
    return domain == null || known != null && known.incarnation() == domain.incarnation();
  }

  private State map(State state, Call.Map map) {
    State pinned = pin(life(life(state, map.caller()), map.granter()), map.granter(), map.ref());
    DomainState granter = pinned.domain(map.granter());
    if (granter == null || map.entry() == null) {
      return pinned;
    }
    Pin pin = granter.pin(map.ref());
    State kept = pin == null ? pinned : frame(pinned, pin.frame());
    return reach(kept, map.granter(), map.entry().frame());
  }

  private State unmap(State state, Call.Unmap unmap) {
    State found = reach(life(state, unmap.caller()), unmap.caller(), unmap.gfn());
    Mapping mapping = Abstraction.mapping(listed(unmap.caller()), unmap.handle());
    return found.with(found.known(unmap.caller()).withMapping(unmap.handle(), mapping));
  }

  /** Is the domain there, and does it live? */
  private State life(State state, int id) {
    DomainState known = state.domain(id);
    Domain domain = world.domain(id);
    if (known == null) {
      return state;
    }
    return domain == null ? state.without(known) : state.with(known.withAlive(domain.life() == Life.ALIVE));
  }

  private State pin(State state, int id, int ref) {
    DomainState known = state.domain(id);
    return known == null ? state : state.with(known.withPin(ref, Abstraction.pin(listed(id), ref)));
  }

  /** What is at a guest frame, and what keeps it. */
  private State reach(State state, int id, long gfn) {
    Reach reach = Abstraction.reach(listed(id), gfn);
    State at = state.with(state.known(id).withReach(gfn, reach));
    return reach == null ? at : frame(at, reach.frame());
  }

  private State frame(State state, long mfn) {
    return world.memory().isValid(mfn) ? state.with(mfn, Abstraction.frame(world.memory(), mfn)) : state;
  }

  private Domain listed(int id) {
    Domain domain = world.domain(id);
    if (domain == null) {
      throw new IllegalStateException("domain " + id + " is not listed");
    }
    return domain;
  }
}
