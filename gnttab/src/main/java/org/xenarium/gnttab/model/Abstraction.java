package org.xenarium.gnttab.model;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.Pins;

/** What a real machine has, in the model's terms: read from its physmaps, tables, maptracks and frames. */
final class Abstraction {
  private Abstraction() {}

  /** The whole machine. Meaningful only while no hypercall is being executed. */
  static State of(World world) {
    State state = State.EMPTY;
    for (Domain domain : world.domains()) {
      state = with(state, domain);
    }
    return state;
  }

  /** That state and all of one domain. */
  static State with(State state, Domain domain) {
    MachineMemory memory = domain.world().memory();
    Filling<Frame> frames = new Filling<>(state.frames());
    frames(domain, mfn -> frames.put(mfn, frame(memory, mfn)));
    return new State(state.domains(), frames.map).with(domain(domain));
  }

  private static DomainState domain(Domain domain) {
    Filling<Mapping> mappings = new Filling<>(LongMap.empty());
    mappings(domain, handle -> mappings.put(handle, mapping(domain, (int) handle)));
    Filling<Pin> pins = new Filling<>(LongMap.empty());
    pins(domain, ref -> pins.put(ref, pin(domain, (int) ref)));
    Filling<Reach> reach = new Filling<>(LongMap.empty());
    reach(domain, gfn -> reach.put(gfn, reach(domain, gfn)));
    return new DomainState(domain.id(), domain.incarnation(), domain.life() == Life.ALIVE, domain.privileged(), mappings.map, pins.map, reach.map);
  }

  /** A map that grows. */
  private static final class Filling<V> {
    LongMap<V> map;

    Filling(LongMap<V> map) {
      this.map = map;
    }

    void put(long key, @Nullable V value) {
      map = map.with(key, value);
    }
  }

  /** Visits the frames of a domain. */
  static void frames(Domain domain, LongConsumer visitor) {
    MachineMemory memory = domain.world().memory();
    for (long mfn = memory.nextOwned(domain.incarnation(), memory.firstMfn()); mfn != Mfn.NONE; mfn = memory.nextOwned(domain.incarnation(), mfn + 1)) {
      visitor.accept(mfn);
    }
  }

  /** Visits the live handles of a domain. */
  static void mappings(Domain domain, LongConsumer visitor) {
    Maptrack maptrack = GrantTable.of(domain).maptrack();
    for (int handle = maptrack.nextLive(0); handle >= 0; handle = maptrack.nextLive(handle + 1)) {
      visitor.accept(handle);
    }
  }

  /** Visits the references of a domain that are in use. */
  static void pins(Domain domain, LongConsumer visitor) {
    ActiveEntries active = GrantTable.of(domain).active();
    for (long ref = active.nextPinned(0); ref >= 0; ref = active.nextPinned(ref + 1)) {
      visitor.accept(ref);
    }
  }

  /** Visits the guest frames at which a domain reaches something. */
  static void reach(Domain domain, LongConsumer visitor) {
    Physmap physmap = domain.physmap();
    for (long gfn = physmap.next(0); gfn >= 0; gfn = physmap.next(gfn + 1)) {
      visitor.accept(gfn);
    }
  }

  /** What a handle stands for; Xen does not remember where it is mapped. */
  static @Nullable Mapping mapping(Domain domain, int handle) {
    Maptrack maptrack = GrantTable.of(domain).maptrack();
    if (!maptrack.isLive(handle)) {
      return null;
    }
    Domain granter = domain.world().domain(maptrack.domid(handle));
    int ref = maptrack.ref(handle);
    long frame = granter == null ? Mfn.NONE : GrantTable.of(granter).active().mfn(ref);
    return new Mapping(maptrack.domid(handle), ref, frame, (maptrack.flags(handle) & MapFlags.READONLY) != 0, Mapping.SOMEWHERE);
  }

  /** Who holds a grant. */
  static @Nullable Pin pin(Domain domain, int ref) {
    ActiveEntries active = GrantTable.of(domain).active();
    int pin = active.pin(ref);
    return pin == 0 ? null : new Pin(active.domid(ref), active.mfn(ref), Pins.hostReads(pin), Pins.hostWrites(pin));
  }

  /** What a domain reaches at a guest frame. */
  static @Nullable Reach reach(Domain domain, long gfn) {
    long entry = domain.physmap().entry(gfn);
    if (entry == Physmap.HOLE) {
      return null;
    }
    EntryType type = Physmap.type(entry);
    Reach.By by =
        type.isGrant() ? Reach.By.GRANT : type.isForeign() ? Reach.By.FOREIGN : type.isRam() ? Reach.By.OWNERSHIP : Reach.By.DEVICE;
    return new Reach(by, Physmap.mfn(entry), type.writable());
  }

  /** Whose a frame is, and what keeps it; null of a frame that belongs to nobody. */
  static @Nullable Frame frame(MachineMemory memory, long mfn) {
    int owner = memory.owner(mfn);
    boolean allocated = memory.isAllocated(mfn);
    return owner < 0 ? null : new Frame(owner, memory.isXenHeap(mfn), allocated, (int) memory.references(mfn) - (allocated ? 1 : 0));
  }
}
