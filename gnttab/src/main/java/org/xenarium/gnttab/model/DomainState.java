package org.xenarium.gnttab.model;

import org.jspecify.annotations.Nullable;

/**
 * A listed domain.
 *
 * @param id its domid
 * @param incarnation tells it from an earlier domain with that id
 * @param alive false of a zombie
 * @param privileged true of a control domain
 * @param mappings its live handles
 * @param pins its grants that are in use, by reference
 * @param reach what it reaches, by guest frame
 */
record DomainState(
    int id, int incarnation, boolean alive, boolean privileged, LongMap<Mapping> mappings, LongMap<Pin> pins, LongMap<Reach> reach) {
  @Nullable Mapping mapping(int handle) {
    return mappings.get(unsigned(handle));
  }

  @Nullable Pin pin(int ref) {
    return pins.get(unsigned(ref));
  }

  DomainState withMapping(int handle, @Nullable Mapping mapping) {
    return new DomainState(id, incarnation, alive, privileged, mappings.with(unsigned(handle), mapping), pins, reach);
  }

  DomainState withPin(int ref, @Nullable Pin pin) {
    return new DomainState(id, incarnation, alive, privileged, mappings, pins.with(unsigned(ref), pin), reach);
  }

  DomainState withReach(long gfn, @Nullable Reach what) {
    return new DomainState(id, incarnation, alive, privileged, mappings, pins, reach.with(gfn, what));
  }

  DomainState withAlive(boolean is) {
    return new DomainState(id, incarnation, is, privileged, mappings, pins, reach);
  }

  /** As a zombie: it holds and reaches nothing, but its grants may be in use. */
  DomainState dead() {
    return new DomainState(id, incarnation, false, privileged, LongMap.empty(), pins, LongMap.empty());
  }

  static long unsigned(int number) {
    return number & 0xffff_ffffL;
  }
}
